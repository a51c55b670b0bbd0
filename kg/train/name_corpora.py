"""Names of UNER (over EWT tokens), wikigold and re3d, brought to spans over our tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.train.conllu import Row
from kg.train.names import is_people, word_list
from kg.train.records import Span

_UNER = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}
_RE3D = {"Person": "PERSON", "Organisation": "ORG", "Location": "LOC", "Nationality": "NORP"}
_SMALL = {
    "of",
    "the",
    "and",
    "for",
    "in",
    "al",
    "bin",
    "ibn",
    "de",
    "on",
    "to",
    "-",
    "'s",
    "’s",
    "’",
    "'",
    "&",
    ".",
    "/",
}


def read_uner(path: Path) -> dict[str, list[tuple[str, str]]]:
    """sentence id -> (word, IOB2 tag) pairs."""
    sentences: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf8").splitlines():
        if line.startswith("# sent_id"):
            current = sentences.setdefault(line.partition("=")[2].strip(), [])
        elif line and not line.startswith("#"):
            cells = line.split("\t")
            current.append((cells[1], cells[2]))
    return sentences


def uner_names(rows: tuple[Row, ...], tagged: Sequence[tuple[str, str]]) -> tuple[list[Span], list[int]] | None:
    """Spans over `rows` by character position; None where the two texts differ.

    The second value lists tokens without a judgement: UNER's first version tags the last
    token of many sentences `B-O`, which hides a possible name.
    """
    if "".join(r.form for r in rows).replace(" ", "") != "".join(w for w, _ in tagged).replace(" ", ""):
        return None
    place: list[int] = [i for i, row in enumerate(rows) for _ in row.form.replace(" ", "")]
    raw: list[tuple[int, int, str]] = []
    unjudged: list[int] = []
    at = 0
    for word, tag in tagged:
        end = at + len(word.replace(" ", ""))
        if tag == "B-O" and rows[place[at]].upos == "PROPN":
            unjudged.append(place[at])
        elif tag[:2] == "B-" and tag != "B-O":
            raw.append((at, end, tag[2:]))
        elif tag[:2] == "I-" and raw:
            raw[-1] = (raw[-1][0], end, raw[-1][2])
        at = end
    spans: list[Span] = []
    for a, b, kind in raw:
        first, last = place[a], place[b - 1]
        if kind in _UNER:
            spans.append((first, last + 1, _UNER[kind]))
        elif is_people([r.form for r in rows[first : last + 1]], [r.xpos for r in rows[first : last + 1]]):
            spans.append((first, last + 1, "NORP"))
    return spans, unjudged


def read_wikigold(path: Path) -> Iterator[tuple[int, list[str], list[Span]]]:
    """Yield (document number, words, spans) by sentence; MISC is kept only where it names a people."""
    doc, words, tags = 0, list[str](), list[str]()
    for line in [*path.read_text(encoding="utf8").splitlines(), ""]:
        if line.startswith("-DOCSTART"):
            doc += 1
        elif line.strip():
            word, tag = line.split()
            words.append({"``": '"', "''": '"'}.get(word, word))
            tags.append(tag)
        elif words:
            yield doc, words, _wikigold_spans(words, tags)
            words, tags = [], []


def _wikigold_spans(words: list[str], tags: list[str]) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for i in range(1, len(words) + 1):
        if i < len(words) and tags[i] == tags[start]:
            continue
        kind = {"I-PER": "PERSON", "I-ORG": "ORG", "I-LOC": "LOC"}.get(tags[start])
        if tags[start] == "I-MISC" and is_people(words[start:i], ["JJ"] * (i - start)):
            kind = "NORP"
        if kind:
            spans.append((start, i, kind))
        start = i
    return spans


def read_lines_of_json(path: Path) -> list[dict[str, object]]:
    """Objects of a file with one JSON object a line (re3d)."""
    lines = (line.strip().rstrip(",") for line in path.read_text(encoding="utf8").splitlines())
    return [json.loads(line) for line in lines if line.startswith("{")]


def re3d_names(
    words: Sequence[str], starts: Sequence[int], entities: Sequence[dict[str, object]]
) -> tuple[list[Span], list[int]]:
    """Spans over a document's words from re3d's character spans, and the words without a judgement.

    re3d marks common nouns too ("rebels", "the country") and misses names: only capitalised
    cores are kept, and capitalised words outside every entity are left unjudged.
    """
    spans: list[Span] = []
    unjudged = {i for i, w in enumerate(words) if w[:1].isupper()}
    for entity in entities:
        begin, end = int(str(entity["begin"])), int(str(entity["end"]))
        inside = [i for i, s in enumerate(starts) if begin <= s < end]
        kind = _RE3D.get(str(entity["type"]))
        core = _core(words, inside, kind) if inside and kind else None
        if core and kind:
            as_people = kind != "PERSON" and is_people(words[core[0] : core[1]]) and core[1] - core[0] <= 2
            spans.append((*core, "NORP" if as_people else kind))
        elif inside and not kind:
            unjudged.update(inside)
    return spans, sorted(unjudged)


def _core(words: Sequence[str], inside: list[int], kind: str | None) -> tuple[int, int] | None:
    """The capitalised name inside an annotated phrase; None where there is none."""
    titles = word_list("titles")
    start, end = inside[0], inside[-1] + 1
    while start < end and (not words[start][0].isupper() or words[start] == "The"):
        start += 1
    while kind == "PERSON" and start < end and words[start].lower().rstrip(".") in titles | {"of", "the", "for"}:
        start += 1
    while end > start and not words[end - 1][0].isupper() and not words[end - 1].isdigit():
        end -= 1
    body = words[start:end]
    if len(body) == 1 and body[0].lower() in word_list("function_words"):
        return None
    if not body or any(not w[0].isupper() and w.lower() not in _SMALL and not w.isdigit() for w in body):
        return None
    if kind == "PERSON" and any(re.fullmatch(r"of|and|to|for|in", w) for w in body):
        return None
    return start, end
