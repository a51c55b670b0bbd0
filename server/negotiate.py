"""Content negotiation (RFC 9110, section 12.5.1): the client's Accept against what is offered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from server.formats import Format

_QUALITY = re.compile(r"^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$")
_MAX_RANGES = 100  # an Accept with more media ranges than this is an attack, not a wish
_TEXT = ("text/", "application/sparql-results+xml", "application/rdf+xml", "application/xml")


@dataclass(frozen=True, slots=True)
class Range:
    """One media range of an Accept header; `quality` from 0 to 1."""

    kind: str
    subtype: str
    quality: float

    def matches(self, media_type: str) -> int:
        """How specifically this range names `media_type`: 0 not at all, 1 `*/*`, 2 `type/*`, 3 exactly."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if (self.kind, self.subtype) == (kind, "*"):
            return 2
        return 1 if (self.kind, self.subtype) == ("*", "*") else 0


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: a format, and the media type under which the client asked for it."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        """The Content-Type to answer with."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith(_TEXT) else self.media_type


def parse(accept: str | None) -> tuple[Range, ...]:
    """The media ranges of an Accept header; a missing or empty one means `*/*`. Malformed ranges are skipped."""
    ranges = []
    for part in (accept or "*/*").split(",")[:_MAX_RANGES]:
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        kind, slash, subtype = media_range.lower().partition("/")
        if media_range == "*":  # sent by old clients
            kind, slash, subtype = "*", "/", "*"
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                quality = float(value.strip()) if _QUALITY.match(value.strip()) else 0.0
        if slash and kind and subtype:
            ranges.append(Range(kind, subtype, quality))
    return tuple(ranges)


def quality(ranges: tuple[Range, ...], media_type: str) -> float:
    """The quality the client gives `media_type`: that of the range which names it most specifically."""
    best = max(((found.matches(media_type), found.quality) for found in ranges), default=(0, 0.0))
    return best[1] if best[0] else 0.0


@lru_cache(maxsize=512)
def choose(accept: str | None, formats: tuple[Format, ...]) -> Choice | None:
    """The offered format the client likes best; among equals the first offered. None: not acceptable."""
    ranges = parse(accept)
    offers = [Choice(found, media_type) for found in formats for media_type in found.media_types]
    best = max(offers, key=lambda offer: quality(ranges, offer.media_type), default=None)
    return best if best and quality(ranges, best.media_type) > 0 else None
