"""From the words of a source to who that is: names, short names, acronyms, pronouns, descriptions, documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.nlp import syntax
from kg.nlp.actors.cast import COLLECTIVE, Cast, Mention, nominal_kind, noun_lemmas
from kg.nlp.actors.lexicon import actor_words
from kg.types import ActorKind, Resolution, Source, Span

MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves", "both", "all"})
FIRST = frozenset({"i", "we", "me", "us", "my", "our", "myself", "ourselves"})
PRONOUNS = MASCULINE | FEMININE | NEUTER | PLURAL | FIRST | {"who", "which", "that"}
DEFINITE = frozenset({"the", "this", "that", "these", "those", "both", "its", "their", "his", "her"})
GENERIC = frozenset(
    {"group", "body", "organization", "organisation", "agency", "institution", "outlet", "side", "source"}
)
REACH = 12  # sentences back beyond which distance counts no further


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who spoke earlier in the article: what later pronouns and quotations fall back on."""

    source: Source
    entity: int | None
    kind: ActorKind
    gender: str | None
    plural: bool
    token: int  # where the statement stands


@dataclass(frozen=True, slots=True)
class Resolved:
    """A source with what the next resolutions need to know of it."""

    source: Source
    entity: int | None
    gender: str | None
    plural: bool


def span_of(doc: Doc, start: int, end: int) -> Span:
    """Code points of the token range [start, end)."""
    return Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))


def resolve(
    doc: Doc, cast: Cast, start: int, end: int, head: int, speakers: Sequence[Speaker] = (), at: int | None = None
) -> Resolved:
    """Who the noun phrase [start, end) headed by token `head` is.

    `speakers`: who spoke before, in text order; `at`: token from which to look back (default: `start`).
    """
    at = start if at is None else at
    words = _Words(doc, cast, start, end, head, speakers, at)
    if end - start == 1 and doc[head].lower_ in PRONOUNS and doc[head].text != "US":
        return _pronoun(words)
    named = _named(words)
    if named is not None:
        return named
    kind = nominal_kind(doc[head])
    if kind is ActorKind.DOCUMENT:
        return _document(words)
    if doc[start].lower_ in DEFINITE and kind is not None:
        found = _nominal(words, kind)
        if found is not None:
            return found
    return _description(words, kind)


@dataclass(frozen=True, slots=True)
class _Words:
    doc: Doc
    cast: Cast
    start: int
    end: int
    head: int
    speakers: Sequence[Speaker]
    at: int

    def span(self) -> Span:
        return span_of(self.doc, self.start, self.end)


# -- names ---------------------------------------------------------------------------------------


def _named(w: _Words) -> Resolved | None:
    core = [m for m in w.cast.within(w.start, w.end) if m.entity is not None and m.end <= w.end]
    if _coordination(w, core):
        return None
    persons = [m for m in core if m.kind is ActorKind.PERSON and _is_head_name(w, m)]
    if persons:
        return _as_name(w, persons[-1] if persons[-1].head == w.head else persons[0])
    for m in core:
        if (
            m.kind is None
            and w.doc[m.head].head.i == w.head
            and syntax.relation(w.doc[m.head]) == "appos"
            and _person_noun(w)
        ):
            return _as_name(w, replace(m, kind=ActorKind.PERSON))
        if m.start <= w.head < m.end or (m.kind in COLLECTIVE and m.start > w.start and _is_head_name(w, m)):
            return _as_name(w, m)
    return None


def _person_noun(w: _Words) -> bool:
    return nominal_kind(w.doc[w.head]) is ActorKind.UNNAMED_PERSON


def _coordination(w: _Words, core: Sequence[Mention]) -> bool:
    """True if the phrase joins several actors: "the U.S. Air Force and the Japan Coast Guard"."""
    joined = [t for t in syntax.coordinated(w.doc[w.head]) if w.start <= t.i < w.end and t.i != w.head]
    person = next((m for m in core if m.kind is ActorKind.PERSON and m.start <= w.head < m.end), None)
    if (
        person is not None
        and person.end + 1 < w.end
        and w.doc[person.end].text == ","
        and w.doc[person.end + 1].pos_ in ("DET", "ADJ", "NOUN")
    ):
        return False
    inside = {i for m in core for i in range(m.start, m.end)} if any(m.start <= w.head < m.end for m in core) else set()
    return any(t.i not in inside and t.pos_ in ("NOUN", "PROPN") for t in joined)


