"""What those who run the server rely on: settings in three forms, copies, the record of writes, takedowns."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.cli.entry import run
from kg.errors import StoreError, UsageError
from kg.store import Store, backup, note_withdrawn, restore, withdrawn
from server.settings import PREFIX, ServerSettings, as_toml, load
from tests.serving import TOKEN, Start

AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}
DIGEST = "0" * 64
PROV = "http://www.w3.org/ns/prov#"
ODD: dict[str, Any] = {  # for each setting a value that is not its default
    "store": Path("/other"),
    "base": "https://example.org/",
    "host": "127.0.0.9",
    "port": 8123,
    "public_url": "https://example.org",
    "tokens": {DIGEST: "write"},
    "texts": Path("/texts"),
    "licence": "https://example.org/licence",
    "memory_mb": 700,
    "slice_s": 0.5,
}


def odd(name: str) -> Any:
    default = ServerSettings.model_fields[name].get_default(call_default_factory=True)
    if name in ODD:
        return ODD[name]
    return not default if isinstance(default, bool) else default + 1


def plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict) else str(value)


@pytest.mark.parametrize("name", ServerSettings.model_fields)
def test_every_setting_has_three_forms_and_a_line_that_says_what_it_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    for known in ServerSettings.model_fields:
        monkeypatch.delenv(PREFIX + known.upper(), raising=False)
    wanted, file = odd(name), tmp_path / "newsclaims.toml"
    text = json.dumps(wanted if isinstance(wanted, bool | int | float) else plain(wanted))
    if isinstance(wanted, dict):
        text = "{" + ", ".join(f'"{key}" = "{value}"' for key, value in wanted.items()) + "}"
    file.write_text(f"[server]\n{name} = {text}\n", encoding="utf-8")
    assert getattr(load({}, file), name) == wanted
    monkeypatch.setenv(PREFIX + "CONFIG", str(file))
    assert getattr(load({}), name) == wanted
    monkeypatch.delenv(PREFIX + "CONFIG")
    monkeypatch.setenv(PREFIX + name.upper(), plain(wanted))
    assert getattr(load({}), name) == wanted
    if name not in {"writable", "private", "cors", "audit", "tokens"}:
        other = type(wanted)(wanted * 2) if isinstance(wanted, int | float) else f"{wanted}x/"
        assert getattr(load({name: other}, file), name) != wanted, "flags go before the environment"
    monkeypatch.delenv(PREFIX + name.upper())
    assert getattr(load({name: plain(wanted) if isinstance(wanted, dict) else wanted}), name) == wanted
    assert f"# {name} = " in (root / "server" / "deploy" / "newsclaims.toml").read_text(encoding="utf-8")
    assert ServerSettings.model_fields[name].description


def test_every_setting_is_a_flag_of_kg_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr("server.serve.serve", lambda **flags: given.update(flags))
    flags = []
    for name in ServerSettings.model_fields:
        option, wanted = "--" + name.replace("_", "-"), odd(name)
        flags += [option if wanted else f"--no-{option[2:]}"] if isinstance(wanted, bool) else [option, plain(wanted)]
    assert run(["serve", *flags]) == 0
    assert load(given).model_dump() == {name: odd(name) for name in ServerSettings.model_fields}


def test_the_example_of_a_configuration_is_up_to_date(root: Path) -> None:
    assert (root / "server" / "deploy" / "newsclaims.toml").read_text(encoding="utf-8") == as_toml()


def test_settings_that_make_no_sense_are_named(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    for text, words in (
        ("[server]\nprot = 1", "found prot"),
        ("[serve]\n", "found serve"),
        ("x", "TOML file was expec"),
    ):
        file.write_text(text)
        with pytest.raises(UsageError, match=words):
            load({}, file)
    with pytest.raises(UsageError, match="port"):
        load({"port": 99999})
    with pytest.raises(UsageError, match="JSON was expected as tokens"):
        load({"tokens": "secret"})


def quads(count: int) -> list[ox.Quad]:
    p, g = ox.NamedNode("urn:p"), ox.NamedNode("urn:g")
    return [ox.Quad(ox.NamedNode(f"urn:s{number}"), p, ox.Literal(number), g) for number in range(count)]


def test_a_store_is_copied_while_it_is_written_and_put_back_while_it_is_served(start: Start, tmp_path: Path) -> None:
    server = start("<urn:a> <urn:p> 1 <urn:g> .\n".replace(" 1 ", ' "1" '))
    store = server.app.state.backend.settings.store
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}

    def seen() -> int:
        return int(server.client.get("/sparql", params=count).json()["results"]["bindings"][0]["n"]["value"])

    insert = {"update": "INSERT DATA { GRAPH <urn:g> { <urn:b> <urn:p> 2 } }"}
    assert server.client.post("/sparql", data=insert, headers=AUTHORIZATION).status_code == 204
    assert run(["backup", str(tmp_path / "copy"), "--store", str(store)]) == 0
    with pytest.raises(StoreError, match="an empty place"):
        backup(store, tmp_path / "copy")
    drop = {"update": "DROP ALL"}
    assert server.client.post("/sparql", data=drop, headers=AUTHORIZATION).status_code == 204
    assert seen() == 0
    server.app.state.backend.writer.close()  # it lets the store go by itself after some seconds
    until(lambda: run(["restore", str(tmp_path / "copy"), "--store", str(store)]) == 0)
    until(lambda: seen() == 2)
    until(lambda: run(["compact", "--store", str(store)]) == 0)
    assert seen() == 2


def until(holds: Any) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_restore_that_was_cut_off_is_ended_by_the_next_writer(tmp_path: Path) -> None:
    for name, size in (("one", 3), ("two", 5)):
        with Store.create_or_open(tmp_path / name) as store:
            store.extend(quads(size))
    data = tmp_path / "two" / "data"
    data.rename(data.with_suffix(".new"))  # as after kill -9 between two renames
    with Store.create_or_open(tmp_path / "two") as store:
        assert len(store) == 5
    assert restore(tmp_path / "one", tmp_path / "two") == 3
    with Store.open(tmp_path / "two") as store:
        assert len(store) == 3


def test_writes_are_recorded_in_the_graph_they_change(start: Start) -> None:
    server = start(audit=True)
    client = server.client
    base = server.app.state.backend.settings.base
    for update in ("INSERT DATA { <urn:a> <urn:p> 1 } ;", "INSERT DATA { <urn:b> <urn:p> 1 } # the end"):
        assert client.post("/sparql", data={"update": update}, headers=AUTHORIZATION).status_code == 204
    turtle = {"Content-Type": "text/turtle"} | AUTHORIZATION
    assert client.put("/store?graph=urn:g", content="<urn:c> <urn:p> 1 .", headers=turtle).status_code == 201
    assert client.delete("/store?graph=urn:g", headers=AUTHORIZATION).status_code == 204
    query = f"""PREFIX prov: <{PROV}> SELECT ?what ?at ?who ?made ?gone {{ GRAPH <{base}graph/audit> {{
      ?write a prov:Activity ; <http://www.w3.org/2000/01/rdf-schema#label> ?what ; prov:startedAtTime ?at ;
      prov:wasAssociatedWith ?who OPTIONAL {{ ?made prov:wasGeneratedBy ?write }}
      OPTIONAL {{ ?gone prov:wasInvalidatedBy ?write }} }} }} ORDER BY ?at"""
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [row["what"]["value"] for row in rows] == ["update", "update", "put graph", "delete graph"]
    assert (rows[2]["made"]["value"], rows[3]["gone"]["value"]) == ("urn:g", "urn:g")
    assert len({row["who"]["value"] for row in rows}) == 1
    assert TOKEN not in json.dumps(rows)
    bad = client.post("/sparql", data={"update": "INSERT DATA {\n nonsense }"}, headers=AUTHORIZATION)
    assert (bad.status_code, bad.json()["line"]) == (400, 2)
    nothing = client.post("/sparql", data={"update": "PREFIX a: <urn:a>"}, headers=AUTHORIZATION)
    assert nothing.status_code == 204
    assert len(client.get("/sparql", params={"query": query}).json()["results"]["bindings"]) == 4


def test_what_was_taken_down_is_gone(start: Start) -> None:
    server = start()
    settings = server.app.state.backend.settings
    article = f"{settings.base}id/article/{'1' * 16}"
    path = "/id/article/" + "1" * 16
    assert server.client.get(path.replace("/id/", "/doc/"), headers={"Accept": "text/turtle"}).status_code == 404
    note_withdrawn(settings.store, [article])
    with (settings.store / "withdrawn.jsonl").open("a") as file:
        file.write("damaged\n")
    assert set(withdrawn(settings.store)) == {article}
    gone = server.client.get(path.replace("/id/", "/doc/"), headers={"Accept": "text/turtle"})
    assert gone.status_code == 410
    assert gone.json()["type"].endswith("#withdrawn")
    assert server.client.get(path.replace("/id/", "/page/"), headers={"Accept": "text/html"}).status_code == 410


def test_brotli_gzip_or_nothing(start: Start) -> None:
    server = start("".join(f'<urn:s{n}> <urn:p> "some words {n}" <urn:g> .\n' for n in range(500)))
    query = {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s"}
    plainly = server.client.get("/sparql", params=query, headers={"Accept-Encoding": "identity"})
    for accept, coding in (("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0.2, gzip;q=0.7", "gzip"), ("*", "br")):
        response = server.client.get("/sparql", params=query, headers={"Accept-Encoding": accept})
        assert response.headers["content-encoding"] == coding
        assert response.content == plainly.content
        assert response.headers["etag"] == "W/" + plainly.headers["etag"]
        assert "Accept-Encoding" in response.headers["vary"]
        again = {"Accept-Encoding": accept, "If-None-Match": response.headers["etag"]}
        assert server.client.get("/sparql", params=query, headers=again).status_code == 304
    for accept in ("identity", "gzip;q=0", "nonsense", "identity, gzip;q=0.5"):
        response = server.client.get("/sparql", params=query, headers={"Accept-Encoding": accept})
        assert "content-encoding" not in response.headers


def test_it_stops_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    with Store.create_or_open(tmp_path / "store") as store:
        store.extend(quads(3))
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", "0"]
    command += ["--store", str(tmp_path / "store")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if "Uvicorn running" in line:
                process.terminate()
    assert process.returncode in {0, -15}, said  # its standard error has ended: no process of its own is left
    assert "Uvicorn running" in said
    assert "Traceback" not in said
