"""From the words of a source to who that is: names, short names, acronyms, pronouns, descriptions, documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.nlp import syntax
from kg.nlp.actors import antecedents
from kg.nlp.actors.cast import COLLECTIVE, Cast, Mention, nominal_kind, noun_lemmas, person_like
from kg.nlp.actors.lexicon import actor_words
from kg.nlp.actors.source import (
    DEFINITE,
    NEUTER,
    PLURAL,
    PRONOUNS,
    REACH,
    Resolved,
    Speaker,
    Words,
    span_of,
    speaker_of,
)
from kg.nlp.heads import text_of
from kg.types import ActorKind, Resolution, Source


def resolve(
    doc: Doc, cast: Cast, start: int, end: int, head: int, speakers: Sequence[Speaker] = (), at: int | None = None
) -> Resolved:
    """Who the noun phrase [start, end) headed by token `head` is.

    `speakers`: who spoke before, in text order; `at`: token from which to look back (default: `start`).
    """
    at = start if at is None else at
    words = Words(doc, cast, start, end, head, speakers, at)
    if end - start == 1 and doc[head].lower_ in PRONOUNS and doc[head].text != "US":
        return _relative(words) or antecedents.pronoun(words) or _description(words, _pronoun_kind(words))
    named = _named(words)
    if named is not None:
        return named
    kind = nominal_kind(doc[head])
    if kind is ActorKind.DOCUMENT:
        return _document(words)
    office = _press_office(words) or _again(words)
    if office is not None:
        return office
    if doc[start].lower_ in DEFINITE and kind is not None:
        found = antecedents.nominal(words, kind)
        if found is not None:
            return found
    return _description(words, kind)


def _press_office(w: Words) -> Resolved | None:
    """ "the press service of the ministry": the ministry, if it has a name."""
    head = w.doc[w.head]
    if w.head == w.start or w.doc[w.head - 1].lower_ not in ("press", "media", "information"):
        return None
    if head.lower_ not in ("service", "office", "department"):
        return None
    named = [m for m in w.cast.within(w.head + 1, w.end) if m.entity is not None and m.kind in COLLECTIVE]
    return _as_name(w, named[0]) if named else None


def _again(w: Words) -> Resolved | None:
    """ "the press service" behind "the press service of the ministry": an earlier speaker described by these words."""
    head = w.doc[w.head]
    if w.doc[w.start].lower_ != "the" or head.tag_ != "NN" or not 2 <= w.end - w.start <= 4 or w.head != w.end - 1:
        return None
    wanted = {t.lower_ for t in w.doc[w.start + 1 : w.end]}
    here, kin = w.cast.layout.sentence(w.at), actor_words().kin
    for s in reversed(w.speakers):
        if here - w.cast.layout.sentence(s.token) > REACH or s.source.span is None:
            break
        words = s.source.span.of(text_of(w.doc)).lower().replace(",", " ").split()
        told = all(word in words or kin.get(word, frozenset()).intersection(words) for word in wanted)
        if told and len(words) > len(wanted) + 1:
            known = replace(s.source, span=w.span(), resolution=Resolution.NOMINAL, antecedent=s.source.span)
            return Resolved(known, s.entity, s.gender, s.plural)
    return None


def _relative(w: Words) -> Resolved | None:
    """ "who", "which": the noun before them."""
    noun = syntax.antecedent(w.doc[w.head])
    if w.doc[w.head].lower_ not in ("who", "which", "that") or noun.i == w.head:
        return None
    start, end = syntax.phrase(noun)
    return resolve(w.doc, w.cast, start, end, noun.i, w.speakers, w.at)


def _pronoun_kind(w: Words) -> ActorKind:
    return ActorKind.UNNAMED_GROUP if w.doc[w.head].lower_ in PLURAL else ActorKind.UNNAMED_PERSON


def _named(w: Words) -> Resolved | None:
    core = [m for m in w.cast.within(w.start, w.end) if m.entity is not None and m.end <= w.end]
    if _coordination(w, core):
        return None
    called = next((m for m in core if _gives_name(w, m)), None)
    if called is not None:
        return _as_name(w, replace(called, kind=ActorKind.PERSON))
    persons = [m for m in core if m.kind is ActorKind.PERSON and _is_head_name(w, m)]
    if persons:
        return _as_name(w, persons[-1] if persons[-1].head == w.head else persons[0])
    for m in core:
        if (
            m.kind is None
            and w.doc[m.head].head.i == w.head
            and syntax.relation(w.doc[m.head]) in ("appos", "flat")
            and _person_noun(w)
        ):
            return _as_name(w, replace(m, kind=ActorKind.PERSON))
        if m.start <= w.head < m.end or (m.kind in COLLECTIVE and m.start > w.start and _is_head_name(w, m)):
            return _as_name(w, m)
    return None


def _gives_name(w: Words, m: Mention) -> bool:
    """ "a resident who gave his name only as Yasser", "a man named Diaz"."""
    before = [t.lower_ for t in w.doc[max(w.start, m.start - 6) : m.start]]
    if before[-1:] in (["named"], ["called"], ["surnamed"]):
        return nominal_kind(w.doc[w.head]) is ActorKind.UNNAMED_PERSON
    return before[-1:] == ["as"] and bool({"name", "identified", "known"}.intersection(before))


def _person_noun(w: Words) -> bool:
    head = w.doc[w.head]
    return nominal_kind(head) is ActorKind.UNNAMED_PERSON or (nominal_kind(head) is None and person_like(head))


def _coordination(w: Words, core: Sequence[Mention]) -> bool:
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


def _is_head_name(w: Words, m: Mention) -> bool:
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


def _as_name(w: Words, m: Mention) -> Resolved:
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
    """ "Beijing said": a capital speaks for its state, any other place for who governs it; each under its own name."""
    return name, ActorKind.STATE if name in actor_words().capitals else ActorKind.ORGANIZATION


def _role(w: Words, m: Mention) -> tuple[str | None, str | None]:
    """Role and affiliation of a person as printed in the phrase around the name."""
    if m.kind is not ActorKind.PERSON:
        return None, None
    before = w.doc[w.start : m.start].text.strip(" ,") if m.start > w.start else ""
    after = w.doc[m.end : w.end].text.strip(" ,") if m.end < w.end else ""
    role = after if len(after) > len(before) and not after.startswith(("who ", "which ", "(")) else before
    belongs = next((w.cast.entities[o.entity].name for o in w.cast.within(w.start, w.end)
                    if o.entity is not None and o.kind in COLLECTIVE and o.start != m.start), None)  # fmt: skip
    address = actor_words().honorifics - actor_words().roles
    if all(word.strip(".").lower() in address for word in role.split()):
        role = ""
    return role or None, belongs


def _description(w: Words, kind: ActorKind | None) -> Resolved:
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
    person = head.pos_ == "PRON" or person_like(head)
    return ActorKind.UNNAMED_PERSON if person else ActorKind.DOCUMENT


def _plain_phrase(w: Words) -> str:
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


def _coordinates(w: Words, i: int) -> bool:
    return any(t.lower_ in ("and", "or") for t in w.doc[i : w.end])


def _document(w: Words) -> Resolved:
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


def _author(w: Words) -> Resolved | None:
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


def _earlier_document(w: Words) -> Resolved | None:
    """ "the statement": the last one who spoke, if the article said before that it was in such a document."""
    lemma = noun_lemmas(w.doc[w.head])[0]
    here = w.cast.layout.sentence(w.at)
    for m in w.cast.before(w.start):
        if here - w.cast.layout.sentence(m.start) > REACH:
            break
        if m.kind is ActorKind.DOCUMENT and m.lemma == lemma:
            if m.subject:  # it spoke itself
                return None
            speaker = speaker_of(w, m.start)
            if speaker is not None:
                return Resolved(speaker.source, speaker.entity, speaker.gender, speaker.plural)
    return None
