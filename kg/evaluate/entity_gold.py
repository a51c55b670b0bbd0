"""Actors and places marked in re3d and UNER, as texts with stretches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.types import Span

_RE3D = {"Location": "place", "Person": "actor", "Organisation": "actor"}
_UNER = {"LOC": "place", "PER": "actor", "ORG": "actor"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and its marked stretches, by kind: "actor" or "place"."""

    id: str
    text: str
    stretches: tuple[tuple[str, Span], ...]
    has_nominals: bool  # the corpus marks pronouns and common nouns too


def re3d(folder: Path) -> Iterator[Marked]:
    """The documents of all parts of re3d. Its organisations and persons hold pronouns and common nouns too."""
    for part in sorted(p.parent for p in folder.glob("*/documents.json")):
        documents = {d["_id"]: d["text"] for d in _records(part / "documents.json")}
        marked: dict[str, list[tuple[str, Span]]] = {d: [] for d in documents}
        for entity in _records(part / "entities.json"):
            kind = _RE3D.get(entity["type"])
            if kind and entity["documentId"] in marked:
                marked[entity["documentId"]].append((kind, Span(entity["begin"], entity["end"])))
        for id, text in documents.items():
            yield Marked(f"{part.name}-{id[:8]}", text, tuple(marked[id]), True)


def _records(file: Path) -> Iterator[Mapping[str, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def uner(file: Path) -> Iterator[Marked]:
    """The documents of a UNER file (IOB2), sentences joined by a space. Only names are marked."""
    document: list[str] = []
    for line in [*file.read_text(encoding="utf-8").splitlines(), "# newdoc id = end"]:
        if line.startswith("# newdoc"):
            if document:
                yield _document(document)
            document = []
        document.append(line)


def _document(lines: Iterable[str]) -> Marked:
    id, text, at = "", "", 0
    found: list[tuple[str, Span]] = []
    for line in lines:
        if line.startswith("# newdoc id = "):
            id = line.split(" = ", 1)[1]
        elif line.startswith("# text = "):
            text += " " if text else ""
            at = len(text)
            text += line.split(" = ", 1)[1]
        elif line and not line.startswith("#"):
            _, word, tag, *_ = line.split("\t")
            start = max(at, text.find(word, at))
            at = start + len(word)
            kind = _UNER.get(tag[2:])
            if kind and tag.startswith("B-"):
                found.append((kind, Span(start, at)))
            elif kind and tag.startswith("I-") and found:
                found[-1] = (found[-1][0], Span(found[-1][1].start, at))
    return Marked(id, text, tuple(found), False)
