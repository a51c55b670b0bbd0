"""The parts of an evaluation that can be asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from kg.evaluate.against_gold import shared_folder
from kg.evaluate.calibration import calibration
from kg.evaluate.entities import entities
from kg.evaluate.idmc import idmc
from kg.evaluate.ordinary import ordinary
from kg.evaluate.peers import peers
from kg.evaluate.polnear import polnear
from kg.evaluate.rams import rams
from kg.evaluate.readings import Reader
from kg.evaluate.rejected import rejected
from kg.evaluate.tables import Section
from kg.evaluate.written import written

OWN: dict[str, Callable[[Reader], Section]] = {"written": written}
SHARED: dict[str, Callable[[Reader, Path], Section]] = {
    "calibration": calibration,
    "entities": entities,
    "peers": peers,
    "polnear": polnear,
    "rams": rams,
    "idmc": idmc,
    "ordinary": ordinary,
    "rejected": rejected,
}
PARTS = (*OWN, *SHARED)


def sections(names: Iterable[str], reader: Reader) -> tuple[Section, ...]:
    """The figures of each part; a part whose corpus is not there is skipped, with the reason."""
    shared = shared_folder()
    return tuple(_section(name, reader, shared) for name in names)


def _section(name: str, reader: Reader, shared: Path | None) -> Section:
    if name in OWN:
        return OWN[name](reader)
    if shared is None:
        return Section(name, skipped="no shared folder with gold and corpora is there (set NEWSCLAIMS_SHARED)")
    try:
        return SHARED[name](reader, shared)
    except FileNotFoundError as error:
        return Section(name, skipped=f"{error.filename} is not there")
