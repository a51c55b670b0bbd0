"""Where a lexicon's triggers stand in a Doc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from kg.lexicon import EventLexicon, Trigger
from kg.nlp.heads import NEVER_NOUNS, lemma
from kg.nlp.reports.words import NEGATED, UNCHANGED
from kg.nlp.syntax import children, is_passive, is_reduced_relative, objects, obliques, relation, subject

VERBAL = frozenset({"transitive", "either", "self", "complement", "object"})
ACTS = frozenset({"act", "undergo"})  # told without counting anybody; "undergo": of the one whom it befalls
NOUNS = frozenset({"noun", "person", "toll", "noun-of", "state-of", "given", "inside", "borne"})


WAYS = frozenset({"to", "into", "for", "with", "by", "on"})  # prepositions before what `to` of a trigger names


@dataclass(frozen=True, slots=True)
class Hit:
    """One trigger occurrence: its entry, its head token, its token range [start, end)."""

    trigger: Trigger
    token: int
    start: int
    end: int

    def strong(self, doc: Doc) -> bool:
        """True if the word names the event by itself."""
        token = doc[self.token]
        return lemma(token) in self.trigger.strong or token.lower_ in self.trigger.strong


@cache
def _index(lexicons: tuple[EventLexicon, ...]) -> dict[str, tuple[Trigger, ...]]:
    index: dict[str, list[Trigger]] = {}
    for lexicon in lexicons:
        for trigger in lexicon.triggers:
            for word in trigger.lemmas:
                index.setdefault(word, []).append(trigger)
    return {word: tuple(sorted(found, key=_specificity)) for word, found in index.items()}


def _specificity(trigger: Trigger) -> int:
    constrained = (trigger.particle, trigger.object, trigger.of, trigger.place, trigger.to, trigger.complements)
    return -sum(bool(c) for c in constrained)


def hits(doc: Doc, lexicons: Sequence[EventLexicon]) -> tuple[Hit, ...]:
    """All trigger occurrences in text order, at most one an event and token; nested ones are dropped."""
    index = _index(tuple(lexicons))
    found: list[Hit] = []
    for token in doc:
        seen: set[str] = set()
        for trigger in (*index.get(lemma(token), ()), *_by_form(index, token)):
            if trigger.event in seen:
                continue
            hit = _match(doc, token, trigger)
            if hit is not None:
                seen.add(trigger.event)
                found.append(hit)
    return tuple(_without_nested(found))


def _by_form(index: dict[str, tuple[Trigger, ...]], token: Token) -> Iterator[Trigger]:
    """Entries under the word itself, where the lemma differs ("missing", "trapped", "left")."""
    if token.lower_ != lemma(token):
        yield from (t for t in index.get(token.lower_, ()) if t.frame in ("state", "person", "mention"))


def _without_nested(found: list[Hit]) -> Iterator[Hit]:
    """Drops a trigger inside another ("injuries" in "suffered injuries") and linking verbs ("remain missing")."""
    for hit in found:
        inside = any(o is not hit and o.start <= hit.token < o.end and o.token != hit.token
                     and o.trigger.event == hit.trigger.event for o in found)  # fmt: skip
        beside = any(o.start in (hit.end, hit.end + 1) and o.trigger.frame in ("state", "transitive") for o in found)
        linking = beside and bool({"remain", "stay"} & hit.trigger.lemmas) and not hit.trigger.place
        if not inside and not linking:
            yield hit


def _match(doc: Doc, token: Token, trigger: Trigger) -> Hit | None:
    frame = trigger.frame
    if frame in VERBAL and (not _verbal(token) or _kills_off(token)):
        return None
    if frame == "transitive" and lemma(token) not in trigger.strong and _intransitive(token):
        return None
    if frame in NOUNS and token.pos_ not in ("NOUN", "PROPN") and not (frame == "person" and token.pos_ == "ADJ"):
        return None
    if frame in ACTS and token.pos_ not in ("NOUN", "PROPN") and not _verbal(token):
        return None
    if frame in ACTS and trigger.particle and not _verbal(token):
        return None  # "a fire on another ship"
    if frame == "state" and (not _stative(token) or (token.lower_ == "left" and _lacks(token))):
        return None
    if frame == "self" and trigger.object and relation(token) == "amod":
        return None  # "broken arms": not somebody who broke one
    if frame == "self" and token.lower_ == "left" and is_passive(token):
        return None  # "200 people are left in the village"
    if frame == "person" and lemma(token) == "body" and _is_office(token):
        return None
    if frame == "mention" and token.pos_ not in ("ADJ", "ADV", "NOUN"):
        return None
    if trigger.negated and not any(c.lower_ in NEGATED for c in token.children):
        return None
    if trigger.object_name and not any(o.pos_ == "PROPN" and o.ent_type_ != "ORG" for o in objects(token)):
        return None
    if frame == "inside" and not any(c.lower_ in ("in", "at", "inside") for c in children(token, "case")):
        return None
    start, end = token.i, token.i + 1
    for words, finder in (
        (trigger.particle, _particle),
        (trigger.object, _object),
        (trigger.of, _of),
        (trigger.place, _place),
        (trigger.to, _to),
        (trigger.complements, _complement),
    ):
        if words:
            partner = finder(token, words)
            if partner is None:
                return None
            start, end = min(start, partner.i), max(end, partner.i + 1)
    if frame == "given" and not (
        relation(token) == "obj" and lemma(token.head) in ("provide", "give", "offer", "find", "seek")
    ):
        return None
    return Hit(trigger, token.i, start, end)


def _is_office(token: Token) -> bool:
    """ "The United Nations body", "a public body": no corpse."""
    qualities = {c.lower_ for c in children(token, "amod", "compound")}
    official = qualities & {"governing", "public", "legislative", "official", "un", "advisory", "regulatory", "student"}
    return bool(official) or token.ent_type_ == "ORG" or any(c.ent_type_ == "ORG" for c in children(token, "compound"))


def _verbal(token: Token) -> bool:
    if token.lower_ in NEVER_NOUNS:
        return True
    if not (token.tag_.startswith("VB") or token.pos_ == "VERB"):
        return False
    if lemma(token) == "leave" and token.tag_ == "VBN" and is_reduced_relative(token):
        return False  # "civilians left in the city" stay
    return relation(token) not in ("amod", "compound") or token.tag_ == "VBN" or not token.lower_.endswith("ing")


def _intransitive(token: Token) -> bool:
    """An active verb with no object and nobody it could share one with: "the buses drove out"."""
    if token.tag_ == "VBN" or relation(token) == "amod" or is_reduced_relative(token):
        return False
    if lemma(token) in UNCHANGED and token.tag_ != "VBG":
        return False
    return not objects(token) and not is_passive(token) and subject(token, elided=False) is not None


def _stative(token: Token) -> bool:
    if token.pos_ == "ADJ" or token.tag_ in ("VBN", "VBG"):
        return True
    return token.pos_ in ("NOUN", "VERB") and lemma(token) in ("dead", "missing", "homeless", "stranded", "trapped")


def _kills_off(token: Token) -> bool:
    """ "Killed off two brands"."""
    return lemma(token) == "kill" and any(c.lower_ == "off" for c in token.children)


def _lacks(token: Token) -> bool:
    """ "Thousands were left without power": not where they are but what they lack."""
    return bool(children(token, "xcomp", "obj", "ccomp")) or any(p in ("without", "with") for p, _ in obliques(token))


def _near(token: Token, words: frozenset[str], reach: int = 4) -> Token | None:
    """The next of `words` right of the token, before any other verb, punctuation or paragraph end."""
    for i in range(token.i + 1, min(len(token.doc), token.i + 1 + reach)):
        other = token.doc[i]
        if other.lower_ in words or lemma(other) in words:
            return other
        if other.is_space or other.is_punct or other.is_sent_start or other.pos_ == "VERB":
            return None
    return None


def _particle(token: Token, words: frozenset[str]) -> Token | None:
    by_tree = [c for c in token.children if c.lower_ in words and c.i > token.i]
    if by_tree:
        return by_tree[0]
    by_case = [noun for prep, noun in obliques(token) if prep in words]
    if by_case:
        return doc_token_before(by_case[0], words)
    return _near(token, words, 3)


def doc_token_before(noun: Token, words: frozenset[str]) -> Token | None:
    """The preposition (one of `words`) of a prepositional phrase."""
    return next((c for c in noun.children if c.lower_ in words), None)


def _object(token: Token, words: frozenset[str]) -> Token | None:
    for child in children(token, "obj", "nsubj:pass", "obl"):
        if lemma(child) in words and not (relation(child) == "obl" and children(child, "case")):
            return child
    near = _near(token, words, 6)
    if near is None or near.pos_ not in ("NOUN", "PROPN"):
        return None
    towards = any(c.lower_ in ("to", "into") for c in children(near, "case"))
    return None if towards else near  # "taken to 12 shelters" takes no shelter


def _of(token: Token, words: frozenset[str]) -> Token | None:
    for child in token.children:
        if lemma(child) in words or child.lower_ in words:
            return child
    for prep, noun in obliques(token):
        if prep in ("of", "for", "from") and lemma(noun) in words:
            return noun
    before = token.nbor(-1) if token.i else None
    return before if before is not None and lemma(before) in words else None


def _place(token: Token, words: frozenset[str]) -> Token | None:
    for prep, noun in obliques(token):
        if prep in ("in", "at", "inside", "under", "within", "from", "out of", "off", "into") and lemma(noun) in words:
            return noun
    return None


def _to(token: Token, words: frozenset[str]) -> Token | None:
    return next((n for p, n in obliques(token) if p in WAYS and lemma(n) in words), None)


def _complement(token: Token, words: frozenset[str]) -> Token | None:
    """What somebody is told to do: "told them to leave", "ordered that residents leave"; not "told AFP they left"."""
    for child in children(token, "xcomp", "ccomp", "advcl", "obl"):
        back = lemma(child) == "go" and any(
            c.lower_ in ("back", "home", "to") and c.i > child.i for c in child.children
        )
        if lemma(child) in words and (child.tag_ == "VB" or child.pos_ == "NOUN") and not back:
            return child
    return None
