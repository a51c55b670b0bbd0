"""Stores elsewhere: the Oxigraph server, our own server, and one that fails."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.request import parse_http_list, parse_keqv_list

import pyoxigraph as ox
import pytest

from kg.cli.entry import run
from kg.cli.remote import build_there
from kg.errors import QueryError, StoreError, UsageError
from kg.store import Store, remote
from kg.store.outbox import deliver, fetch, folder_for
from kg.store.remote import Remote
from tests.serving import TOKEN, Start, starter

P = ox.NamedNode("urn:p")


def quad(number: int, graph: str, value: int = 0) -> ox.Quad:
    return ox.Quad(ox.NamedNode(f"urn:{number}"), P, ox.Literal(value), ox.NamedNode(graph))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    yield from starter(tmp_path_factory)


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if binary is None:
        pytest.skip("the Oxigraph server is not installed")
    port = free_port()
    command = [binary, "serve", "--location", str(tmp_path_factory.mktemp("ox")), "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.05)
        yield f"oxigraph+http://127.0.0.1:{port}/"
        process.terminate()


@pytest.fixture(params=["oxigraph", "newsclaims"])
def address(request: pytest.FixtureRequest, start: Start, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "oxigraph":
        found: str = request.getfixturevalue("oxigraph")
        remote.update(remote.parse(found), "DROP ALL")
        return found
    monkeypatch.setenv("NEWSCLAIMS_REMOTE_TOKEN", TOKEN)
    return start().url


def test_graphs_are_delivered_once_and_deleted(address: str, tmp_path: Path) -> None:
    there = remote.parse(address)
    with Store.create_or_open(tmp_path / "s") as store:
        store.extend([quad(1, "urn:a"), quad(2, "urn:b"), quad(3, "urn:b")])
        first = deliver(store, tmp_path, there)
        assert (first.sent, first.deleted, first.failed) == (2, 0, ())
        assert remote.graphs(there) == ("urn:a", "urn:b")
        assert set(remote.get_graph(there, "urn:b")) == set(store.graph("urn:b"))
        assert deliver(store, tmp_path, there).sent == 0
        store.replace_graph("urn:a", [quad(1, "urn:a", value=7)])
        store.remove_graph("urn:b")
        again = deliver(store, tmp_path, there)
        assert (again.sent, again.deleted) == (1, 1)
        remote.delete_graph(there, "urn:never")  # no error
    assert [str(q.object) for q in remote.get_graph(there, "urn:a")] == [str(ox.Literal(7))]


def test_queries_see_the_union_of_all_graphs(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = remote.parse(address)
    for graph in ("urn:a", "urn:b"):
        remote.put_graph(there, graph, [quad(1, graph, value=1)])
    file = tmp_path / "q.rq"
    for text, form, shown in (
        ("SELECT ?s { ?s <urn:p> ?o } LIMIT 1", "csv", "s\r\nurn:1\r\n"),
        ("ASK { ?s <urn:p> 1 }", "csv", "true\n"),
        ("CONSTRUCT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }", "nt", f"<urn:1> <urn:q> {ox.Literal(1)} .\n"),
    ):
        file.write_text(text, encoding="utf-8")
        assert run(["query", str(file), "--store", address, "--format", form]) == 0
        assert capsys.readouterr().out == shown
    with pytest.raises(QueryError, match="refused"):
        remote.query(there, "SELECT nonsense", "text/csv")


def test_a_store_elsewhere_is_copied_and_built(oxigraph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_OUTBOX", str(tmp_path / "outbox"))
    there = remote.parse(oxigraph)
    remote.update(there, "DROP ALL")

    def build(folder: Path) -> int:
        with Store.create_or_open(folder) as store:
            store.replace_graph("urn:a", [quad(1, "urn:a", value=5)])
        return 0

    assert build_there(Path(oxigraph), build) == 0  # a Path joins the slashes of an address
    assert remote.graphs(there) == ("urn:a",)
    assert run(["pull", oxigraph, "--store", str(tmp_path / "copy")]) == 0
    with Store.create_or_open(tmp_path / "copy") as copy:
        assert list(copy) == [quad(1, "urn:a", value=5)]
        remote.put_graph(there, "urn:b", [quad(2, "urn:b")])
        remote.delete_graph(there, "urn:a")
        assert fetch(there, copy) == 2
        assert copy.graphs() == ("urn:b",)
        assert fetch(there, copy) == 0


def test_what_cannot_be_delivered_waits(oxigraph: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    down = Remote(*[f"http://127.0.0.1:{free_port()}/{end}" for end in "qug"], "native", wait_s=0.01)
    with Store.create_or_open(tmp_path / "s") as store:
        store.extend([quad(1, "urn:a"), quad(2, "urn:b")])
        failed = deliver(store, tmp_path / "s", down)
        assert (failed.sent, failed.failed) == (0, ("urn:a", "urn:b"))
        assert "nothing is lost" in str(failed.why)
    assert run(["push", oxigraph, "--store", str(tmp_path / "s")]) == 0
    assert "2 graphs sent, 0 deleted, 0 not delivered" in capsys.readouterr().err
    journal = next((tmp_path / "s").glob("delivered-*.jsonl"), None)
    assert journal is not None


class Failing(BaseHTTPRequestHandler):
    """Answers with the statuses it was given, one after the other, then with 204."""

    statuses: ClassVar[list[int]] = []
    seen: ClassVar[list[str]] = []

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers.get("Authorization", ""))
        self.send_response(self.statuses.pop(0) if self.statuses else 204)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def failing(request: pytest.FixtureRequest) -> Iterator[Remote]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), getattr(request, "param", Failing))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield Remote(url, url, url, "native", token="a:b", wait_s=0.01)
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_may_pass_is_tried_again(failing: Remote) -> None:
    Failing.statuses, Failing.seen = [503, 429, 500], []
    remote.put_graph(failing, "urn:g", [quad(1, "urn:g")])
    assert Failing.seen == ["Basic YTpi"] * 4
    for status, tries in ((403, 1), (503, 5)):
        Failing.statuses, Failing.seen = [status] * 5, []
        with pytest.raises(StoreError, match=str(status)):
            remote.put_graph(failing, "urn:g", [])
        assert len(Failing.seen) == tries
    Failing.statuses = []


class Challenging(Failing):
    """Wants the password as Digest, and says so to strangers only."""

    def do_GET(self) -> None:
        challenge = 'Digest realm="r", nonce="abc", opaque="o", qop="auth", algorithm="MD5"'
        self._tell(401, {} if self.headers.get("Authorization") else {"WWW-Authenticate": challenge})

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        kind, _, proof = self.headers["Authorization"].partition(" ")
        self.seen.append(kind)
        told = parse_keqv_list(parse_http_list(proof)) if kind == "Digest" else {}
        one, other = digest(f"{told.get('username')}:r:b"), digest(f"PUT:{self.path}")
        right = digest(f"{one}:abc:{told.get('nc')}:{told.get('cnonce')}:auth:{other}")
        self._tell(204 if told.get("response") == right else 401, {})

    def _tell(self, status: int, fields: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **fields}.items():
            self.send_header(name, value)
        self.end_headers()


def digest(text: str) -> str:
    return md5(text.encode()).hexdigest()  # noqa: S324 - RFC 7616 as stores still speak it


@pytest.mark.parametrize("failing", [Challenging], indirect=True)
def test_passwords_are_given_as_the_store_wants_them(failing: Remote) -> None:
    Failing.seen = []
    remote.put_graph(failing, "urn:g", [quad(1, "urn:g")])
    assert Failing.seen == ["Basic", "Digest"]
    with pytest.raises(StoreError, match="401"):
        remote.put_graph(replace(failing, token="a:wrong"), "urn:g", [])


def test_a_delivery_that_was_cut_off_goes_on(failing: Remote, tmp_path: Path) -> None:
    Failing.statuses, Failing.seen = [204, 403], []
    with Store.create_or_open(tmp_path / "s") as store:
        store.extend([quad(n, f"urn:{n}") for n in range(3)])
        assert deliver(store, tmp_path, failing).failed == ("urn:1",)
        journal = next(tmp_path.glob("delivered-*.jsonl"))
        with journal.open("a") as file:
            file.write('{"graph": "urn:1", "dig')  # as kill -9 leaves it
        assert deliver(store, tmp_path, failing).sent == 1
        assert deliver(store, tmp_path, failing).sent == 0


def test_addresses() -> None:
    fuseki = remote.parse("fuseki+https://host/ds")
    assert (fuseki.query, fuseki.graphs) == ("https://host/ds/query", "https://host/ds/data")
    assert fuseki.union == "graph urn:x-arq:UnionGraph"
    assert remote.parse(Path("rdf4j+http://host/repositories/x")).query == "http://host/repositories/x"
    assert remote.parse("https://host/").update == "https://host/sparql"
    assert folder_for("https://host/") == folder_for("https://host")
    assert not remote.is_address("store")
    assert not remote.is_address("C:/store")
    with pytest.raises(UsageError, match="one of newsclaims, oxigraph"):
        remote.parse("mysql+http://host/")


def test_build_goes_through_the_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr("kg.cli.remote.build_there", lambda address, build: seen.append(address) or 0)
    assert run(["build", "x.txt", "--store", "https://host/"]) == 0
    assert [remote.parse(str(address)).update for address in seen] == ["https://host/sparql"]
