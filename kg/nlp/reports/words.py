"""Closed word lists of the figure-to-trigger rules, from `words.toml`, and the numbers that bound them."""

from __future__ import annotations

from pathlib import Path

from kg.lexicon import read_toml

_LISTS: dict[str, list[str]] = read_toml(Path(__file__).with_name("words.toml"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name])


COUNT_NOUNS = _words("count_nouns")
REACH = _words("reach")
RISES = _words("rises")
CARRIERS = _words("carriers")
COMPRISING = tuple(_LISTS["comprising"])
JOINERS = tuple(_LISTS["joiners"])
PARTITIVES = tuple(_LISTS["partitives"])
LISTING = _words("listing")
NO_PEOPLE = _words("no_people")
LEFT_BEHIND = _words("left_behind")
BETWEEN = _words("between")
NUMBERING = _words("numbering")
HARMED_WITH = _words("harmed_with")
MULTIPLIES = _words("multiplies")
UNCHANGED = _words("unchanged")
NEGATED = _words("negated")
CAUSATIVES = _words("causatives")
BARE_NOUNS = _words("bare_nouns")
CONDUCTS = _words("conducts")
ISSUES = _words("issues")
IDIOMS = _words("idioms")
ELSEWHERE = _words("elsewhere")
CUSTODY = _words("custody")
ADDRESSED = _words("addressed")
UNHARMED = _words("unharmed")
LOCALS = _words("locals")
SAYING = _words("saying")
HEARERS = _words("hearers")
SPREADING = _words("spreading")
PROCESSES = _words("processes")
CAMERAS = _words("cameras")
HUNTED = _words("hunted")
HARMLESS = _words("harmless")

REACH_BACK = 22  # tokens between two figures of one list; longer lists of counts are rare in news
FEWEST = 20  # a bare number beside a weak trigger is people from here on: smaller ones count days, places, vehicles
