"""Texts read by the product's own pipeline, with the parses kept where a folder for them is given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.mapping import article_quads, shared_quads
from kg.nlp import claims
from kg.nlp.components import ORDER
from kg.nlp.pipeline import load
from kg.nlp.records import put_value
from kg.pipeline import run_of
from kg.pipeline.run import model_digest
from kg.readers import Failure, masked, read
from kg.settings import Settings
from kg.store import Store
from kg.types import Article, Reading


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads: a model, the base IRI of graphs, and a folder that keeps parses (None: none are kept)."""

    model: str
    base: str
    parses: Path | None = None


def reader_of(settings: Settings, parses: Path | None = None) -> Reader:
    """The reader with these settings."""
    return Reader(settings.model, settings.base, parses)


@dataclass(frozen=True, slots=True)
class Read:
    """One article as it was read: the Doc with all components' records, and the claims."""

    doc: Doc
    reading: Reading


def pipeline(reader: Reader) -> Language:
    """The reading pipeline, loaded once a process and model."""
    return _loaded(reader.model)


@cache
def _loaded(model: str) -> Language:
    return load(model)


def texts(folder: Path, documents: Sequence[str] = ()) -> list[Article]:
    """The articles of a folder, or only those named. Raises what reading raises: evaluation texts must be readable."""
    paths = [folder / f"{d}.txt" for d in documents] if documents else sorted(folder.glob("*.txt"))
    found = []
    for item in read(paths):
        if isinstance(item, Failure):
            raise item.error
        found.append(item)
    return found


def read_all(reader: Reader, articles: Iterable[Article]) -> Iterator[Read]:
    """Each article read. The language model runs only where its parse of this text was not kept."""
    nlp = pipeline(reader)
    for article in articles:
        doc = parsed(reader, article)
        for name in ORDER:
            doc = nlp.get_pipe(name)(doc)
        yield Read(doc, claims.reading(doc, article))


def parsed(reader: Reader, article: Article) -> Doc:
    """What the language model makes of the article, before any of our own components."""
    nlp = pipeline(reader)
    text = masked(article)
    kept = _kept(reader, text)
    if kept is not None and kept.is_file():
        doc = Doc(nlp.vocab).from_bytes(kept.read_bytes())
    else:
        doc = nlp.make_doc(text)
        for name, component in nlp.pipeline:
            if name not in ORDER:
                doc = component(doc)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(doc.to_bytes())
    put_value(doc, "published", article.published)
    put_value(doc, "zones", [[z.span.start, z.span.end, z.kind.value] for z in article.zones])
    return doc


def _kept(reader: Reader, text: str) -> Path | None:
    if reader.parses is None:
        return None
    model = reader.model
    name = hashlib.sha256(text.encode()).hexdigest()[:24]
    return reader.parses / (model_digest(model)[:12] or Path(model).name) / f"{name}.doc"


@cache
def read_folder(reader: Reader, folder: Path, documents: tuple[str, ...] = ()) -> tuple[Read, ...]:
    """The articles of a folder, read once a process however many parts ask for them."""
    return tuple(read_all(reader, texts(folder, documents)))


def graph_of(readings: Iterable[Reading], reader: Reader) -> Store:
    """The graph of these readings, in memory, as `kg build` writes it."""
    store, run = Store.memory(), run_of(reader.model)
    for reading in readings:
        quads = article_quads(reading, run, reader.base) + shared_quads(reading, run, reader.base)
        store.extend(quads)
    return store
