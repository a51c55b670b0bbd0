"""Named entities from the `Entity=` annotation of GUM: maximal spans headed by a proper noun."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from kg.train.conllu import Row
from kg.train.names import is_people
from kg.train.records import Span

_KIND = {"person": "PERSON", "place": "LOC", "organization": "ORG"}
_BRACKETS = re.compile(r"\((?P<open>[^()]+)(?P<close>\)?)|(?P<end>[^()]+)\)")
# GRP-etype-infstat-salience-centering-minspan-link-identity
_TYPE, _IDENTITY = 1, 7


@dataclass(frozen=True)
class Entity:
    """A mention: first and last token, GUM's entity type and the Wikipedia title it is linked to, or ""."""

    start: int
    last: int
    kind: str
    identity: str


def mentions(rows: tuple[Row, ...]) -> list[Entity]:
    """The mentions that begin and end in this sentence."""
    pending: list[tuple[list[str], int]] = []
    found: list[Entity] = []
    for i, row in enumerate(rows):
        value = re.search(r"(?:^|\|)Entity=([^|]*)", row.misc)
        if not value:
            continue
        for match in _BRACKETS.finditer(value.group(1)):
            if match["open"]:
                pending.append((match["open"].split("-"), i))
                if not match["close"]:
                    continue
                fields, start = pending.pop()
            else:
                at = next((k for k in range(len(pending) - 1, -1, -1) if pending[k][0][0] == match["end"]), None)
                if at is None:
                    continue
                fields, start = pending.pop(at)
            identity = unquote("-".join(fields[_IDENTITY:])) if len(fields) > _IDENTITY else ""
            found.append(Entity(start, i, fields[_TYPE], identity))
    return found


def names(rows: tuple[Row, ...]) -> tuple[list[Span], list[int]]:
    """Name spans of one sentence and the tokens that nobody can judge (unsure adjectives of origin)."""
    spans: list[Span] = []
    for mention in mentions(rows):
        if mention.kind not in _KIND:
            continue
        span = _linked_span(rows, mention) or _proper_span(rows, mention)
        if span:
            spans.append((*span, _KIND[mention.kind]))
    covered = {i for a, b, _ in spans for i in range(a, b)}
    unsure = []
    for i, row in enumerate(rows):
        capital = row.form[:1].isupper() and not row.form.isupper()
        if i in covered and not (row.xpos == "NNPS" and (i, i + 1, "PERSON") in spans):
            continue
        if capital and (row.upos == "ADJ" or row.xpos == "NNPS"):
            if is_people([row.form], [row.xpos]):
                spans = [s for s in spans if s[:2] != (i, i + 1)]
                spans.append((i, i + 1, "NORP"))
            elif i > 0:
                unsure.append(i)
    return spans, unsure


def _normal(text: str) -> str:
    return re.sub(r"\W+|_", "", text.lower())


def _linked_span(rows: tuple[Row, ...], mention: Entity) -> tuple[int, int] | None:
    """The tokens inside the mention that spell the linked title."""
    title = _normal(re.sub(r"_\(.*", "", mention.identity))
    if not title:
        return None
    for start in range(mention.start, mention.last + 1):
        text = ""
        for end in range(start, mention.last + 1):
            text += _normal(rows[end].form)
            if len(text) > len(title):
                break
            if text == title and _normal(rows[start].form) and any(r.form[0].isupper() for r in rows[start : end + 1]):
                skip = 1 if rows[start].form.lower() == "the" and end > start else 0
                return start + skip, end + 1
    return None


def _proper_span(rows: tuple[Row, ...], mention: Entity) -> tuple[int, int] | None:
    """The proper noun at the head of the mention with what belongs to its name."""
    inside = set(range(mention.start, mention.last + 1))
    head = next((i for i in sorted(inside) if rows[i].head - 1 not in inside), None)
    if head is None or rows[head].upos != "PROPN" or (mention.kind == "person" and rows[head].xpos == "NNPS"):
        return None
    start = end = head
    while start > mention.start and (
        _in_name(rows[start - 1])
        or (rows[start - 1].form in "-/" and start - 1 > mention.start and _in_name(rows[start - 2]))
    ):
        start -= 1
    while end < mention.last and (
        _follows(rows[end + 1]) or (rows[end + 1].form == "-" and end + 1 < mention.last and _follows(rows[end + 2]))
    ):
        end += 1
    return start, end + 1


def _in_name(row: Row) -> bool:
    part = row.form[:1].isupper() and row.upos in ("ADJ", "NOUN") and row.label in ("amod", "compound", "flat", "nmod")
    return row.upos == "PROPN" or part


def _follows(row: Row) -> bool:
    return row.upos == "PROPN" or row.label.startswith("flat")
