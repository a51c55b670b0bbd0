"""What a run was: software, model and rules, by their digests, so that it can be repeated."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from kg import __version__
from kg.nlp.model_runtime import DEFAULT_PATH
from kg.nlp.pipeline import SHIPPED
from kg.settings import resource
from kg.types import Run

_PACKAGE = Path(__file__).resolve().parent.parent
# All that decides what is read from a text and how it is written down.
_CODE = ("readers", "nlp", "linking", "mapping")
_FILES = ("types.py", "lexicon.py", "ontology.py")
_TABLES = (("ontology", "lexicons/*.toml"), ("seeds", "*.tsv"), ("seeds", "*.tsv.gz"))


def run_of(model: str, *, started: str | None = None, settings: tuple[tuple[str, str], ...] = ()) -> Run:
    """The run that this installation makes with this model (a name or a path).

    `started` is an xsd:dateTime to be recorded; without it the same input gives the same graph at any time.
    """
    return Run(
        software=f"newsclaims {__version__}",
        model=Path(model).name,
        model_digest=model_digest(model),
        rules_digest=rules_digest(),
        started=started,
        settings=settings,
    )


@cache
def model_digest(model: str) -> str:
    """SHA-256 over the files of a model, in hexadecimal; empty if it is neither a folder nor a package."""
    folder = DEFAULT_PATH if model == SHIPPED else Path(model)
    if not folder.is_dir():
        spec = importlib.util.find_spec(model) if "/" not in model else None
        if spec is None or not spec.submodule_search_locations:
            return ""
        folder = Path(spec.submodule_search_locations[0])
    return _digest((p.relative_to(folder).as_posix(), p) for p in folder.rglob("*") if p.is_file())


@cache
def rules_digest() -> str:
    """SHA-256 over lexicons, tables and the code that decides, in hexadecimal."""
    files = [(name, _PACKAGE / name) for name in _FILES]
    for room in _CODE:
        for kind in ("*.py", "*.toml"):
            files += [(p.relative_to(_PACKAGE).as_posix(), p) for p in (_PACKAGE / room).rglob(kind)]
    for room, pattern in _TABLES:
        files += [(f"{room}/{p.name}", p) for p in resource(room).glob(pattern)]
    return _digest(files)


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    total = hashlib.sha256()
    for name, path in sorted(files):
        if "__pycache__" not in name:
            total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()
