"""Where a Doc names places: entity spans widened to the printed name, with the kind its words give.

"Shizuoka Prefecture", "southern China", "the city of Homs", "Mount Ontake", "Yokosuka, Kanagawa Prefecture".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Span_

from kg.linking.gazetteer import SETTLEMENTS, known, lookup
from kg.linking.names import fold
from kg.linking.states import state_named, state_of_people
from kg.nlp.sites import sites
from kg.nlp.strangers import without_strangers
from kg.types import Span

AREA_WORDS = frozenset(
    "province governorate prefecture county district state region oblast krai municipality canton department"
    " division territory emirate voivodeship subdistrict ward regency parish atoll enclave".split()
)
# Areas below the first level: a province of the same name is not what they mean.
SECOND_LEVEL = frozenset("county district subdistrict ward regency parish municipality".split())
SETTLEMENT_WORDS = frozenset("city town village township suburb hamlet commune neighbourhood neighborhood".split())
WIDE_WORDS = frozenset(
    "island islands peninsula river lake sea ocean gulf bay strait mountain mountains valley desert coast basin"
    " volcano archipelago heights plateau channel delta canal".split()
)
_PARTS = frozenset("region suburb neighbourhood neighborhood enclave territory".split())
FACILITIES = frozenset(
    "dam airport bridge port harbour harbor square street avenue road highway airbase base camp stadium tower palace"
    " mosque cathedral checkpoint crossing mine plant park forest".split()
)
BEFORE = {"mount": "wide", "mt": "wide", "mt.": "wide", "lake": "wide", "gulf": "wide", "cape": "wide"}
_PLURALS = {"cities": "city", "counties": "county", "prefectures": "prefecture", "parishes": "parish"}
_SIDES = frozenset(
    "north south east west northern southern eastern western central northwest northeast southwest southeast"
    " northwestern northeastern southwestern southeastern mid upper lower greater far".split()
)
_SIDE_LETTERS = frozenset({"N", "S", "E", "W", "NE", "NW", "SE", "SW"})
_QUALIFIERS = frozenset(
    "autonomous special administrative federal metropolitan national zhuang uygur uyghur hui".split()
)


PLACE_LABELS = frozenset({"LOC", "GPE", "FAC"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A named place in the Doc: token range, printed name, and what the words around it say."""

    start: int
    end: int
    core: str  # the name without words for its kind or side: "Shizuoka", "China"
    kind: str | None = None  # "area", "settlement", "wide", "country": see gazetteer.fits
    word: str | None = None  # the word for its kind: "prefecture"
    container: int | None = None  # index of the mention it is said to lie in
    within: str | None = None  # ISO code of a country that an adjective names ("the Indian state of Bihar")
    part: bool = False  # only a side of the named place: "southern China"

    def span(self, doc: Doc) -> Span:
        """Its code points."""
        return Span(doc[self.start].idx, doc[self.end - 1].idx + len(doc[self.end - 1]))


_KINDS = (("area", AREA_WORDS), ("settlement", SETTLEMENT_WORDS), ("wide", WIDE_WORDS | FACILITIES))


def kind_of_word(word: str) -> tuple[str, str] | None:
    """("area", "province") for "province" or "provinces"; None for words that are no kind of place."""
    single = _PLURALS.get(word, word)
    for form in (single, single.removesuffix("s")):
        for kind, words in _KINDS:
            if form in words:
                return kind, form
    return None


def mentions(doc: Doc) -> tuple[Mention, ...]:
    """All named places in text order, with containers linked."""
    entities = [e for e in doc.ents if e.label_ in PLACE_LABELS or _place_elsewhere(doc, e)]
    found = [m for e in entities if (m := _of_entity(doc, e.start, e.end))]
    taken = {i for e in doc.ents for i in range(e.start, e.end)} | {i for m in found for i in range(m.start, m.end)}
    found += _outside(doc, taken)
    placed = {i for m in found for i in range(m.start, m.end)}
    found += [Mention(a, b, doc[a:b].text, "wide" if word else None, word or None) for a, b, word in sites(doc, placed)]
    found = without_strangers(doc, found)
    found.sort(key=lambda m: (m.start, -m.end))
    apart: list[Mention] = []
    for one in found:
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return _contained(doc, _shared_kinds(doc, apart))


