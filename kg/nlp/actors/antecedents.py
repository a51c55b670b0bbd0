"""Whom pronouns and definite descriptions stand for: "it", "they", "the ministry", "the two men"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kg.nlp import syntax
from kg.nlp.actors.cast import COLLECTIVE, Mention, noun_lemmas
from kg.nlp.actors.lexicon import actor_words
from kg.nlp.actors.names import Name
from kg.nlp.actors.source import (
    DEFINITE,
    FAR,
    FEMININE,
    GENERIC,
    MASCULINE,
    NEUTER,
    PLURAL,
    REACH,
    Resolved,
    Speaker,
    Words,
    span_of,
    speaker_of,
)
from kg.types import ActorKind, Resolution, Source


def pronoun(w: Words) -> Resolved | None:
    """Whom "he", "she", "it" or "they" stands for; None if nobody before it fits."""
    word = w.doc[w.head].lower_

    def fits(m: Mention) -> bool:
        return _fits(word, m.kind, m.gender, m.plural)

    best = _best(w, fits, speakers_too=True)
    if isinstance(best, Mention) and best.kind in COLLECTIVE and _bare(w, best):
        described = replace(w, start=best.start, end=best.end, head=best.head, at=best.start)
        known = nominal(described, best.kind or ActorKind.ORGANIZATION)
        if known is not None:
            return replace(known, source=replace(known.source, span=w.span(), resolution=Resolution.PRONOUN))
    return _standing_for(w, best, Resolution.PRONOUN) if best is not None else None


def _fits(word: str, kind: ActorKind | None, gender: str | None, plural: bool) -> bool:
    person = kind in (ActorKind.PERSON, ActorKind.UNNAMED_PERSON)
    if word in MASCULINE:
        return person and gender != "f"
    if word in FEMININE:
        return person and gender != "m"
    if word in NEUTER:
        return kind in COLLECTIVE and not plural
    if word in PLURAL:
        return plural or kind in (ActorKind.UNNAMED_GROUP, ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP)
    return False


def nominal(w: Words, kind: ActorKind) -> Resolved | None:
    """Whom a definite description ("the ministry", "the two men") stands for; None if it speaks for itself."""
    head = w.doc[w.head]
    lemma = noun_lemmas(head)[0]
    plural = head.tag_ in ("NNS", "NNPS")
    described = {t.lower_ for t in w.doc[w.start + 1 : w.head] if t.pos_ in ("ADJ", "NOUN", "PROPN")}
    if kind is ActorKind.UNNAMED_GROUP and plural and lemma in actor_words().organizations:
        return _pair(w, ActorKind.ORGANIZATION)
    if plural and lemma in ("man", "woman", "candidate", "leader"):
        return _pair(w, ActorKind.PERSON)
    if plural or w.head - w.start > 4 or _own_description(w):
        return None

    def fits(m: Mention) -> bool:
        if not _same_sort(w, m, lemma, kind):
            return False
        return not described or (m.entity is not None and _carries(w.cast.entities[m.entity].words, described))

    best = _best(w, fits, head=lemma)
    return _standing_for(w, best, Resolution.NOMINAL) if best is not None else None


def _own_description(w: Words) -> bool:
    """True if the phrase tells by itself who is meant: "the head of the union", "the prefectural government"."""
    head = w.doc[w.head]
    if any(p == "of" for p, _ in syntax.obliques(head)):
        return True
    described = {t.lower_ for t in w.doc[w.start + 1 : w.head] if t.pos_ in ("ADJ", "NOUN", "PROPN")}
    return bool(described) and not any(
        _carries(e.words, described | {head.lower_}) for e in w.cast.entities if len(e.words) > 1
    )


def _carries(known: frozenset[str], described: set[str]) -> bool:
    """True if a name holds every word of a description, or a kindred one: "the weather agency"."""
    kin = actor_words().kin
    return all(word in known or kin.get(word, frozenset()) & known for word in described)


def _has_name(w: Words, m: Mention) -> bool:
    """True for "the envoy, Arkady Vetrov": the name beside the phrase is the better antecedent."""
    return any(n.kind is ActorKind.PERSON for n in w.cast.within(m.start - 5, m.end + 2) if n.entity is not None)


def _bare(w: Words, m: Mention) -> bool:
    """True for "the company": a phrase that itself stands for something named elsewhere."""
    return m.entity is None and m.end - m.start <= 2 and w.doc[m.start].lower_ in DEFINITE


def _owned(w: Words, m: Mention) -> bool:
    """True for "the state's own ...": a phrase that is part of a longer one."""
    return m.entity is None and any(t.lower_ in ("'s", "’s") for t in w.doc[m.start : min(m.end + 1, len(w.doc))])


def _same_sort(w: Words, m: Mention, lemma: str, kind: ActorKind) -> bool:
    words = actor_words()
    if _bare(w, m):
        return False
    if kind is ActorKind.ORGANIZATION or kind is ActorKind.UNNAMED_GROUP:
        if m.kind not in COLLECTIVE or m.kind is ActorKind.DOCUMENT or _owned(w, m):
            return False
        if _head_match(w, m, lemma) or lemma in GENERIC:
            return m.kind is not ActorKind.STATE or lemma not in GENERIC
        if lemma in words.companies:
            known = w.cast.entities[m.entity].words if m.entity is not None else {m.lemma}
            public = known & (words.organizations - words.companies - {"group", "bank"})
            return m.kind is ActorKind.ORGANIZATION and (bool(known & words.suffixes) or not public)
        return lemma in words.outlets and m.kind is ActorKind.ORGANIZATION
    if kind is ActorKind.UNNAMED_PERSON:
        gender = "m" if lemma in words.male else "f" if lemma in words.female else None
        if m.kind is not ActorKind.PERSON or (gender and m.gender and gender != m.gender):
            return False
        if lemma in ("man", "woman", "boy", "girl") or _head_match(w, m, lemma):
            return True
        return any(_head_match(w, m, other) for other in words.kin.get(lemma, frozenset()))
    return False


def _head_match(w: Words, m: Mention, lemma: str) -> bool:
    """True if the mention's name, title or phrase carries the noun: "the ministry" for "Russian Defence Ministry"."""
    if m.lemma == lemma:
        return True
    if m.entity is None:
        return False
    entity = w.cast.entities[m.entity]
    if lemma in entity.words or {"center": "centre", "centre": "center"}.get(lemma) in entity.words:
        return True
    return any((n.title and lemma in n.title.lower().split()) or _apposed(w, n, lemma) for n in entity.names)


