"""Whole results kept for the next client that asks the same of the same generation."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

_LARGEST = 1 << 20  # bytes; one large result would push out hundreds of small ones


@dataclass(frozen=True, slots=True)
class Entry:
    """A result as it was sent."""

    body: bytes
    content_type: str


class Cache:
    """Least recently used results up to `size` bytes."""

    def __init__(self, size: int) -> None:
        self._size, self._held = size, 0
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    def get(self, tag: str) -> Entry | None:
        """The result with this entity tag, or None."""
        entry = self._entries.get(tag)
        if entry is not None:
            self._entries.move_to_end(tag)
        return entry

    def put(self, tag: str, entry: Entry) -> None:
        """Keep a result if it is small enough."""
        if len(entry.body) > min(_LARGEST, self._size) or tag in self._entries:
            return
        self._entries[tag] = entry
        self._held += len(entry.body)
        while self._held > self._size:
            _, old = self._entries.popitem(last=False)
            self._held -= len(old.body)


def entity_tag(*parts: object) -> str:
    """A strong ETag of all that decides over a result."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode())
        digest.update(b"\0")
    return f'"{digest.hexdigest()[:32]}"'


def matches(header: str | None, tag: str) -> bool:
    """True if an If-None-Match header names `tag` (compared weakly, as RFC 9110 asks for GET)."""
    if header is None:
        return False
    offered = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in offered or tag in offered
