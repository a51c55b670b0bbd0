"""With the privacy switch on, no page, document or query tells the name of a private person."""

from __future__ import annotations

from pathlib import Path

from kg.export.pseudonyms import Rule
from kg.store import Store
from server.settings import ServerSettings
from server.veil import veil
from tests.server.page import page
from tests.serving import Running


def test_nothing_served_tells_the_name(tmp_path: Path, seed_lines: str) -> None:
    source = tmp_path / "data.nq"
    source.write_text(seed_lines, encoding="utf-8")
    with Store.create_or_open(tmp_path / "store") as store:
        store.load(source)
        store.publish()
    named = ServerSettings(store=tmp_path / "store", port=0, texts=tmp_path)
    settings = veil(named, Rule(b"k", frozenset({"wissam zarqa"}), frozenset({"john kerry"})), tmp_path / "veiled")
    assert (settings.writable, settings.texts) == (False, None)
    (tmp_path / "veiled").mkdir(exist_ok=True)
    server = Running(settings)
    try:
        home = page(server, "/page/article/3a0529bf3f2140c4")
        assert "English teacher" in home
        assert "John Kerry" in home
        query = {"query": "SELECT ?s ?o { ?s ?p ?o }", "format": "csv"}
        everything = server.client.get("/sparql", params=query).text + home + page(server, "/search")
        assert "John Kerry" in everything
        assert "zarqa" not in everything.casefold()
        assert server.client.get("/page/actor/person-wissam-zarqa").status_code == 404
    finally:
        server.close()