def _is_head_name(w: _Words, m: Mention) -> bool:
    """True if the name is what the phrase names, not a part of its description ("a Reuters reporter")."""
    if m.start <= w.head < m.end:
        return True
    after = w.doc[m.end] if m.end < w.end else None
    if after is not None and not (
        after.text in ",(–—;" or after.pos_ in ("ADP", "VERB", "SCONJ") or after.tag_ in ("WP", "WDT")
    ):
        return False
    before = m.start - 1
    honorifics = actor_words().honorifics
    while before >= w.start and w.doc[before].lower_.rstrip(".") in honorifics:
        before -= 1
    if before < w.start:
        return True
    token = w.doc[before]
    return not (
        token.pos_ in ("ADP", "PART", "CCONJ", "VERB", "DET")
        or token.lower_ in ("the", "with", "of", "for", "to", "as", "by")
    )


def _as_name(w: _Words, m: Mention) -> Resolved:
    assert m.entity is not None  # noqa: S101 - callers pass named mentions only
    entity = w.cast.entities[m.entity]
    printed = w.doc[m.start : m.end].text
    if printed == entity.name:
        how = Resolution.NAME
    elif len(printed.split()) == 1 and printed.isupper() and len(entity.name.split()) > 1:
        how = Resolution.ACRONYM
    else:
        how = Resolution.SHORT_NAME
    kind = entity.kind or (ActorKind.PERSON if w.doc[m.head].lower_ in ("he", "she") else ActorKind.ORGANIZATION)
    name = entity.name
    if entity.kind is None and m.kind is ActorKind.PERSON:
        kind = ActorKind.PERSON
    elif entity.kind is None:
        name, kind = _capital(name)
    antecedent = next((n for n in entity.names if n.text == entity.name), None)
    where = span_of(w.doc, antecedent.start, antecedent.end) if antecedent and how is not Resolution.NAME else None
    role, affiliation = _role(w, m)
    source = Source(name, kind, w.span(), how, where, role, affiliation)
    return Resolved(source, m.entity, entity.gender, m.plural)


def _capital(name: str) -> tuple[str, ActorKind]:
    """ "Beijing said": the state for its capital; any other place speaks under its own name."""
    state = actor_words().capitals.get(name)
    return (state, ActorKind.STATE) if state else (name, ActorKind.ORGANIZATION)


def _role(w: _Words, m: Mention) -> tuple[str | None, str | None]:
    """Role and affiliation of a person as printed in the phrase around the name."""
    if m.kind is not ActorKind.PERSON:
        return None, None
    before = w.doc[w.start : m.start].text.strip(" ,") if m.start > w.start else ""
    after = w.doc[m.end : w.end].text.strip(" ,") if m.end < w.end else ""
    role = after if len(after) > len(before) and not after.startswith(("who ", "which ", "(")) else before
    belongs = next((w.cast.entities[o.entity].name for o in w.cast.within(w.start, w.end)
                    if o.entity is not None and o.kind in COLLECTIVE and o.start != m.start), None)  # fmt: skip
    return role or None, belongs


# -- descriptions --------------------------------------------------------------------------------


def _description(w: _Words, kind: ActorKind | None) -> Resolved:
    head = w.doc[w.head]
    plural = head.tag_ in ("NNS", "NNPS") or len(syntax.coordinated(head)) > 1
    kind = _described_kind(head, kind, plural)
    affiliation = next((w.cast.entities[m.entity].name for m in w.cast.within(w.start, w.end)
                        if m.entity is not None and m.kind in COLLECTIVE), None)  # fmt: skip
    source = Source(_plain_phrase(w), kind, w.span(), Resolution.DESCRIPTION, None, None, affiliation)
    words = actor_words()
    lemma = noun_lemmas(head)[0]
    gender = "m" if lemma in words.male else "f" if lemma in words.female else None
    return Resolved(source, None, gender, plural)