def _place_elsewhere(doc: Doc, entity: Span_) -> bool:
    """True for a known name that the model takes for a place elsewhere in the article, and here for another thing."""
    if entity.label_ not in ("PERSON", "ORG") or not known(entity.text):
        return False
    labels = [e.label_ for e in doc.ents if e.text == entity.text]
    return sum(one in PLACE_LABELS for one in labels) * 2 >= len(labels)


def _of_entity(doc: Doc, start: int, end: int) -> Mention | None:
    """The mention that a LOC entity [start, end) makes; None for scraps without a capital letter."""
    while start < end and (doc[start].lower_ in ("the", "a", "an") or doc[start].is_punct or doc[start].is_space):
        start += 1
    while end > start and (
        doc[end - 1].lower_ in ("'s", "’s", "'", "’") or doc[end - 1].is_space or doc[end - 1].text == ","
    ):
        end -= 1
    if start == end:
        return None
    if not any(t.text[:1].isupper() for t in doc[start:end]) and not known(doc[start:end].text):
        return None
    return _widened(doc, start, end)


def _widened(doc: Doc, start: int, end: int) -> Mention:
    while end - start > 1 and _not_of_name(doc, end - 1):
        end -= 1
    end = _whole_name(doc, start, end)
    core_start, core_end, kind, word = start, end, None, None
    while core_start < core_end - 1 and _is_side(doc[core_start]) and not _named(doc, core_start, core_end):
        core_start += 1
    end = _right(doc, end)
    last = kind_of_word(doc[end - 1].lower_)
    if last and end - 1 > core_start and known(doc[core_start:end].text):
        core_end, word = end, last[1]
    elif last and end - 1 > core_start:
        kind, word = last
        core_end = _left_of_kind(doc, core_start, end)
    if doc[core_start].lower_ in BEFORE and core_end - core_start > 1 and _not_town(doc[core_start:core_end].text):
        kind, word = BEFORE[doc[core_start].lower_], doc[core_start].lower_
    elif start > 0 and doc[start - 1].lower_ in BEFORE and doc[start - 1].text[0].isupper():
        start -= 1
        kind, word = BEFORE[doc[start].lower_], doc[start].lower_
        core_start = start
    if kind is None and word is None and not state_named(doc[core_start:core_end].text):
        kind, word = _announced(doc, start)
    start = min(start, _sided(doc, start))
    sided = start < core_start
    if sided and known(doc[start:end].text):
        core_start, core_end, sided = start, end, False
    return Mention(start, end, doc[core_start:core_end].text, kind, word, within=_adjective(doc, start), part=sided)


def _named(doc: Doc, start: int, end: int) -> bool:
    """True if the words are a name that the table holds, with or without a word for the kind at their end."""
    if known(doc[start:end].text):
        return True
    return end - start > 2 and kind_of_word(doc[end - 1].lower_) is not None and known(doc[start : end - 1].text)


def _not_town(name: str) -> bool:
    """False for towns that are called like a mountain or lake: "Cape Town", "Lake City"."""
    return not lookup(name, kind="settlement")


def _not_of_name(doc: Doc, at: int) -> bool:
    """True for a last word that does not belong to the name: "Kyushu [city] of Amakusa", "Gifu [prefectures]"."""
    token = doc[at]
    if not token.is_lower:
        return False
    if token.lower_ in _SIDES:
        return True
    return kind_of_word(token.lower_) is not None and (token.lower_.endswith("s") or _word(doc, at + 1) == "of")


def _word(doc: Doc, at: int) -> str:
    """The lower-case word at a token index; "" beyond the end."""
    return str(doc[at].lower_) if at < len(doc) else ""


def _is_side(token: Token) -> bool:
    return token.lower_ in _SIDES or token.text in _SIDE_LETTERS


def _whole_name(doc: Doc, start: int, end: int) -> int:
    """The end moved over capitalised words that make a name the table holds: "Hoi" + "An"."""
    for stop in (end + 2, end + 1):
        tail = doc[end:stop] if stop <= len(doc) else ()
        if tail and all(t.text[:1].isupper() and not t.ent_type_ for t in tail) and known(doc[start:stop].text):
            return stop
    return end


