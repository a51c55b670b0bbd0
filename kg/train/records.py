"""The training record: one annotated sentence, read from and written to JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME_TYPES = ("PERSON", "ORG", "LOC", "NORP")
Span = tuple[int, int, str]  # first token, token after the last, type


@dataclass(frozen=True)
class Record:
    """A sentence. A layer the corpus lacks is None; a name tag of None is a token nobody judged.

    `heads` counts from 1, 0 is the root; `space_before` holds one flag a word;
    `doc` and `paragraph` tell which sentences stand together.
    """

    corpus: str
    doc: str
    paragraph: int
    words: tuple[str, ...]
    space_before: tuple[bool, ...]
    heads: tuple[int, ...] | None = None
    labels: tuple[str, ...] | None = None
    upos: tuple[str, ...] | None = None
    xpos: tuple[str, ...] | None = None
    feats: tuple[str, ...] | None = None
    lemmas: tuple[str, ...] | None = None
    names: tuple[str | None, ...] | None = None


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write records, one JSON object a line; returns how many."""
    count = 0
    with path.open("w", encoding="utf8") as out:
        for record in records:
            out.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
            count += 1
    return count


def read_records(path: Path) -> Iterator[Record]:
    """Read what `write_records` wrote."""
    with path.open(encoding="utf8") as lines:
        for line in lines:
            fields: dict[str, Any] = json.loads(line)
            values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
            yield Record(**values)


def tags_of_spans(length: int, spans: Iterable[Span], unjudged: Iterable[int] = ()) -> tuple[str | None, ...]:
    """BIO tags for `length` tokens; tokens in `unjudged` that no span covers get None."""
    tags: list[str | None] = ["O"] * length
    for i in unjudged:
        tags[i] = None
    for start, end, kind in spans:
        tags[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return tuple(tags)


def spans_of_tags(tags: Sequence[str | None]) -> list[Span]:
    """Spans of BIO tags; a stray I- opens a span; None counts as O."""
    spans: list[Span] = []
    start, kind = 0, ""
    for i, tag in enumerate([*(t or "O" for t in tags), "O"]):
        if kind and (tag[0] in "BO" or tag[2:] != kind):
            spans.append((start, i, kind))
            kind = ""
        if tag != "O" and not kind:
            start, kind = i, tag[2:]
    return spans
