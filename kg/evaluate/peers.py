"""What simpler ways find in the same texts with the same model: quotations by textacy and by a pattern, figures by
the nearest trigger and name. Each answers rows that the scorer reads."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Span, Token

from kg.evaluate import against_gold as golds
from kg.evaluate import written
from kg.evaluate.calibration import report_row, statement_row
from kg.evaluate.polnear import as_printed
from kg.evaluate.readings import Read, Reader, read_folder
from kg.evaluate.scoring import score
from kg.evaluate.tables import Cell, Section
from kg.lexicon import events

Row = dict[str, Any]
Rows = dict[str, list[Row]]  # by document
SPEECH = "PolNeAR"
QUOTED = re.compile(r"[\"“„«](?P<words>[^\"“”„«»\n]{12,}?)[\"”»]")
SPEAKERS = frozenset({"PERSON", "ORG"})
CUE_WINDOW = 60  # code points around a quotation in which the pattern looks for a speaker


def peers(reader: Reader, shared: Path) -> Section:
    """The scorer's figures of each way, side by side, on the development articles, our own and PolNeAR."""
    rows: list[tuple[Cell, ...]] = []
    for name, gold in _gold(shared).items():
        read = read_folder(reader, gold.texts, tuple(gold.documents))
        for way, (statements, reports) in _ways(read, printed=name == SPEECH).items():
            rows.append((name, way, *_cells(gold.documents, statements, reports)))
    notes = ["P, R and F1 of statements with their source, of direct quotations alone, and of figure claims"]
    if not has_textacy():
        notes.append("textacy is not installed (pip install 'newsclaims[peers]'): its rows are left out")
    return Section(
        "Simpler ways on the same texts with the same model",
        ("texts", "way", "P", "R", "statements", "P", "R", "direct", "P", "R", "figures"),
        tuple(rows),
        tuple(notes),
    )


def _gold(shared: Path) -> dict[str, golds.Gold]:
    known = {"development": golds.gold(shared / "gold" / "dev")}
    own = written.folder()
    if own is not None:
        known["our own"] = golds.gold(own, own)
    return {**known, SPEECH: golds.gold(shared / "gold" / "polnear-dev")}


def _cells(gold: Mapping[str, Mapping[str, Any]], statements: Rows | None, reports: Rows | None) -> Iterator[Cell]:
    """P, R and F1 of all statements, of the direct ones, and of figure claims; None of what a way does not look for."""
    direct = {d: {**g, "statements": _direct(g["statements"])} for d, g in gold.items()}
    quoted = {d: _direct(rows) for d, rows in (statements or {}).items()}
    with_reports = any(g.get("reports") for g in gold.values())
    for known, said, measure, wanted in (
        (gold, statements, golds.ATTRIBUTED, statements is not None),
        (direct, quoted, golds.ATTRIBUTED, statements is not None),
        (gold, None, golds.CLAIM, reports is not None and with_reports),
    ):
        found = score(known, said or {}, reports or {})[measure]
        yield from ((found[k] if wanted else None) for k in ("P", "R", "F1"))


def _direct(statements: Iterable[Row]) -> list[Row]:
    return [s for s in statements if s["mode"] == "direct"]


def _ways(read: Sequence[Read], *, printed: bool) -> dict[str, tuple[Rows | None, Rows | None]]:
    """Rows of statements and of reports by document, by way. `printed`: our sources with their own words."""

    def rows(of: Callable[[Read], Iterable[Row]]) -> Rows:
        return {r.reading.article.id: list(of(r)) for r in read}

    ways: dict[str, tuple[Rows | None, Rows | None]] = {
        "newsclaims": (rows(lambda r: _ours(r, printed)), rows(_our_reports)),
        "quotation marks, nearest name": (rows(lambda r: by_pattern(r.doc)), None),
        "nearest trigger and name": (None, rows(lambda r: nearest(r.doc))),
    }
    if has_textacy():
        ways["textacy, direct quotations"] = (rows(lambda r: by_textacy(r.doc)), None)
    return ways


def _ours(read: Read, printed: bool) -> Iterator[Row]:
    for statement in read.reading.statements:
        row = statement_row(statement)
        yield as_printed(row, read.reading.article.text) if printed else row


def _our_reports(read: Read) -> Iterator[Row]:
    return (report_row(report) for report in read.reading.reports)


def has_textacy() -> bool:
    """True if the optional package is installed."""
    return find_spec("textacy") is not None