def _right(doc: Doc, end: int) -> int:
    """The end with a following kind word taken in: "Guangxi [Zhuang Autonomous Region]", "Idlib [province]"."""
    stop = end
    while stop < len(doc) and stop < end + 4 and doc[stop].lower_ in _QUALIFIERS:
        stop += 1
    kinds = AREA_WORDS | SETTLEMENT_WORDS | WIDE_WORDS | FACILITIES
    if _word(doc, stop) in kinds and doc[stop].ent_type_ != "ORG" and _word(doc, stop + 1) != "of":
        return stop + 1
    return end


def _left_of_kind(doc: Doc, start: int, end: int) -> int:
    stop = end - 1
    while stop - 1 > start and doc[stop - 1].lower_ in _QUALIFIERS:
        stop -= 1
    return stop


def _announced(doc: Doc, start: int) -> tuple[str | None, str | None]:
    """The kind that words before the name give: "the city of Homs", "the districts of Badra"."""
    if start >= 2 and doc[start - 1].lower_ == "of":
        found = kind_of_word(doc[start - 2].lower_)
        named = start >= 3 and doc[start - 3].text[:1].isupper() and not state_of_people(doc[start - 3].text)
        if found and not named and found[1] not in FACILITIES | {"coast", "part"} and _whole(doc, start - 2, found[1]):
            return found
    if start >= 1 and doc[start - 1].lower_ in ("city", "town", "village") and doc[start - 1].pos_ == "NOUN":
        return "settlement", doc[start - 1].lower_
    return None, None


def _whole(doc: Doc, at: int, word: str) -> bool:
    """False for "the last rebel-held district of Homs", which is a part of Homs and no district by that name."""
    if word not in SECOND_LEVEL | _PARTS or doc[at].lower_ != word:
        return True
    return at > 0 and doc[at - 1].lower_ in ("the", "a", "in", "of", "this")


def _sided(doc: Doc, start: int) -> int:
    """The start with a side word before it taken in: "[southern] China", "[north-western] Syria"."""
    at = start
    while at > 0 and (
        doc[at - 1].lower_ in _SIDES or (doc[at - 1].text == "-" and at > 1 and doc[at - 2].lower_ in _SIDES)
    ):
        at -= 1
    while at < start and doc[at].text == "-":
        at += 1
    return at


def _adjective(doc: Doc, start: int) -> str | None:
    """The country of an adjective shortly before: "the Indian state of Bihar", "the Syrian city of Homs"."""
    for token in doc[max(0, start - 4) : start]:
        state = state_of_people(token.text) if token.text[:1].isupper() else None
        if state and all(t.lower_ in ("of", "state") or kind_of_word(t.lower_) for t in doc[token.i + 1 : start]):
            return state.iso
    return None


def _outside(doc: Doc, taken: set[int]) -> list[Mention]:
    """Names that the model passed over: runs of capitalised words that name a state, capital or large place."""
    out: list[Mention] = []
    at = 0
    while at < len(doc):
        end = at
        while end < len(doc) and end not in taken and _capital(doc[end]):
            end += 1
        if end == at:
            at += 1
            continue
        text = doc[at:end].text
        inside = at > 0 and not doc[at].is_sent_start
        if not _joined(doc, at, end, taken) and (
            state_named(text) or (inside and (_large(text) or _area_said(doc, at, end)))
        ):
            out.append(_widened(doc, at, end))
        at = end
    return out


def _area_said(doc: Doc, at: int, end: int) -> bool:
    """True for a known area that its words place: "in Queensland", "Queensland's", "Oruro Department"."""
    last = kind_of_word(doc[end - 1].lower_)
    if last and last[0] == "area" and end - at > 1:
        return bool(lookup(doc[at : end - 1].text, kind="area"))
    placed = doc[at - 1].lower_ in ("in", "from", "across", "near", "throughout") or _word(doc, end) in ("'s", "’s")
    best = lookup(doc[at:end].text, kind="area")[:1] if placed else ()
    return bool(best) and best[0].by == "name" and best[0].score >= _BELIEVED - 0.05


def _joined(doc: Doc, at: int, end: int, taken: set[int]) -> bool:
    """True if the run touches another name: "Reading" in "Reading FC", "Chad" in "Chad Smith"."""
    return (at > 0 and at - 1 in taken) or (end in taken)


