"""The store: atomic graph replacement, generations, clear errors."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, StoreError
from kg.store import Store, canonical_lines, generations, is_store, latest

G = "https://example.org/graph/1"


def quad(number: int, graph: str = G) -> ox.Quad:
    node = ox.NamedNode(f"https://example.org/{number}")
    return ox.Quad(node, ox.NamedNode("https://example.org/p"), ox.Literal(f'word "{number}"\n'), ox.NamedNode(graph))


def test_a_graph_is_replaced_as_a_whole(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "s") as store:
        store.replace_article(G, [quad(1), quad(2)])
        store.replace_graph("https://example.org/other", [quad(3)])
        store.replace_article(G, [quad(4)])
    with Store.open(tmp_path / "s") as store:
        assert {q.subject.value for q in store.graph(G)} == {"https://example.org/4"}
        assert store.graphs() == (G, "https://example.org/other")
        assert len(store) == 2


def test_replacing_several_graphs_is_all_or_nothing(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "s") as store:
        store.replace_graph(G, [quad(1)])
        with pytest.raises((StoreError, ValueError)):
            store.replace_graphs({G: [quad(2)], "not an iri": [quad(3)]})
        assert [q.subject.value for q in store] == ["https://example.org/1"]


def test_removing_a_graph_says_whether_it_was_there() -> None:
    store = Store.memory()
    store.extend([quad(1)])
    assert store.remove_article(G) is True
    assert store.remove_article(G) is False
    assert len(store) == 0


def test_readers_keep_their_generation_while_the_writer_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with Store.create_or_open(folder) as store:
        store.extend([quad(1)])
    reader = Store.open(folder)
    first = reader.generation
    for number in range(2, 8):
        with Store.create_or_open(folder) as store:
            store.extend([quad(number)])
    assert len(reader) == 1
    assert first in {g.number for g in generations(folder)}
    reader.close()
    with Store.create_or_open(folder) as store:
        store.extend([quad(9)])
        assert store.publish() > 0
    assert first not in {g.number for g in generations(folder)}
    assert len(generations(folder)) == 3
    with Store.open(folder) as store:
        assert len(store) == 8


def test_an_unchanged_store_is_not_published_again(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "s"):
        pass
    before = latest(tmp_path / "s")
    with Store.create_or_open(tmp_path / "s") as store:
        assert len(store) == 0
    assert latest(tmp_path / "s") == before


def test_an_error_leaves_the_readers_at_the_old_generation(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with Store.create_or_open(folder) as store:
        store.extend([quad(1)])
    with pytest.raises(RuntimeError, match="stop"), Store.create_or_open(folder) as store:
        store.extend([quad(2)])
        raise RuntimeError("stop")
    with Store.open(folder) as store:
        assert len(store) == 1
    with Store.create_or_open(folder):
        pass  # what was written is published by the next writer
    with Store.open(folder) as store:
        assert len(store) == 2


def _hold(folder: str, ready: multiprocessing.synchronize.Event, done: multiprocessing.synchronize.Event) -> None:
    with Store.create_or_open(folder):
        ready.set()
        done.wait(30)


def test_a_second_writer_is_told_who_is_in_the_way(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(str(tmp_path / "s"), ready, done))
    process.start()
    try:
        assert ready.wait(30)
        with pytest.raises(StoreError, match=r"written by another process.*try again"):
            Store.create_or_open(tmp_path / "s")
    finally:
        done.set()
        process.join(30)


def test_missing_and_foreign_folders(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here - build one"):
        Store.open(tmp_path / "nothing")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="not a newsclaims store"):
        Store.open(tmp_path / "folder")
    (tmp_path / "folder" / "letter.txt").write_text("x")
    with pytest.raises(StoreError, match="found other files"):
        Store.create_or_open(tmp_path / "folder")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="found a file"):
        Store.create_or_open(tmp_path / "file")


def test_another_layout_and_a_damaged_store_are_refused(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "s") as store:
        store.extend([quad(1)])
    newest = latest(tmp_path / "s")
    assert newest is not None
    (newest.path / "CURRENT").write_text("MANIFEST-999999\n")
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path / "s")
    (tmp_path / "s" / "newsclaims-store.json").write_text('{"layout": 99}')
    with pytest.raises(StoreError, match="layout 1 was expected, found 99"):
        Store.open(tmp_path / "s")


def test_readers_cannot_write(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "s"):
        pass
    with Store.open(tmp_path / "s") as store, pytest.raises(StoreError, match="opened for writing"):
        store.extend([quad(1)])


def test_the_default_graph_of_queries_is_the_union() -> None:
    store = Store.memory()
    store.extend([quad(1), quad(2, "https://example.org/other")])
    rows = store.query("SELECT ?s { ?s ?p ?o }")
    assert isinstance(rows, ox.QuerySolutions)
    assert len(list(rows)) == 2
    with pytest.raises(QueryError, match="does not parse: error at 1:"):
        store.query("SELECT nonsense")


def test_the_canonical_dump_does_not_depend_on_order() -> None:
    quads = [quad(n) for n in range(20)]
    assert canonical_lines(quads) == canonical_lines(reversed(quads))
    loop = ox.Quad(ox.BlankNode("x"), ox.NamedNode("https://example.org/p"), ox.BlankNode("y"))
    other = ox.Quad(ox.BlankNode("b"), ox.NamedNode("https://example.org/p"), ox.BlankNode("a"))
    assert canonical_lines([loop]) == canonical_lines([other])


def test_a_backup_is_a_store(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "s") as store:
        store.extend([quad(1)])
        store.backup(tmp_path / "copy")
        with pytest.raises(StoreError, match="found a store"):
            store.backup(tmp_path / "copy")
    assert is_store(tmp_path / "copy")
    with Store.create_or_open(tmp_path / "copy") as store:
        store.extend([quad(2)])
    with Store.open(tmp_path / "copy") as store:
        assert len(store) == 2
    with Store.open(tmp_path / "s") as store:
        assert len(store) == 1


def test_compacting_changes_nothing_that_is_said(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "s") as store:
        for number in range(50):
            store.replace_graph(G, [quad(number), quad(number + 1)])
        before = store.canonical()
        store.compact()
        assert store.canonical() == before
    with Store.open(tmp_path / "s") as store:
        assert store.canonical() == before


def test_files_are_loaded_and_faults_in_them_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.nq", tmp_path / "bad.nq"
    good.write_text("\n".join(canonical_lines([quad(1), quad(2)])) + "\n")
    bad.write_text("<https://example.org/1> nonsense .\n")
    with Store.create_or_open(tmp_path / "s") as store:
        store.load(good)
        with pytest.raises(StoreError, match=r"bad\.nq: not loaded"):
            store.load(bad)
        with pytest.raises(StoreError, match="another ending"):
            store.load(tmp_path / "x.docx")
        orphan = tmp_path / "s" / "data" / "bulk-7.sst"
        orphan.write_bytes(b"")
    with Store.create_or_open(tmp_path / "s") as store:
        assert len(store) == 2
        assert not orphan.exists()


def test_the_rdflib_view_sees_the_same_triples() -> None:
    store = Store.memory()
    store.extend([quad(1)])
    rows = list(store.rdflib().query("SELECT ?s { ?s ?p ?o }"))
    assert [str(row[0]) for row in rows] == ["https://example.org/1"]