def by_textacy(doc: Doc) -> Iterator[Row]:
    """textacy's direct quotations, paragraph by paragraph: it gives up on a text with an odd number of marks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from textacy.extract.triples import direct_quotations
    for part in paragraphs(doc):
        alone = part.as_doc()
        if sum(t.is_quote for t in alone) % 2:
            continue
        for found in direct_quotations(alone):
            speaker = _with_flat(found.speaker)
            yield _statement(
                " ".join(t.text for t in speaker),
                (part.start_char + found.content.start_char, part.start_char + found.content.end_char),
                _stretch(found.cue, part.start_char),
                _stretch(speaker, part.start_char),
            )


def _with_flat(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with the other words of their names, which Universal Dependencies call flat and not compound."""
    return sorted({*tokens, *(c for t in tokens for c in t.children if c.dep_ == "flat")}, key=lambda t: t.i)


def _stretch(tokens: Sequence[Token], base: int) -> tuple[int, int]:
    return base + min(t.idx for t in tokens), base + max(t.idx + len(t) for t in tokens)


def paragraphs(doc: Doc) -> Iterator[Span]:
    """The stretches of the Doc between line breaks that hold a word."""
    start = 0
    for token in doc:
        last = token.i == len(doc) - 1
        if last or "\n" in token.text:
            end = token.i + 1 if last and not token.is_space else token.i
            if any(not t.is_space for t in doc[start:end]):
                yield doc[start:end]
            start = token.i + 1


def by_pattern(doc: Doc) -> Iterator[Row]:
    """Words between quotation marks; who says them is the nearest name of a person or organisation around them."""
    names = [e for e in doc.ents if e.label_ in SPEAKERS]
    for found in QUOTED.finditer(doc.text):
        start, end = found.span()
        near = [(_gap(e, start, end), e) for e in names if _gap(e, start, end) <= CUE_WINDOW]
        speaker = min(near, key=lambda pair: pair[0])[1] if near else None
        where = (speaker.start_char, speaker.end_char) if speaker is not None else None
        yield _statement(speaker.text if speaker is not None else "", (start, end), None, where)


def _gap(span: Span, start: int, end: int) -> int:
    """Code points between a name and a quotation; a name inside it says nothing."""
    if span.start_char >= end:
        return span.start_char - end
    return start - span.end_char if span.end_char <= start else CUE_WINDOW + 1


def _statement(
    source: str, content: tuple[int, int], cue: tuple[int, int] | None, where: tuple[int, int] | None
) -> Row:
    return {"source": source, "source_span": where, "cue_span": cue, "content_span": content, "mode": "direct"}


def nearest(doc: Doc) -> Iterator[Row]:
    """Each number with the nearest trigger of its sentence, and the nearest name there as its source."""
    triggers = {word: t for lexicon in events() for t in lexicon.triggers for word in t.lemmas}
    for sentence in doc.sents:
        acts = [t for t in sentence if t.lemma_.lower() in triggers and t.pos_ in ("VERB", "NOUN", "ADJ")]
        names = [e for e in sentence.ents if e.label_ in SPEAKERS]
        for number in _numbers(sentence) if acts else ():
            act = min(acts, key=lambda t: abs(t.i - number.start))
            name = min(names, key=lambda e: abs(e.start - number.start)).text if names else ""
            trigger, value = triggers[act.lemma_.lower()], _value(number)
            yield {
                "event": trigger.event,
                "measure": trigger.measure,
                "status": "happened",
                "trigger_span": (act.idx, act.idx + len(act)),
                "figure_span": (number.start_char, number.end_char),
                **dict.fromkeys(("value", "low", "high"), value),
                "counts": "people",
                "source": name,
            }


def _numbers(sentence: Span) -> Iterator[Span]:
    """Runs of number words with the noun that follows; without one, words and what may be a year are left out."""
    doc, i = sentence.doc, sentence.start
    while i < sentence.end:
        start = i
        while i < sentence.end and doc[i].like_num:
            i += 1
        if i > start:
            noun = i < sentence.end and doc[i].pos_ == "NOUN"
            if noun or not (doc[start].text.isalpha() or len(doc[start].text) == 4):
                yield doc[start : i + int(noun)]
        i += int(i == start)


_WORDS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


def _value(number: Span) -> int | None:
    value = None
    for token in number:
        digits = token.text.replace(",", "")
        if digits.isdecimal():
            value = int(digits)
        elif token.lower_ in _WORDS:
            value = _WORDS[token.lower_]
        elif token.lower_ in _SCALES:
            value = (value or 1) * _SCALES[token.lower_]
    return value
