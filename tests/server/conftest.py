"""Servers for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.mapping import article_quads, shared_quads
from kg.store import canonical_lines
from tests.gold_readings import BASE, RUN
from tests.queries.conftest import seed_readings
from tests.server.page import HOSTILE
from tests.serving import Running, Start, starter


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start servers; they are stopped at the end of the module."""
    yield from starter(tmp_path_factory)


@pytest.fixture(scope="session")
def seed_lines(root: Path) -> str:
    """The hand-made graph of the two seed articles as N-Quads, and an actor with a hostile name."""
    quads: list[ox.Quad] = []
    for reading in seed_readings(root / "seeds"):
        quads += [*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)]
    hostile = ox.NamedNode(BASE + "id/actor/hostile")
    graph, nc = ox.NamedNode(BASE + "graph/entities"), "https://w3id.org/newsclaims/ontology#"
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    quads += [
        ox.Quad(hostile, kind, ox.NamedNode(nc + "Actor"), graph),
        ox.Quad(hostile, label, ox.Literal(HOSTILE), graph),
        ox.Quad(hostile, ox.NamedNode(nc + "url"), ox.NamedNode("javascript:alert(1)"), graph),
        ox.Quad(hostile, ox.NamedNode(nc + "name"), ox.Literal("x" * 100_000), graph),
    ]
    return "\n".join(canonical_lines(quads))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory, seed_lines: str) -> Iterator[Running]:
    """A server over the seeds' graph; only to be read."""
    servers = starter(tmp_path_factory)
    yield next(servers)(seed_lines)
    next(servers, None)
