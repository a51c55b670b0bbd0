"""Where cues stand in a Doc: reporting verbs with their auxiliaries and particles, fixed cues, cue nouns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from spacy.tokens import Doc, Token

from kg.nlp import syntax
from kg.nlp.actors.cast import nominal_kind
from kg.nlp.attribution.lexicon import CueLexicon, Verb
from kg.nlp.inflection import singulars
from kg.types import ActorKind

DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today tonight".split())
FIGURE_REACH = 6  # tokens from "put" to "the number", "their death toll"
VALUE_REACH = 12  # tokens from "the number" and its "of ..." to "at 300"
MARKS = frozenset(",\"”’'")
SURE = frozenset({"said", "says"})  # forms that need no tagger to be known as verbs
_PASSIVE_FRAMES = frozenset({"infinitive", "of", "clause", "passive_as", "by", "as"})


class Kind(StrEnum):
    """What sort of cue stands there."""

    VERB = "verb"
    FIXED = "fixed"
    CITING = "citing"
    FIGURE = "figure"
    LIGHT = "light"
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Hit:
    """One cue: tokens [start, end), the verb (or first word) at `head`."""

    kind: Kind
    start: int
    end: int
    head: int
    frames: frozenset[str]
    prepositions: frozenset[str]
    weight: float
    verb: Verb | None = None
    passive: bool = False


def hits(doc: Doc, lexicon: CueLexicon) -> tuple[Hit, ...]:
    """All cue candidates in text order."""
    found: list[Hit] = []
    taken = -1
    for token in doc:
        if token.lower_ not in lexicon.triggers or token.i <= taken:
            continue
        hit = _fixed(token, lexicon) or _verbal(token, lexicon) or _nominal(token, lexicon)
        if hit is not None:
            found.append(hit)
            whole = hit.kind in (Kind.FIXED, Kind.CITING) or (hit.verb is not None and "passive_as" in hit.verb.frames)
            taken = hit.end - 1 if whole else token.i
    return tuple(found)


def _fixed(token: Token, lexicon: CueLexicon) -> Hit | None:
    for fixed in lexicon.fixed:
        if token.lower_ != fixed.words[0]:
            continue
        tokens = [token.doc[i] for i in range(token.i, min(token.i + len(fixed.words), len(token.doc)))]
        if tuple(t.lower_ for t in tokens) == fixed.words and (not fixed.strict or _apart(token, tokens[-1])):
            kind = Kind.CITING if fixed.citing else Kind.FIXED
            frames = frozenset({"strict"}) if fixed.strict else frozenset()
            return Hit(kind, token.i, tokens[-1].i + 1, token.i, frames, frozenset(), fixed.weight)
    return None


def _apart(first: Token, last: Token) -> bool:
    """ ", per the ministry", not "per day": behind a mark or at the head of a sentence, and with a noun phrase."""
    doc = first.doc
    opens = not first.i or first.is_sent_start or doc[first.i - 1].is_punct or doc[first.i - 1].is_space
    if not opens or last.i + 1 >= len(doc):
        return False
    behind = doc[last.i + 1]
    return behind.pos_ in ("DET", "PROPN", "PRON", "ADJ") or behind.text.isupper()


def _verbal(token: Token, lexicon: CueLexicon) -> Hit | None:
    lemma = lexicon.forms.get(token.lower_)
    if lemma is None:
        return None
    if token.lower_ not in SURE and token.pos_ not in ("VERB", "AUX") and not _mistagged(token, lexicon):
        return None
    special = _figure(token, lemma, lexicon) or _light(token, lemma, lexicon)
    if special is not None:
        return special
    for verb in lexicon.verbs.get(lemma, ()):
        end = _after_particles(token, verb)
        if end is not None:
            return _verb_hit(token, verb, end)
    return None


def _mistagged(token: Token, lexicon: CueLexicon) -> bool:
    """ "says" or "warns" tagged as a noun where a subject stands right before it."""
    if token.tag_ not in ("NNS", "VBZ", "NN", "VBD"):
        return False
    return any(syntax.relation(c) in syntax.SUBJECTS for c in token.children) or _headline_verb(token)


def _headline_verb(token: Token) -> bool:
    """ "Red Cross appeals for help": in the first line, a name before it, a preposition after it, and no verb yet."""
    doc, i = token.doc, token.i
    if (
        not i
        or i + 1 >= len(doc)
        or not token.lower_.endswith("s")
        or any("\n" in t.text for t in doc[:i] if t.is_space)
    ):
        return False
    if doc[i - 1].pos_ != "PROPN" or doc[i + 1].lower_ not in ("for", "to", "on", "of", "over", "that"):
        return False
    return not any(t.pos_ in ("VERB", "AUX") for t in doc[:i])


def _verb_hit(token: Token, verb: Verb, end: int) -> Hit | None:
    passive = _passive(token)
    start = _with_auxiliaries(token)
    frames = verb.frames
    if "passive_as" in frames:
        return _quoted_as(token, verb, start, end, passive=passive)
    if passive and not frames & _PASSIVE_FRAMES:
        return None
    return Hit(Kind.VERB, start, end, token.i, frames, verb.prepositions, verb.weight, verb, passive)


def _passive(token: Token) -> bool:
    """Passive by its auxiliary, or a bare participle; not "a total it expected to double"."""
    if syntax.children(token, "aux:pass"):
        return True
    label = syntax.relation(token)
    if label == "conj" and not syntax.children(token, *syntax.SUBJECTS, *syntax.PASSIVE_SUBJECTS):
        return token.tag_ == "VBN" and _passive(token.head)
    if label in ("acl", "amod", "advcl"):
        subjects = syntax.children(token, *syntax.SUBJECTS, *syntax.PASSIVE_SUBJECTS)
        bare = token.tag_ in ("VBN", "VBD") and not subjects and not syntax.children(token, "aux")
        return bare and not (label == "amod" and _before_speaker(token))
    return _headline_passive(token)


def _before_speaker(token: Token) -> bool:
    """ "..., argued lawyer Peter Ong": behind a mark, with a person and no article before the person."""
    doc, i = token.doc, token.i
    if not i or doc[i - 1].text not in MARKS or token.head.i < i:
        return False
    noun = token.head
    return nominal_kind(noun) is ActorKind.UNNAMED_PERSON or noun.ent_type_ == "PERSON"


def _headline_passive(token: Token) -> bool:
    """ "30,000 villagers told to go home": a participle without auxiliary, in a line without a full stop."""
    if token.tag_ not in ("VBN", "VBD") or syntax.children(token, "aux") or syntax.objects(token):
        return False
    doc = token.doc
    end = next((t.i for t in doc[token.i :] if t.is_space and "\n" in t.text), len(doc))
    follows = token.i + 1 < len(doc) and doc[token.i + 1].lower_ == "to"
    return follows and doc[end - 1].text not in (".", "!", "?", "”", '"')


def _quoted_as(token: Token, verb: Verb, start: int, end: int, *, passive: bool) -> Hit | None:
    """ "was quoted (by the agency) as saying", "quoted a priest as saying": one cue; who is quoted is the source."""
    doc = token.doc
    if not passive and (doc[end].is_punct if end < len(doc) else True):
        return None
    for i in range(end, min(end + 12, len(doc) - 1)):
        if doc[i].lower_ == "as" and doc[i + 1].lower_ in ("saying", "telling", "warning", "adding"):
            frames = frozenset({"clause", "quote"})
            return Hit(Kind.VERB, start, i + 2, token.i, frames, frozenset(), verb.weight, verb, passive)
    return None


def _after_particles(token: Token, verb: Verb) -> int | None:
    doc, i = token.doc, token.i + 1
    while verb.particles and i < len(doc) and doc[i].lower_ not in verb.particles and _dates(doc, i):
        i += 1
    for particle in verb.particles:
        if i < len(doc) and doc[i].lower_ in ("again", "also", "instead") and doc[i].pos_ == "ADV":
            i += 1
        if i >= len(doc) or doc[i].lower_ != particle:
            return None
        i += 1
    return i


def _dates(doc: Doc, i: int) -> bool:
    """True for the words of "appealed on Wednesday for", "called again late Friday on"."""
    word = doc[i].lower_
    before_day = word in ("on", "late", "early", "last") and i + 1 < len(doc) and doc[i + 1].lower_ in DAYS | {"late"}
    return word in DAYS or before_day


def _with_auxiliaries(token: Token) -> int:
    """First token of the verb group: auxiliaries, negation and adverbs that stand right before the verb."""
    start = token.i
    doc = token.doc
    while start > 0:
        before = doc[start - 1]
        if (before.pos_ in ("AUX", "PART") and before.head.i in range(start, token.i + 1)) or (
            before.pos_ == "ADV"
            and start - 2 >= 0
            and doc[start - 2].pos_ == "AUX"
            and doc[start - 2].head.i == token.i
        ):
            start -= 1
        else:
            break
    return start


def _figure(token: Token, lemma: str, lexicon: CueLexicon) -> Hit | None:
    for figure in lexicon.figures:
        if lemma not in figure.lemmas:
            continue
        end = min(len(token.doc), token.i + FIGURE_REACH)
        nouns = [t for t in token.doc[token.i + 1 : end] if figure.objects.intersection(singulars(t.lower_))]
        for noun in nouns[:1]:
            last = token.doc[noun.i + 1 : min(len(token.doc), max(noun.right_edge.i, noun.i) + VALUE_REACH)]
            if any(t.lower_ in figure.prepositions and _value_after(t) for t in last):
                start = _with_auxiliaries(token)
                return Hit(Kind.FIGURE, start, token.i + 1, token.i, frozenset(), figure.prepositions, figure.weight)
    return None


def _value_after(preposition: Token) -> bool:
    doc = preposition.doc
    return any(t.like_num or t.text in "$€£" for t in doc[preposition.i + 1 : min(preposition.i + 6, len(doc))])


def _light(token: Token, lemma: str, lexicon: CueLexicon) -> Hit | None:
    for light in lexicon.lights:
        if lemma not in light.verbs or syntax.is_passive(token):
            continue
        for noun in syntax.objects(token):
            if light.objects.intersection(singulars(noun.lower_)) and noun.i > token.i:
                frames = frozenset({"quote", "clause"})
                return Hit(
                    Kind.LIGHT, _with_auxiliaries(token), noun.i + 1, token.i, frames, light.prepositions, light.weight
                )
    return None


def _nominal(token: Token, lexicon: CueLexicon) -> Hit | None:
    weight = next((lexicon.nouns[f] for f in singulars(token.lower_) if f in lexicon.nouns), None)
    if weight is None or token.pos_ != "NOUN" or not _clause_follows(token):
        return None
    return Hit(Kind.NOUN, token.i, token.i + 1, token.i, frozenset({"clause"}), frozenset(), weight)


def _clause_follows(token: Token) -> bool:
    doc = token.doc
    return token.i + 1 < len(doc) and any(
        t.lower_ == "that" and t.tag_ in ("IN", "") for t in doc[token.i + 1 : min(token.i + 8, len(doc))]
    )
