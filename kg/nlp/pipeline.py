"""The reading pipeline: a language model by name, and the extraction components after it."""

from __future__ import annotations

import gc
import importlib.util
from pathlib import Path

import spacy
from spacy.language import Language

from kg.errors import ModelError
from kg.nlp import components, encoder

SHIPPED = "en_newsclaims"
WARMING = "Two people were killed in Aleppo on Friday, the army said."


def load(model: str = SHIPPED, *, threads: int = 1) -> Language:
    """A spaCy pipeline that leaves claims on its Docs.

    `model` is the shipped model, an installed spaCy package (`en_core_web_trf`) or a path;
    `threads` is the number of threads of the shipped model. Raises ModelError if it cannot be loaded.
    """
    nlp = _language(model, threads)
    for name in components.ORDER:
        nlp.add_pipe(name)
    _settle(nlp)
    return nlp


def _settle(nlp: Language) -> None:
    """Reads a sentence, so that all tables are loaded, and spares the garbage collector from going through them.

    Without it a third of the time of the extraction goes into collections that find nothing.
    """
    nlp(WARMING)
    gc.collect()
    gc.freeze()


def _language(model: str, threads: int) -> Language:
    if model == SHIPPED:
        return encoder.load(threads=threads)
    path = Path(model)
    if not path.exists() and importlib.util.find_spec(model) is None:
        raise ModelError(
            f"a language model was expected, found neither a package nor a folder named {model!r}",
            hint=f"use {SHIPPED!r}, install the package or give a path",
        )
    try:
        nlp = spacy.load(model)
    except OSError as error:
        raise ModelError(f"the language model {model!r} does not load: {error}") from error
    missing = [n for n in ("parser", "ner") if n not in nlp.pipe_names and not _annotates(nlp)]
    if missing:
        raise ModelError(
            f"the language model {model!r} lacks {', '.join(missing)}", hint="use a model with a parser and names"
        )
    return nlp


def _annotates(nlp: Language) -> bool:
    """True if some component says that it sets heads and entities (an encoder with all heads in one)."""
    assigned = {a for name in nlp.pipe_names for a in nlp.get_pipe_meta(name).assigns}
    return {"token.head", "doc.ents"} <= assigned