def _described_kind(head: Token, kind: ActorKind | None, plural: bool) -> ActorKind:
    """What sort of actor words speak of that are no known name."""
    if head.pos_ == "PROPN" and head.text[:1].isupper() and (kind is None or kind is ActorKind.UNNAMED_PERSON):
        return ActorKind.PERSON if head.ent_type_ == "PERSON" else ActorKind.ORGANIZATION
    if kind is not None:
        return kind
    if plural or head.pos_ == "NUM" or head.lower_ in ("percent", "%") or len(syntax.coordinated(head)) > 1:
        return ActorKind.UNNAMED_GROUP
    person = head.pos_ == "PRON" or head.lower_.endswith(("er", "or", "ist", "man", "ian", "ant", "ee", "eer"))
    return ActorKind.UNNAMED_PERSON if person else ActorKind.DOCUMENT


def _plain_phrase(w: _Words) -> str:
    """The phrase as it names somebody: without "the" before names and without relative clauses."""
    end = w.end
    for token in w.doc[w.start + 1 : w.end]:
        if token.tag_ in ("WP", "WDT", "WRB") or (token.text == "," and not _coordinates(w, token.i)):
            end = token.i
            break
    text = w.doc[w.start : end].text.strip(" ,")
    first = w.doc[w.start]
    if first.lower_ == "the" and end - w.start > 1 and w.doc[w.start + 1].text[:1].isupper():
        text = text[len(first.text) :].strip()
    return text


def _coordinates(w: _Words, i: int) -> bool:
    return any(t.lower_ in ("and", "or") for t in w.doc[i : w.end])


# -- documents -----------------------------------------------------------------------------------


def _document(w: _Words) -> Resolved:
    """A document speaks for its authors, where the phrase or the article names them."""
    author = _author(w)
    if author is None and w.doc[w.start].lower_ in DEFINITE | NEUTER:
        author = _earlier_document(w)
    if author is None:
        return _description(w, ActorKind.DOCUMENT)
    source = author.source
    known = Source(
        source.name,
        source.kind,
        w.span(),
        Resolution.NOMINAL,
        source.antecedent or source.span,
        source.role,
        source.affiliation,
    )
    return Resolved(known, author.entity, author.gender, author.plural)


def _author(w: _Words) -> Resolved | None:
    head = w.doc[w.head]
    for owner in syntax.children(head, "nmod:poss"):
        if owner.i >= w.start:
            start, end = syntax.phrase(owner)
            if w.doc[end - 1].lower_ in ("'s", "’s", "'", "’"):
                end -= 1
            return resolve(w.doc, w.cast, start, max(end, start + 1), owner.i, w.speakers, w.at)
    for preposition, owner in syntax.obliques(head):
        if preposition in ("from", "by", "of", "issued by", "released by") and owner.i < w.end:
            start, end = syntax.phrase(owner)
            found = resolve(w.doc, w.cast, start, end, owner.i, w.speakers, w.at)
            if found.source.kind not in (ActorKind.DOCUMENT,) and (
                found.entity is not None or nominal_kind(owner) is not None
            ):
                return found
    return None


def _earlier_document(w: _Words) -> Resolved | None:
    """ "the statement": the last one who spoke, if the article said before that it was in such a document."""
    lemma = noun_lemmas(w.doc[w.head])[0]
    here = w.cast.layout.sentence(w.at)
    for m in w.cast.before(w.start):
        if here - w.cast.layout.sentence(m.start) > REACH:
            break
        if m.kind is ActorKind.DOCUMENT and m.lemma == lemma:
            speaker = _speaker_of(w, m.start)
            if speaker is not None:
                return Resolved(speaker.source, speaker.entity, speaker.gender, speaker.plural)
    return None


def _speaker_of(w: _Words, token: int) -> Speaker | None:
    sentence = w.cast.layout.sentence(token)
    return next((s for s in reversed(w.speakers) if w.cast.layout.sentence(s.token) == sentence), None)


# -- pronouns and definite descriptions ----------------------------------------------------------


def _pronoun(w: _Words) -> Resolved:
    word = w.doc[w.head].lower_
    if word in ("who", "which", "that"):
        noun = syntax.antecedent(w.doc[w.head])
        if noun.i != w.head:
            start, end = syntax.phrase(noun)
            return resolve(w.doc, w.cast, start, end, noun.i, w.speakers, w.at)
    best = _best(w, lambda m: _fits(word, m.kind, m.gender, m.plural), speakers_too=True)
    if best is None:
        return _description(w, ActorKind.UNNAMED_GROUP if word in PLURAL else ActorKind.UNNAMED_PERSON)
    return _standing_for(w, best, Resolution.PRONOUN)


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


