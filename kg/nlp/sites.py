"""Places that no gazetteer holds and the model passed over: "the Severnaya-2 coal mine", "outside Ellery Springs"."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kg.linking.states import state_of_people

# Buildings, works and ways that are places where people are found, beside a name of their own.
SITES = frozenset(
    "mine colliery quarry dam airport airfield airbase base port harbour harbor dock square street avenue road highway"
    " motorway lane drive boulevard bridge tunnel viaduct stadium tower palace mosque church cathedral monastery temple"
    " synagogue checkpoint crossing plant refinery factory mill depot warehouse oilfield field"
    " park forest woods reserve"
    " hospital clinic school university college campus prison jail penitentiary camp market mall hotel hostel station"
    " terminal junction pass canyon gorge ravine creek beach pier island peninsula volcano summit glacier ridge hill"
    " estate compound barracks headquarters embassy consulate orphanage monastery dormitory arena theatre theater club"
    " restaurant cafe hall gym centre center municipality village township settlement kibbutz farm ranch".split()
)
_AT = frozenset("in at on near outside inside off along around to into from through within by beyond".split())
_BARE_AT = frozenset("in near outside off from around to".split())
# "Fled Yunakivka", "near Ag Geneina": what a name without a label comes right after.
_PLACING = {(word, "ADP") for word in _BARE_AT} | {
    (word, "VERB") for word in "flee flees fled fleeing left leaving reached entered".split()
}
_STRIKES = frozenset("hit strike bomb shell storm attack target destroy raze leave engulf sweep flatten raid".split())
# Capitalised words after "in" and "to" that are no places.
_NO_PLACES = frozenset(
    "congress parliament senate house cabinet court english french spanish arabic russian german chinese hindi latin"
    " christmas easter ramadan eid facebook twitter youtube instagram whatsapp telegram tiktok god allah christ heaven"
    " spring summer autumn winter fall north south east west january february march april may june july august"
    " september october november december monday tuesday wednesday thursday friday saturday sunday".split()
)


def sites(doc: Doc, taken: set[int]) -> list[tuple[int, int, str]]:
    """Token range and kind word of each named site and each unknown name after a word that places it.

    `taken`: tokens that already belong to a named place.
    """
    found = [s for t in doc if t.lemma_.lower() in SITES and (s := _site(doc, t, taken)) is not None]
    covered = taken | {i for start, end, _ in found for i in range(start, end)}
    return found + [s for t in doc if (s := _unknown(doc, t, covered)) is not None]


def _site(doc: Doc, head: Token, taken: set[int]) -> tuple[int, int, str] | None:
    if head.pos_ not in ("NOUN", "PROPN") or head.i in taken or head.tag_ in ("NNS", "NNPS"):
        return None
    start = head.i
    while start > 0 and not doc[start].is_sent_start and _of_name(doc[start - 1]) and start - 1 not in taken:
        start -= 1
    while start < head.i and not doc[start].text[:1].isupper():
        start += 1
    name = doc[start : head.i]
    if not any(t.pos_ == "PROPN" and t.text[:1].isupper() and not state_of_people(t.text) for t in name):
        return None
    if any(t.ent_type_ == "PERSON" for t in name) and head.pos_ == "NOUN":
        return None
    struck = head.dep_ in ("obj", "dobj", "nsubj:pass") and head.head.lemma_.lower() in _STRIKES
    return (start, head.i + 1, head.lower_) if struck or _preposition(doc, start) in _AT else None


def _of_name(token: Token) -> bool:
    if token.pos_ in ("PROPN", "NUM") or token.text in ("-", "–"):
        return True
    if token.text[:1].isupper() and state_of_people(token.text):
        return True  # "Saudi Maternity Hospital"
    return token.pos_ == "NOUN" and token.dep_ in ("compound", "nmod")


def _preposition(doc: Doc, start: int) -> str:
    at = start - 1
    while at >= 0 and (doc[at].pos_ in ("DET", "ADJ") or doc[at].lower_ in ("the", "a", "an")):
        at -= 1
    return str(doc[at].lower_) if at >= 0 else ""


def _unknown(doc: Doc, token: Token, taken: set[int]) -> tuple[int, int, str] | None:
    """A run of capitalised words without a label right after "near", "outside", "in": "in Ag Geneina"."""
    if not _nameless(token) or token.i in taken or token.i == 0:
        return None
    before = doc[token.i - 1]
    if (before.lower_, before.pos_) not in _PLACING:
        return None
    end = token.i + 1
    while end < len(doc) and _nameless(doc[end]) and end not in taken:
        end += 1
    after = doc[end] if end < len(doc) else None
    if after is not None and (after.pos_ in ("NOUN", "PROPN", "NUM") or after.text in ("'s", "’s", "-")):
        return None
    words = [t.lower_ for t in doc[token.i : end]]
    if len("".join(words)) < 4 or set(words) & _NO_PLACES or any(state_of_people(t.text) for t in doc[token.i : end]):
        return None
    return token.i, end, ""


def _nameless(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.text[:1].isupper() and not token.text.isupper() and not token.ent_type_