def _capital(token: Token) -> bool:
    return bool(token.text[:1].isupper() and token.pos_ in ("PROPN", "") and not token.is_punct)


# A town that is believed without the model's word for it: about half a million people or its country's capital.
_BELIEVED = 0.61
_NEVER_ALONE = frozenset({"centre", "center", "police", "mobile", "reading", "victoria", "orange", "nice", "split"})


def _large(text: str) -> bool:
    best = lookup(text)[:1]
    if not best or len(fold(text)) <= 3 or kind_of_word(text.lower()) or text.lower() in _SIDES | _NEVER_ALONE:
        return False
    return best[0].by == "name" and best[0].score >= _BELIEVED and best[0].entry.feature in SETTLEMENTS


def _shared_kinds(doc: Doc, found: list[Mention]) -> list[Mention]:
    """A plural kind word covers all the names it is coordinated with: "Nagano and Gifu prefectures"."""
    out = list(found)
    heads = [_is_head(doc, m) for m in found]
    for n in range(len(out) - 1):
        between = doc[out[n].end : out[n + 1].start].text
        if between in ("and", "or", ",", ", and") and out[n + 1].kind is None and out[n].kind and heads[n]:
            out[n + 1] = replace(out[n + 1], kind=out[n].kind, word=out[n].word)
            heads[n + 1] = True
    for n in range(len(out) - 1, -1, -1):
        after = doc[out[n].end].lower_ if out[n].end < len(doc) else ""
        plural = kind_of_word(after) if after.endswith("s") else None
        if state_named(out[n].core):
            continue
        if plural and out[n].kind is None:
            out[n] = replace(out[n], kind=plural[0], word=plural[1])
        listed = bool(n) and doc[out[n - 1].end : out[n].start].text in ("and", "or", ",", ", and")
        if listed and out[n].kind and plural and out[n - 1].kind is None:
            out[n - 1] = replace(out[n - 1], kind=plural[0], word=plural[1])
    return out


def _is_head(doc: Doc, mention: Mention) -> bool:
    """True if the kind was announced by a plural before the name ("the provinces of ...")."""
    return bool(
        mention.start >= 2 and doc[mention.start - 1].lower_ == "of" and doc[mention.start - 2].lower_.endswith("s")
    )


def _contained(doc: Doc, found: list[Mention]) -> tuple[Mention, ...]:
    """Links a name to the larger place named beside it: "A, B", "B's A", "A in B"."""
    out = list(found)
    for n, here in enumerate(found):
        if n + 1 < len(found):
            there = found[n + 1]
            between = doc[here.end : there.start].text
            listed = there.end < len(doc) and doc[there.end].lower_ in ("and", "or")
            if (between == "," and not listed and _larger(there, here)) or (
                between in ("in", "in the", ", in", "of") and _larger(there, here)
            ):
                out[n] = replace(out[n], container=n + 1)
        if n and out[n].container is None and _of_kind(doc[found[n - 1].end : here.start]):
            out[n] = replace(out[n], container=n - 1)
        if n and out[n].container is None and doc[found[n - 1].end].lower_ in ("'s", "’s"):
            words = doc[found[n - 1].end + 1 : here.start]
            if all(t.lower_ in _SIDES or kind_of_word(t.lower_) or t.pos_ == "ADJ" for t in words):
                out[n] = replace(out[n], container=n - 1)
    return tuple(out)


def _of_kind(between: Span_) -> bool:
    """True for the words in "Kyushu [city of] Amakusa"."""
    return len(between) == 2 and between[1].lower_ == "of" and kind_of_word(between[0].lower_) is not None


def _larger(there: Mention, here: Mention) -> bool:
    """True if the second place can hold the first: some reading of the first lies in some reading of the second."""
    holders = lookup(there.core, kind=there.kind if there.kind != "settlement" else None)[:3]
    if not holders or fold(there.core) == fold(here.core):
        return bool(there.kind == "area" and here.kind != "area" and not holders)
    for holder in holders:
        entry = holder.entry
        if entry.feature == "country" and not (state_named(here.core) and here.kind is None):
            if here.kind in ("area", "wide") or lookup(here.core, within=entry.country):
                return True
        elif entry.area and (lookup(here.core, within=entry.area) or (there.kind == "area" and not known(here.core))):
            return True
    return False