def _nominal(w: _Words, kind: ActorKind) -> Resolved | None:
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


def _own_description(w: _Words) -> bool:
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


def _bare(w: _Words, m: Mention) -> bool:
    """True for "the company": a phrase that itself stands for something named elsewhere."""
    return m.entity is None and m.end - m.start <= 2 and w.doc[m.start].lower_ in DEFINITE


def _same_sort(w: _Words, m: Mention, lemma: str, kind: ActorKind) -> bool:
    words = actor_words()
    if _bare(w, m):
        return False
    if kind is ActorKind.ORGANIZATION or kind is ActorKind.UNNAMED_GROUP:
        if m.kind not in COLLECTIVE or m.kind is ActorKind.DOCUMENT:
            return False
        if _head_match(w, m, lemma) or lemma in GENERIC:
            return m.kind is not ActorKind.STATE or lemma not in GENERIC
        if lemma in (
            "company",
            "firm",
            "corporation",
            "airline",
            "manufacturer",
            "carrier",
            "retailer",
            "chain",
            "operator",
        ):
            known = w.cast.entities[m.entity].words if m.entity is not None else {m.lemma}
            public = known & (words.organizations - {"group", "company", "airline", "bank", "operator", "carrier"})
            return m.kind is ActorKind.ORGANIZATION and (bool(known & words.suffixes) or not public)
        return (
            lemma in ("newspaper", "paper", "daily", "magazine", "channel", "broadcaster", "network", "station")
            and m.kind is ActorKind.ORGANIZATION
        )
    if kind is ActorKind.UNNAMED_PERSON:
        gender = "m" if lemma in words.male else "f" if lemma in words.female else None
        if m.kind is not ActorKind.PERSON or (gender and m.gender and gender != m.gender):
            return False
        return lemma in ("man", "woman", "boy", "girl") or _head_match(w, m, lemma)
    return False


def _head_match(w: _Words, m: Mention, lemma: str) -> bool:
    """True if the mention's name, title or phrase carries the noun: "the ministry" for "Russian Defence Ministry"."""
    if m.lemma == lemma:
        return True
    if m.entity is None:
        return False
    entity = w.cast.entities[m.entity]
    if lemma in entity.words or {"center": "centre", "centre": "center"}.get(lemma) in entity.words:
        return True
    return any(n.title and lemma in n.title.lower().split() for n in entity.names)


def _best(w: _Words, fits, *, head: str | None = None, speakers_too: bool = False) -> Mention | Speaker | None:  # type: ignore[no-untyped-def]
    """The likeliest antecedent: near, a subject, a recent speaker, of the wanted sort."""
    here = w.cast.layout.sentence(w.at)
    options: list[tuple[float, int, Mention | Speaker]] = []
    for m in w.cast.before(w.at):
        away = here - w.cast.layout.sentence(m.start)
        if away > REACH and (head is None or len(options) > 20):
            break
        if m.end <= w.at and fits(m) and not (m.start <= w.head < m.end):
            points = -min(away, REACH) + 1.5 * m.subject + (1.0 if m.entity is not None else 0.0)
            points += 4.0 if head is not None and _head_match(w, m, head) else 0.0
            options.append((points, m.start, m))
    for back, s in enumerate(reversed(w.speakers[-4:])):
        as_mention = Mention(s.token, s.token + 1, s.token, s.entity, s.kind, s.gender, s.plural, True, "")
        if fits(as_mention) and (speakers_too or head is not None):
            away = here - w.cast.layout.sentence(s.token)
            points = -min(away, REACH) + 3.0 - back
            options.append((points, s.token, s))
    return max(options, key=lambda o: (o[0], o[1]))[2] if options else None


def _standing_for(w: _Words, best: Mention | Speaker, how: Resolution) -> Resolved:
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
        author = _speaker_of(w, best.start)
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


def _pair(w: _Words, kind: ActorKind) -> Resolved | None:
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


def pronoun(token: Token) -> bool:
    """True for a word that stands for somebody named elsewhere."""
    return token.lower_ in PRONOUNS
