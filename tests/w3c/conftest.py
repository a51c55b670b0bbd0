"""Servers for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Start, starter


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start servers; they are stopped at the end of the module."""
    yield from starter(tmp_path_factory)


@pytest.fixture(scope="session")
def suites(shared: Path) -> Path:
    """The W3C suites, read in place."""
    return shared / "w3c" / "sparql"
