"""A store written anew holds its quads and not one word of what was deleted."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.store import Store, generations, rewrite


def quads(word: str, count: int = 2_000) -> list[ox.Quad]:
    graph, says = ox.NamedNode(f"urn:{word}"), ox.NamedNode("urn:says")
    return [
        ox.Quad(ox.NamedNode(f"urn:{word}{n}"), says, ox.Literal(f"{word} says its sentence {n}"), graph)
        for n in range(count)
    ]


def test_deleted_words_are_in_no_file_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Store.create_or_open(folder) as store:
        store.extend([*quads("zaltborough"), *quads("other")])
    with Store.create_or_open(folder) as store:
        store.update("DROP GRAPH <urn:zaltborough>")
        expected = store.canonical()
        store.compact()

    def held() -> list[Path]:
        return [p for p in folder.rglob("*") if p.is_file() and b"zaltborough" in p.read_bytes()]

    assert held()  # compacting alone leaves them: this is why stores are written anew
    assert rewrite(folder) == 2_000
    assert held() == [] and len(generations(folder)) == 1
    with Store.create_or_open(folder) as store:
        store.extend(quads("more", 3))
    with Store.open(folder) as store:
        assert len(store) == 2_003 and set(expected) < set(store.canonical())


def test_a_store_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "store") as store:
        store.extend(quads("other", 3))
        with pytest.raises(StoreError, match="another process"):
            rewrite(tmp_path / "store")
        assert len(store) == 3