def _apposed(w: Words, name: Name, lemma: str) -> bool:
    """True for "Jim Andrews, a meteorologist with ..." and the noun "meteorologist"."""
    if name.end + 1 >= len(w.doc) or w.doc[name.end].text != ",":
        return False
    for token in w.doc[name.end + 1 : name.end + 9]:
        if token.is_punct or token.pos_ in ("VERB", "AUX"):
            return False
        if token.lower_ == lemma:
            return True
    return False


def _best(
    w: Words, fits: Callable[[Mention], bool], *, head: str | None = None, speakers_too: bool = False
) -> Mention | Speaker | None:
    """The likeliest antecedent: near, a subject, a recent speaker, of the wanted sort."""
    here, paragraph = w.cast.layout.sentence(w.at), w.cast.layout.paragraph(w.at)
    options: list[tuple[float, int, Mention | Speaker]] = []
    for m in w.cast.before(w.at):
        away = here - w.cast.layout.sentence(m.start)
        if away > REACH and (head is None or len(options) > 20 or away > FAR):
            break
        if m.end <= w.at and fits(m) and not (m.start <= w.head < m.end):
            points = -min(away, REACH) + 1.5 * m.subject + (1.0 if m.entity is not None else 0.0)
            points += 4.0 if head is not None and _head_match(w, m, head) else 0.0
            points -= 4.0 if head is None and m.start in w.cast.quoted and w.at not in w.cast.quoted else 0.0
            unnamed = m.kind is ActorKind.UNNAMED_PERSON and m.subject and not _has_name(w, m)
            near = m.kind is ActorKind.PERSON or unnamed
            beside = near and w.cast.layout.paragraph(m.start) == paragraph
            points += 1.5 if head is None and beside else 0.0
            options.append((points, m.start, m))
    for back, s in enumerate(reversed(w.speakers[-4:])):
        as_mention = Mention(s.token, s.token + 1, s.token, s.entity, s.kind, s.gender, s.plural, True, "")
        if fits(as_mention) and (speakers_too or head is not None):
            away = here - w.cast.layout.sentence(s.token)
            points = -min(away, REACH) + 3.0 - back
            options.append((points, s.token, s))
    return max(options, key=lambda o: (o[0], o[1]))[2] if options else None


def _standing_for(w: Words, best: Mention | Speaker, how: Resolution) -> Resolved:
    if isinstance(best, Speaker):
        s = best.source
        where = s.antecedent or s.span
        return Resolved(
            Source(s.name, s.kind, w.span(), how, where, s.role, s.affiliation), best.entity, best.gender, best.plural
        )
    if best.entity is not None:
        entity = w.cast.entities[best.entity]
        full = next((n for n in entity.names if n.text == entity.name), entity.names[0])
        kind = entity.kind or ActorKind.ORGANIZATION
        return Resolved(
            Source(entity.name, kind, w.span(), how, span_of(w.doc, full.start, full.end)),
            best.entity,
            entity.gender,
            best.plural,
        )
    if best.kind is ActorKind.DOCUMENT:
        author = speaker_of(w, best.start)
        if author is not None:
            return _standing_for(w, author, how)
    start, end = best.start, best.end
    while start < end - 1 and w.doc[start].lower_ in ("the", "its", "their", "this"):
        start += 1
    kind = best.kind or ActorKind.UNNAMED_PERSON
    text = w.doc[start:end].text
    return Resolved(
        Source(text, kind, w.span(), how, span_of(w.doc, best.start, best.end)), None, best.gender, best.plural
    )


def _pair(w: Words, kind: ActorKind) -> Resolved | None:
    """ "the companies", "the two men": a coordination just before, or the last two different ones."""
    found: list[Mention] = []
    for m in w.cast.before(w.at):
        if w.cast.layout.sentence(w.at) - w.cast.layout.sentence(m.start) > 3 or len(found) == 2:
            break
        if m.kind is kind and m.entity is not None and all(m.entity != f.entity for f in found):
            found.append(m)
    if len(found) < 2:
        return None
    first, last = sorted(found, key=lambda m: m.start)
    names = [w.cast.entities[m.entity].name for m in (first, last) if m.entity is not None]
    source = Source(
        " and ".join(names),
        ActorKind.UNNAMED_GROUP,
        w.span(),
        Resolution.NOMINAL,
        span_of(w.doc, first.start, last.end),
    )
    return Resolved(source, None, None, True)
