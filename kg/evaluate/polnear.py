"""Attribution on the PolNeAR development articles: with resolved names, as exported, and with the words printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.evaluate import against_gold as golds
from kg.evaluate.conventions import is_pronoun
from kg.evaluate.readings import Reader, graph_of, read_folder
from kg.evaluate.scoring import offsets
from kg.evaluate.tables import Section, at_least, share

OVERLAP, ATTRIBUTED_AT_LEAST = 75.0, 68.0
_MEASURES = {
    "content overlap": "statement content (overlap >= 0.5)",
    "content exact": "statement content (exact)",
    "attributed": golds.ATTRIBUTED,
    "whole": "statement whole (exact content + source + cue)",
}


def polnear(reader: Reader, shared: Path) -> Section:
    """The scorer's figures on PolNeAR's speech cues. Its gold keeps pronouns as sources; our export resolves them."""
    known = golds.gold(shared / "gold" / "polnear-dev")
    read = read_folder(reader, known.texts, tuple(known.documents))
    exported = golds.rows(graph_of((r.reading for r in read), reader), "statements")
    texts = {r.reading.article.id: r.reading.article.text for r in read}
    printed = {d: [as_printed(row, texts[d]) for row in rows] for d, rows in exported.items()}
    names = golds.scored(known, exported, {}, 0)
    words = golds.scored(known, printed, {}, 0)
    rows = [
        (what, *(score[key][k] for score in (names, words) for k in ("P", "R", "F1")))
        for what, key in _MEASURES.items()
    ]
    sources = [s["source"] for d in known.documents.values() for s in d["statements"] if s["source"]]
    pronouns = sum(is_pronoun(s) for s in sources)
    note = f"{pronouns} of {len(sources)} gold sources are pronouns ({share(pronouns, len(sources))} %)"
    bound = f"a source exported as a name is right in at most {share(len(sources) - pronouns, len(sources))} % of them"
    return Section(
        f"PolNeAR development: {len(known.documents)} articles, statements with a cue of speech or writing",
        ("", "P", "R", "F1 (names)", "P", "R", "F1 (as printed)"),
        tuple(rows),
        (f"{note}: {bound}",),
        (
            at_least("PolNeAR content overlap F1", names[_MEASURES["content overlap"]]["F1"], OVERLAP),
            at_least("PolNeAR attributed F1, sources as printed", words[golds.ATTRIBUTED]["F1"], ATTRIBUTED_AT_LEAST),
        ),
    )


def as_printed(row: Mapping[str, str], text: str) -> dict[str, str]:
    """An export row with the source's words at this place instead of the name they stand for."""
    found = offsets(row, "source")
    return {**row, "source": text[slice(*found)] if found else row["source"]}
