"""A generation in memory is the generation on the disk."""

from __future__ import annotations

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.store import Store, received, send

UPDATE = """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CREATE GRAPH <urn:empty> ;
INSERT DATA {
  <urn:a> <urn:p> "words \\n \\"quoted\\""@en , "2024-01-01"^^xsd:date , 01.50 , _:b .
  GRAPH <urn:g> { _:b <urn:q> _:c . <urn:a> <urn:r> <<( <urn:a> <urn:p> "x" )>> . <urn:ä> <urn:p> "\\u00e9" }
}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.create_or_open(tmp_path / "store") as store:
        store.update(UPDATE)
        quad = ox.Quad(
            ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("in a nameless graph"), ox.BlankNode("n")
        )
        store.inner.add(quad)
    return tmp_path / "store"


def test_a_copy_holds_the_same_quads_graphs_and_blank_nodes(folder: Path) -> None:
    stream = io.BytesIO()
    with Store.open(folder) as store:
        send(store, stream)
        quads, graphs = set(store.inner), set(store.inner.named_graphs())
    stream.seek(0)
    with received(stream, folder, 1) as copy:
        assert set(copy.inner) == quads
        assert set(copy.inner.named_graphs()) == graphs
        assert len(graphs) == 3
        assert copy.generation == 1
        with pytest.raises(StoreError, match="opened for writing"):
            copy.update("CLEAR ALL")


@pytest.mark.parametrize("part", [0, 0.3, 0.7, 0.99])
def test_a_part_of_a_copy_is_refused(folder: Path, part: float) -> None:
    stream = io.BytesIO()
    with Store.open(folder) as store:
        send(store, stream)
    whole = stream.getvalue()
    with pytest.raises(StoreError, match="expected, found"):
        received(io.BytesIO(whole[: int(len(whole) * part)]), folder, 1)
    lines = whole.splitlines(keepends=True)
    with pytest.raises(StoreError, match="quads were expected"):
        received(io.BytesIO(b"".join(lines[:-1])), folder, 1)


def test_a_copy_keeps_its_generation_from_being_pruned(folder: Path) -> None:
    stream = io.BytesIO()
    with Store.open(folder) as store:
        send(store, stream)
    stream.seek(0)
    copy = received(stream, folder, 1)
    for number in range(5):
        with Store.create_or_open(folder) as store:
            store.update(f"INSERT DATA {{ <urn:n> <urn:p> {number} }}")
    assert (folder / "generations" / "00000001").is_dir()
    copy.close()
    with Store.create_or_open(folder) as store:
        store.update("INSERT DATA { <urn:n> <urn:p> 9 }")
    assert not (folder / "generations" / "00000001").is_dir()
