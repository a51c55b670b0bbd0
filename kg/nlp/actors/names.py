"""Names of persons, organisations and states in a Doc: where they stand, what kind they are, without titles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.linking.actors import known_actor
from kg.nlp.actors.lexicon import ActorWords, actor_words
from kg.types import ActorKind

CONNECTORS = frozenset(
    {"of", "the", "for", "de", "del", "la", "le", "al", "bin", "ibn", "von", "van", "der", "da", "dos", "du", "el", "&"}
)
AREAS = frozenset({"state", "city", "county", "province", "prefecture", "municipality", "house", "times"})
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Name:
    """One printed name."""

    start: int  # tokens, without title
    end: int
    text: str
    key: tuple[str, ...]  # its words in lower case, hyphens split
    kind: ActorKind | None  # None: a place or unknown
    gender: str | None  # "m", "f"
    acronym: str | None = None  # printed in brackets right behind it
    title: str | None = None  # title words right before it


def key_of(text: str) -> tuple[str, ...]:
    """The words of a name for comparison: lower case, hyphens split, marks and possessive dropped."""
    text = re.sub(r"['’]s?$", "", text)
    return tuple(w.lower() for w in _WORD.findall(text.replace("-", " ").replace("‑", " ").replace(".", "")))


def names(doc: Doc) -> tuple[Name, ...]:
    """All names of a Doc in text order, not overlapping."""
    words = actor_words()
    spans = _spans(doc, words)
    found = []
    for start, end, label in spans:
        name = _name(doc, start, end, label, words)
        if name is not None:
            found.append(name)
    return tuple(found)


def _spans(doc: Doc, words: ActorWords) -> list[tuple[int, int, str]]:
    """Entity spans and runs of capitalised words, the longer one where two overlap."""
    candidates = _introduced(doc, words)
    candidates += [
        (*_trimmed(doc, e.start, e.end), e.label_)
        for e in doc.ents
        if e.label_ in ("PERSON", "ORG", "LOC", "GPE", "NORP", "FAC")
    ]
    candidates += [(a, b, "RUN") for a, b in _runs(doc, words)]
    bracketed = {a for token in doc if token.text == "(" and (a := _acronym(doc, token.i))}
    candidates += [(t.i, t.i + 1, "RUN") for t in doc if t.text in bracketed or _capitals(t)]
    candidates += _surnames(doc)
    candidates.sort(key=lambda c: (-(c[1] - c[0]), c[2] == "RUN", c[0]))
    taken: set[int] = set()
    found = []
    for start, end, label in candidates:
        if end > start and not taken.intersection(range(start, end)):
            taken.update(range(start, end))
            found.append((start, end, label))
    return sorted(found)


def _surnames(doc: Doc) -> list[tuple[int, int, str]]:
    """ "For Huckaby, 58, ...": surnames alone, of persons whom the article names in full elsewhere."""
    full = {doc[e.end - 1].text for e in doc.ents if e.label_ == "PERSON" and e.end - e.start > 1}
    return [
        (t.i, t.i + 1, "PERSON")
        for t in doc
        if t.text in full and not t.ent_type_ and t.pos_ == "PROPN" and not (t.i + 1 < len(doc) and _name_goes_on(t))
    ]


def _introduced(doc: Doc, words: ActorWords) -> list[tuple[int, int, str]]:
    """ "The envoy, Arkady Vetrov, said": two or three names between commas behind one person's role are a person."""
    found = []
    for i in range(1, len(doc) - 3):
        role = doc[i - 1]
        if doc[i].text != "," or role.tag_ != "NN" or doc[i + 1].pos_ != "PROPN" or role.lower_ not in words.roles:
            continue
        end = i + 1
        while end < len(doc) and doc[end].pos_ == "PROPN" and doc[end].text[:1].isupper():
            end += 1
        kinds = {t.ent_type_ for t in doc[i + 1 : end]}
        closed = end < len(doc) and doc[end].text == ","
        if (
            closed
            and 2 <= end - i - 1 <= 3
            and "PERSON" not in kinds
            and doc[end - 1].lower_ not in words.organizations
        ):
            found.append((i + 1, end, "PERSON"))
    return found


