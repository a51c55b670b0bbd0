"""What kind of actor a name is: by the tables first, by the name's own words next, by the model's label last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kg.linking.actors import KnownActor, known_actor
from kg.linking.gazetteer import lookup
from kg.linking.names import fold
from kg.linking.states import Metonym, State, metonym, rows, state_named
from kg.settings import resource
from kg.types import ActorKind

_NONE: Mapping[str, float] = MappingProxyType({})
_LABELS = {"PERSON": ActorKind.PERSON, "ORG": ActorKind.ORGANIZATION}
# A name that the model calls a body or a person is a place all the same if it is as known as a large town.
_PLACE = 0.6


@dataclass(frozen=True, slots=True)
class Typed:
    """The kind of a name and what decided it. `kind` None: a place, or nothing that acts."""

    kind: ActorKind | None
    how: str  # "state", "metonym", "known_actor", "words", "title", "place", "label"
    actor: KnownActor | None = None
    state: State | None = None
    metonym: Metonym | None = None


@cache
def _words() -> Mapping[str, ActorKind]:
    table = rows(resource("seeds") / "actor-words.tsv")
    return MappingProxyType({r["word"]: ActorKind(r["kind"]) for r in table})


def kind_of(
    name: str, label: str, countries: Mapping[str, float] = _NONE, *, title: bool = False, speaks: bool = False
) -> Typed:
    """The kind of a name of an article.

    `label`: the model's (PERSON, ORG, LOC, NORP, "" for none). `countries`: ISO code -> weight of the article's
    countries (see `kg.nlp.places.countries`), for acronyms that several bodies share. `title`: a title of persons
    stands before the name. `speaks`: the name is the subject of a verb of saying or deciding, so a capital or
    seat stands for its government ("Washington said").
    """
    if title and label in ("PERSON", ""):
        return Typed(ActorKind.PERSON, "title")
    state = state_named(name)
    if state is not None:
        return Typed(ActorKind.STATE, "state", state=state)
    actor = known_actor(name, countries)
    if actor is not None:
        return Typed(actor.kind, "known_actor", actor=actor)
    stands = metonym(name)
    if stands is not None and (speaks or stands.kind == "seat") and label != "PERSON":
        return Typed(ActorKind.STATE, "metonym", metonym=stands)
    if label != "PERSON":
        kind = _by_words(name)
        if kind is not None:
            return Typed(kind, "words")
    if label == "LOC" or (label != "PERSON" and _is_place(name, countries)):
        return Typed(None, "place")
    return Typed(_LABELS.get(label), "label")


def _by_words(name: str) -> ActorKind | None:
    """The kind that the name's head word gives: "Ministry of Health", "Quds Brigade"; None for a bare head word."""
    words = fold(name).split()
    if len(words) < 2:
        return None
    before_of = words[: words.index("of")] if "of" in words[1:] else words
    for word in (before_of[-1], words[0], words[-1]):
        if word in _words():
            return _words()[word]
    return None


def _is_place(name: str, countries: Mapping[str, float]) -> bool:
    best = lookup(name, countries)[:1]
    return bool(best) and best[0].by == "name" and best[0].score >= _PLACE
