"""Whole texts of articles, where the one who runs the server has the right to show them: a folder of text files."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from server.settings import ServerSettings

_LARGEST = 10_000_000  # bytes of a text


def of(settings: ServerSettings, article: str) -> str | None:
    """The text of an article by its name (16 digits of the SHA-256 of the text); None if it is not to be shown."""
    if settings.texts is None:
        return None
    path = _index(settings.texts).get(article)
    return _read(path) if path else None


@lru_cache(maxsize=4)
def _index(folder: Path) -> dict[str, Path]:
    """The text files of a folder by the digest of what they say. Read once: start again when files were added."""
    found = {}
    for path in sorted(folder.rglob("*.txt")):
        if path.stat().st_size <= _LARGEST and (text := _read(path)) is not None:
            found[hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]] = path
    return found


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