def _name_goes_on(token: Token) -> bool:
    behind, before = token.doc[token.i + 1], token.doc[token.i - 1] if token.i else None
    return behind.pos_ == "PROPN" or (before is not None and before.pos_ == "PROPN" and not before.is_sent_start)


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while end > start and (
        doc[end - 1].text in POSSESSIVE or (doc[end - 1].is_punct and doc[end - 1].text != ".") or doc[end - 1].is_space
    ):
        end -= 1
    while end > start and doc[end - 1].pos_ == "ADP":
        end -= 1
    while start < end and (doc[start].lower_ in ("the", "a", "an") or doc[start].is_punct or doc[start].is_space):
        start += 1
    return start, end


def _capital(token: Token) -> bool:
    return bool(token.text[:1].isupper() and token.text[:1].isalpha())


def _ends_before(doc: Doc, at: int) -> bool:
    """True where "of" and "for" part two names: "Ada Lind of the Red Cross", "flew to Kenya for the Red Cross"."""
    kind = doc[at - 1].ent_type_
    return kind == "PERSON" or (doc[at].lower_ == "for" and kind in ("LOC", "GPE"))


def _runs(doc: Doc, words: ActorWords) -> list[tuple[int, int]]:
    """Runs of capitalised words that end in a word for an organisation, or that are a state's name."""
    found = []
    i = 0
    while i < len(doc):
        if not _capital(doc[i]) or (
            doc[i].is_sent_start and doc[i].pos_ in ("DET", "PRON", "ADP", "SCONJ", "CCONJ", "ADV", "AUX")
        ):
            i += 1
            continue
        end = i + 1
        while end < len(doc):
            step = 1 if _capital(doc[end]) else _bridge(doc, end)
            if not step or (step > 1 and _ends_before(doc, end)):
                break
            end += step
        found += _organization(doc, i, end, words)
        i = end
    return found


def _capitals(token: Token) -> bool:
    """ "UNICEF", "NHK": three capitals or more that the tagger takes for a name, in a text not all in capitals."""
    return (
        len(token.text) > 2
        and token.text.isupper()
        and token.text.isalpha()
        and token.pos_ == "PROPN"
        and not token.ent_type_
    )


def _bridge(doc: Doc, i: int) -> int:
    """Number of tokens of a run from `i` up to the next capitalised word; 0 if the run ends here."""
    j = i
    while j < len(doc) and j - i < 2 and (doc[j].lower_ in CONNECTORS or doc[j].text == "-"):
        j += 1
    return j - i + 1 if i < j < len(doc) and _capital(doc[j]) and not doc[j].is_punct else 0


def _organization(doc: Doc, start: int, end: int, words: ActorWords) -> list[tuple[int, int]]:
    for stop in range(end, start, -1):
        last = doc[stop - 1]
        known = last.lower_ in words.organizations and last.lower_ not in AREAS and stop - start > 1
        if (last.lower_.rstrip(".") in words.suffixes and stop - start > 1) or known:
            begin = next((i + 1 for i in range(stop - 2, start - 1, -1) if doc[i].lower_ in words.roles), start)
            return [(begin, stop)] if stop - begin > 1 else []
    whole = doc[start:end].text
    listed = whole in words.states or whole in words.agencies or whole in words.armed_names
    return [(start, end)] if listed or (end - start > 2 and known_actor(whole) is not None) else []


