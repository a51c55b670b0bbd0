"""What looks like a place to the model and is none: storms, companies, peoples, currencies, known bodies."""

from __future__ import annotations

from collections import Counter
from typing import Protocol, TypeVar

from spacy.tokens import Doc

from kg.linking.actors import known_actor
from kg.linking.gazetteer import known
from kg.linking.names import fold
from kg.linking.states import state_named, state_of_people
from kg.nlp import syntax


class Named(Protocol):
    """A stretch of tokens with a name."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def core(self) -> str: ...

    @property
    def kind(self) -> str | None: ...


N = TypeVar("N", bound=Named)

_STORMS = frozenset("typhoon hurricane cyclone storm depression el la super".split())
_BODIES = frozenset(
    "sa co corp corporation inc ltd plc llc gmbh ag kk company group guard agency prix cup league party bank airlines"
    " airways ministry university institute council committee fc united olympics games times post journal news network"
    " tv radio foundation commission court police army forces force society association club magazine church".split()
)
_MEASURES = frozenset("dollar dollars time currency peso yen pounds".split())
_SIDES = frozenset("north south east west northeast northwest southeast southwest central midwest".split())
_LOCATING = frozenset(
    "in at near from across around outside inside into to toward towards within throughout off along beyond on".split()
)


def without_strangers(doc: Doc, found: list[N]) -> list[N]:
    """`found` without names of storms, companies, known organisations, peoples and units of money."""
    storms = {fold(m.core) for m in found if m.start and doc[m.start - 1].lower_ in _STORMS}
    labels = Counter((fold(e.text), e.label_ in ("PERSON", "ORG")) for e in doc.ents)
    other = {name for (name, acts), n in labels.items() if acts and n >= labels[(name, False)]}
    located = {fold(m.core) for m in found if _located(doc, m)}
    return [m for m in found if not _stranger(doc, m, storms, other, located)]


def _stranger(doc: Doc, mention: Named, storms: set[str], other: set[str], located: set[str]) -> bool:
    key = fold(mention.core)
    if key in _SIDES:
        return True  # "the North": which one, the words do not say
    after = doc[mention.end].lower_ if mention.end < len(doc) else ""
    if key in storms or after in _MEASURES or _adjectival(doc, mention):
        return True
    if state_named(mention.core):
        return False
    if (doc[mention.end - 1].lower_.rstrip(".") in _BODIES and not known(mention.core)) or after in _BODIES:
        return True
    if known_actor(mention.core) or known_actor(doc[mention.start : mention.end].text):
        return True
    if state_of_people(mention.core) and not known(mention.core):
        return True
    # A name that no table knows is a place only where words say so: a preposition, a kind, a place named beside it.
    return not known(mention.core) and mention.kind is None and (key in other or key not in located)


def _adjectival(doc: Doc, mention: Named) -> bool:
    """True for "U.S. airmen", "UK government": names that serve as adjectives, and speak of a people or a state."""
    if mention.end - mention.start > 1 or not state_of_people(mention.core) or not state_named(mention.core):
        return False
    return syntax.relation(doc[mention.start]) in ("compound", "amod", "nmod:desc")


def _located(doc: Doc, mention: Named) -> bool:
    """True if a kind or a locating preposition says that the name is a place."""
    if mention.kind is not None:
        return True
    if syntax.parsed(doc):
        word = syntax.preposition(doc[mention.start : mention.end].root)
        if word is not None:
            return word in _LOCATING
    at = mention.start - 1
    while at >= 0 and (doc[at].lower_ in ("the", "and", ",") or doc[at].pos_ in ("ADJ", "PROPN")):
        at -= 1
    return at >= 0 and doc[at].lower_ in _LOCATING
