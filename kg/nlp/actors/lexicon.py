"""The words by which actors are recognised: `ontology/lexicons/actors.toml` as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.errors import LexiconError
from kg.lexicon import read_toml
from kg.settings import resource
from kg.types import ActorKind


@dataclass(frozen=True, slots=True)
class Metonym:
    """A seat or symbol that stands for an actor: "the Kremlin"."""

    name: str
    stands_for: str
    kind: ActorKind


@dataclass(frozen=True, slots=True)
class ActorWords:
    """Word lists, lower case unless they are names."""

    honorifics: frozenset[str]
    roles: frozenset[str]
    groups: frozenset[str]
    male: frozenset[str]  # titles, nouns and given names
    female: frozenset[str]
    organizations: frozenset[str]
    suffixes: frozenset[str]
    never_short: frozenset[str]
    name_only: frozenset[str]  # end names of bodies, but speak of none in lower case: "house", "cross"
    never: frozenset[str]  # names that never act: "God", "Christmas"
    companies: frozenset[str]
    outlets: frozenset[str]
    agencies: frozenset[str]
    armed: frozenset[str]
    armed_names: frozenset[str]
    documents: frozenset[str]
    nouns: frozenset[str]  # all common nouns of the lists above
    kin: Mapping[str, frozenset[str]]  # words that describe the same thing: "weather", "meteorological"
    metonyms: Mapping[str, Metonym]
    states: Mapping[str, str]  # any printed name -> the state's name
    peoples: Mapping[str, str]  # "Syrian" -> "Syria"
    capitals: Mapping[str, str]  # "Beijing" -> "China"


@cache
def actor_words() -> ActorWords:
    """The word lists of the installed lexicon. Raises LexiconError if the file has a fault."""
    path = resource("ontology") / "lexicons" / "actors.toml"
    data = read_toml(path)
    try:
        return _words(data)
    except (KeyError, TypeError, ValueError) as error:
        raise LexiconError(
            f"a table or key of the actor lexicon is missing or wrong: {error}", where=str(path)
        ) from error


def _words(data: Mapping[str, Any]) -> ActorWords:
    titles, person, given = data["titles"], data["person"], data["given"]
    states: dict[str, str] = {}
    peoples: dict[str, str] = {}
    capitals: dict[str, str] = {}
    for name, row in data["states"].items():
        states |= dict.fromkeys([name, *row["other"]], name)
        peoples |= dict.fromkeys(row["people"], name)
        capitals |= dict.fromkeys(row["capital"], name)
    return ActorWords(
        honorifics=frozenset(titles["honorifics"]),
        roles=frozenset(person["roles"]),
        groups=frozenset(person["groups"]),
        male=frozenset(titles["male"] + person["male"] + given["male"]),
        female=frozenset(titles["female"] + person["female"] + given["female"]),
        organizations=frozenset(data["organization"]["heads"]),
        suffixes=frozenset(data["organization"]["suffixes"]),
        never_short=frozenset(data["organization"]["never_short"]),
        name_only=frozenset(data["organization"]["name_only"]),
        never=frozenset(data["never"]["names"]),
        companies=frozenset(data["organization"]["companies"]),
        outlets=frozenset(data["organization"]["outlets"]),
        agencies=frozenset(data["organization"]["agencies"]),
        armed=frozenset(data["armed_group"]["words"]),
        armed_names=frozenset(data["armed_group"]["names"]),
        documents=frozenset(data["document"]["heads"]),
        nouns=frozenset(
            person["roles"] + data["organization"]["heads"] + data["document"]["heads"] + data["armed_group"]["words"]
        ),
        kin={word: frozenset(group) for group in data["kin"]["words"] for word in group},
        metonyms={
            m["name"]: Metonym(m["name"], m["stands_for"], ActorKind(m["kind"])) for m in data.get("metonym", ())
        },
        states=states,
        peoples=peoples,
        capitals=capitals,
    )