def _name(doc: Doc, start: int, end: int, label: str, words: ActorWords) -> Name | None:
    title_start, start, title_gender = _without_title(doc, start, end, label, words)
    text = doc[start:end].text
    key = key_of(text)
    if not key or (label == "NORP" and text not in words.states) or text in words.never:
        return None
    if (
        label == "ORG"
        and start
        and _capital(doc[start - 1])
        and _plain(doc[start - 1]) in words.honorifics
        and not set(key) & words.organizations
    ):
        label = "PERSON"
        title_start, start, title_gender = _without_title(doc, start, end, label, words)
    kind = _kind(doc, text, key, label, words)
    before = doc[start - 1] if start else None
    if before is not None and before.lower_ == "surnamed":
        kind = ActorKind.PERSON
    if (
        before is not None
        and before.pos_ == "NOUN"
        and before.lower_ in words.organizations
        and kind in (None, ActorKind.PERSON)
    ):
        kind = ActorKind.ORGANIZATION if label != "LOC" else kind
    titled = title_start < start
    if titled and label != "ORG" and kind is None:
        kind = ActorKind.PERSON
    gender = None
    if kind is ActorKind.PERSON:
        gender = title_gender or _gender(key[0], words)
    title = doc[title_start:start].text if titled else None
    return Name(start, end, text, key, kind, gender, _acronym(doc, end), title)


def _without_title(doc: Doc, start: int, end: int, label: str, words: ActorWords) -> tuple[int, int, str | None]:
    """(start of the title, start of the name, gender the title shows)."""
    begin = start
    if label == "PERSON":
        while start < end - 1 and (_plain(doc[start]) in words.honorifics or doc[start].lower_ in words.roles):
            start += 1
    while begin > 0 and label in ("PERSON", "RUN", "LOC", "GPE") and _titles(doc[begin - 1], label, words):
        begin -= 1
    if (
        label != "PERSON"
        and begin < start
        and doc[start - 1].lower_ not in ("mr", "mrs", "ms", "dr", "mr.", "mrs.", "ms.", "dr.")
    ):
        begin = start
    shown = {_plain(t) for t in doc[begin:start]}
    gender = "m" if shown & words.male else "f" if shown & words.female else None
    return begin, start, gender


def _titles(token: Token, label: str, words: ActorWords) -> bool:
    if not _capital(token):
        return False
    return _plain(token) in words.honorifics or (label == "PERSON" and token.lower_ in words.roles)


def _plain(token: Token) -> str:
    return str(token.lower_.rstrip("."))


def _gender(given: str, words: ActorWords) -> str | None:
    male, female = given in words.male, given in words.female
    return None if male == female else "m" if male else "f"


def _kind(doc: Doc, text: str, key: tuple[str, ...], label: str, words: ActorWords) -> ActorKind | None:
    if text in words.metonyms:
        return words.metonyms[text].kind
    if text in words.states:
        return ActorKind.STATE
    if text in words.armed_names:
        return ActorKind.ARMED_GROUP
    if text in words.agencies:
        return ActorKind.ORGANIZATION
    listed = known_actor(text) if label in ("ORG", "RUN") or len(key) > 2 else None
    if listed is not None:
        return listed.kind
    if len(key) > 1 and (
        key[-1] in words.suffixes or (key[-1] in words.organizations and key[-1] not in AREAS | {"cross", "front"})
    ):
        return ActorKind.ORGANIZATION
    if label == "PERSON":
        return ActorKind.PERSON
    organization = label in ("ORG", "RUN") or (len(key) > 1 and key[-1] in words.organizations)
    if organization and key[-1] in words.armed and label != "ORG":
        return ActorKind.ARMED_GROUP
    return ActorKind.ORGANIZATION if organization else None


def _acronym(doc: Doc, end: int) -> str | None:
    """ "IFRC" in "... Red Crescent Societies (IFRC)"."""
    if end + 2 < len(doc) and doc[end].text == "(" and doc[end + 2].text == ")":
        inside = str(doc[end + 1].text)
        if 2 <= len(inside) <= 10 and sum(c.isupper() for c in inside) >= 2 and inside[0].isupper():
            return inside
    return None
