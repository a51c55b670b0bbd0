"""Reading CoNLL-U files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError


@dataclass(frozen=True)
class Row:
    """One syntactic word of a CoNLL-U sentence."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    label: str
    misc: str
    space_after: bool


@dataclass(frozen=True)
class Tree:
    """One CoNLL-U sentence with its document and the number of its paragraph in the file."""

    doc: str
    paragraph: int
    sent_id: str
    rows: tuple[Row, ...]


def read_trees(path: Path) -> Iterator[Tree]:
    """Yield the sentences of a CoNLL-U file; `newdoc` and `newpar` comments count paragraphs."""
    if not path.is_file():
        raise InputError("a CoNLL-U file was expected, found none", where=str(path), hint="see kg.train --help")
    doc, paragraph, sent_id = "", 0, ""
    block: list[list[str]] = []
    for line in path.read_text(encoding="utf8").splitlines():
        if line.startswith("#"):
            if line.startswith("# newdoc"):
                doc, paragraph = line.partition("=")[2].strip(), paragraph + 1
            elif re.match(r"# newpar(\s|$)", line):
                paragraph += 1
            elif line.startswith("# sent_id"):
                sent_id = line.partition("=")[2].strip()
        elif line:
            block.append(line.split("\t"))
        elif block:
            yield Tree(doc, paragraph, sent_id, _rows(block))
            block = []


def _rows(block: list[list[str]]) -> tuple[Row, ...]:
    joined: dict[int, bool] = {}  # word of a multi-word token -> is there a space after it
    rows = []
    for cells in block:
        if "." in cells[0]:  # an empty node of the enhanced graph
            continue
        if "-" in cells[0]:
            first, last = (int(n) for n in cells[0].split("-"))
            joined.update(dict.fromkeys(range(first, last), False))
            joined[last] = "SpaceAfter=No" not in cells[9]
            continue
        space = joined.get(int(cells[0]), "SpaceAfter=No" not in cells[9])
        lemma = cells[1] if cells[2] == "_" else cells[2]
        xpos = cells[3] if cells[4] == "_" else cells[4]
        feats = "" if cells[5] == "_" else cells[5]
        rows.append(Row(cells[1], lemma, cells[3], xpos, feats, int(cells[6]), cells[7], cells[9], space))
    return tuple(rows)


def space_before(rows: tuple[Row, ...]) -> tuple[bool, ...]:
    """For each word whether a space precedes it; the first word of a sentence is taken to have one."""
    return (True, *(row.space_after for row in rows[:-1]))
