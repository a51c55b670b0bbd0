"""The speech verbs of the seed articles: who speaks and what is said, by the product and from the bare trees.

`python -m kg.train.speech_verbs [--model NAME]` prints both.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc, Token

from kg.evaluate.readings import Reader, read_all, texts
from kg.evaluate.scoring import statement_pairs, statement_verdict
from kg.nlp.pipeline import SHIPPED
from kg.nlp.syntax import children, is_verb, relation, subject
from kg.settings import Settings, resource
from kg.types import Statement

Gold = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """Of `verbs` speech verbs: how many have the right speaker, and how many the right speaker and content."""

    verbs: int
    speaker: int
    whole: int

    def __add__(self, other: Found) -> Found:
        """Both counts together."""
        return Found(self.verbs + other.verbs, self.speaker + other.speaker, self.whole + other.whole)

    def __str__(self) -> str:
        return f"{self.verbs} speech verbs: speaker right {self.speaker}, whole statement right {self.whole}"


def of_seeds(model: str = SHIPPED) -> dict[str, Found]:
    """Counts over the seed articles with the language model `model`: "product" and "bare trees"."""
    folder = resource("seeds")
    gold = {p.stem: json.loads(p.read_text(encoding="utf8")) for p in sorted((folder / "gold").glob("0*.json"))}
    reader = Reader(model, Settings().base)
    found = {"product": Found(0, 0, 0), "bare trees": Found(0, 0, 0)}
    for name, read in zip(gold, read_all(reader, texts(folder / "articles", list(gold))), strict=True):
        cues = [s for s in gold[name]["statements"] if s["cue_span"] and _verb(read.doc, s) is not None]
        found["product"] += by_product(cues, read.reading.statements)
        found["bare trees"] += by_trees(cues, read.doc)
    return found


def by_product(gold: Sequence[Gold], statements: Iterable[Statement]) -> Found:
    """Count with what the pipeline's statements say."""
    rows = [_row(s) for s in statements]
    verdicts = {i: statement_verdict(gold[i], rows[j]) for i, j in statement_pairs(gold, rows)}

    def right(g: Gold, *parts: str) -> bool:
        same = [i for i, other in enumerate(gold) if other["cue_span"] == g["cue_span"]]
        return all(i in verdicts and all(verdicts[i][p] for p in parts) for i in same)

    verbs = list(_one_a_cue(gold))
    speaker = sum(right(g, "attributed", "cue") for g in verbs)
    return Found(len(verbs), speaker, sum(right(g, "whole") for g in verbs))


def by_trees(gold: Sequence[Gold], doc: Doc) -> Found:
    """Count with the subject of each verb and its clause, as the tree has them."""
    speakers = wholes = 0
    verbs = list(_one_a_cue(gold))
    for g in verbs:
        verb = _verb(doc, g)
        if verb is None:
            continue
        who = subject(verb)
        speaker = who is not None and g["source_span"][0] <= who.idx < g["source_span"][1]
        said = [other["content_span"] for other in gold if other["cue_span"] == g["cue_span"]]
        wanted = {t.i for t in doc if _counts(t) and any(a <= t.idx < b for a, b in said)}
        speakers += speaker
        wholes += speaker and {t.i for t in content(verb) if _counts(t)} == wanted
    return Found(len(verbs), speakers, wholes)


def content(verb: Token) -> list[Token]:
    """The words of what is said: the clause below the verb, or the one the verb interrupts or follows."""
    if relation(verb) == "parataxis":
        own = set(verb.subtree)
        return [t for t in verb.head.subtree if t not in own]
    for label in ("ccomp", "parataxis", "xcomp", "obj", "obl"):
        found = children(verb, label)
        if found:
            return list(found[0].subtree)
    return []


def _counts(token: Token) -> bool:
    """Punctuation, white space, "and", "but" and the conjunction "that" make no difference."""
    linking = relation(token) == "cc" or (relation(token) == "mark" and token.lower_ == "that")
    return not (token.is_punct or token.is_space or linking)


def _verb(doc: Doc, gold: Gold) -> Token | None:
    start, end = gold["cue_span"]
    inside = [t for t in doc if start <= t.idx < end and is_verb(t)]
    return next((t for t in inside if not relation(t).startswith("aux")), inside[0] if inside else None)


def _one_a_cue(gold: Sequence[Gold]) -> Iterator[Gold]:
    return iter({tuple(g["cue_span"]): g for g in gold}.values())


def _row(statement: Statement) -> dict[str, Any]:
    return {
        "content_span": (statement.content.start, statement.content.end),
        "cue_span": (statement.cue.start, statement.cue.end) if statement.cue else None,
        "source": statement.source.name if statement.source else None,
        "mode": str(statement.mode),
    }


def main() -> None:
    """Print both counts."""
    parser = argparse.ArgumentParser(prog="python -m kg.train.speech_verbs", description=__doc__)
    parser.add_argument("--model", default=SHIPPED, help="a spaCy package or a path")
    for name, found in of_seeds(str(parser.parse_args().model)).items():
        print(f"{name}: {found}")


if __name__ == "__main__":
    main()
