"""What a claim says made it happen, as classes that can be compared: flood, storm, quake, war ..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kg.linking.states import rows
from kg.reconcile.records import Claim
from kg.settings import resource

_NAMED_STORM = re.compile(r"\b(?:Typhoon|Hurricane|Cyclone|Tropical Storm|Storm)\s+([A-Z][\w-]+)")
# Floods and slides come with storms, slides with quakes and eruptions: these do not contradict each other.
_TOGETHER = (frozenset({"flood", "storm", "slide"}), frozenset({"quake", "slide"}), frozenset({"eruption", "slide"}))


@cache
def _classes() -> Mapping[str, str]:
    table = rows(resource("seeds") / "causes.tsv")
    return MappingProxyType({word: r["class"] for r in table for word in r["words"].split()})


def causes_of(claim: Claim) -> frozenset[str]:
    """The causes that a claim names, as classes and names of storms: {"flood"}, {"storm", "storm:phanfone"}."""
    words = re.findall(r"[a-z]+", (claim.cause or "").lower())
    found = {_classes()[w] for w in words if w in _classes()}
    found |= {f"storm:{m.lower()}" for m in _NAMED_STORM.findall(claim.cause or "")}
    return frozenset(found)


def agree(left: frozenset[str], right: frozenset[str]) -> bool | None:
    """True if causes agree, False if they contradict each other, None where one is not named."""
    names = [{c for c in side if ":" in c} for side in (left, right)]
    if names[0] and names[1]:
        return bool(names[0] & names[1])
    kinds = [{c for c in side if ":" not in c} for side in (left, right)]
    if not kinds[0] or not kinds[1]:
        return None
    return bool(kinds[0] & kinds[1]) or any(kinds[0] | kinds[1] <= group for group in _TOGETHER)
