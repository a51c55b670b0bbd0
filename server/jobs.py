"""What a worker does with a job: runs in the worker process only, never in the web process."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, cast

import pyoxigraph as ox

from kg.errors import NewsclaimsError, StoreError
from kg.store import Store, one_line
from server import gate, wire
from server.audit import operation, recorded
from server.problems import Problem
from server.protocol import with_dataset

PREFIXES = {
    "nc": "https://w3id.org/newsclaims/ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "schema": "https://schema.org/",
}
_PLACE = re.compile(r"error at (\d+):(\d+)")
_NONE_SUCH = re.compile(r"graph <[^>]*> does not exist")


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it came over the wire; `blob` is the RDF document of a graph-store write."""

    fields: dict[str, Any]
    blob: bytes = b""

    def get(self, name: str) -> Any:
        """A field, or None."""
        return self.fields.get(name)


class Output:
    """A binary file that sends what is written to it as DATA frames of about 64 KiB.

    Head, data and end of a small answer leave in one piece.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._head, self._buffer = connection, b"", bytearray()
        self._result: tuple[int, str] | None = None  # generation and kind of a query's answer, until it is sent

    @property
    def file(self) -> IO[bytes]:
        """This, as the engine's type hints want it: it only calls `write` and `flush`."""
        return cast("IO[bytes]", self)

    def answer(self, **facts: object) -> None:
        """Begin an answer."""
        self._head = wire.pack_json(wire.ANSWER, facts)

    def result(self, generation: int, kind: str) -> None:
        """Begin the answer of a query."""
        self._result = generation, kind

    def write(self, data: bytes) -> int:
        """Take `data`; send when enough has come together."""
        self._buffer += data
        if len(self._buffer) >= wire.CHUNK:
            self._send(b"")
        return len(data)

    def flush(self) -> None:
        """Nothing: what is held is sent when there is enough of it, or at the end."""

    def fault(self, problem: Problem) -> None:
        """Tell what is wrong; what was not sent yet never is."""
        fields = {"status": problem.status, "code": problem.code, "detail": problem.detail}
        fields |= {"line": problem.line, "column": problem.column, "headers": problem.headers}
        self._head, self._buffer, self._result = wire.pack_json(wire.FAULT, fields), bytearray(), None

    def end(self) -> None:
        """Send the rest."""
        seconds = time.process_time()
        if self._result is not None:
            self._connection.sendall(wire.pack_whole(seconds, *self._result, self._buffer))
        else:
            self._send(wire.pack(wire.END, wire.SECONDS.pack(seconds)))

    def _send(self, tail: bytes) -> None:
        if self._result is not None:
            self.answer(generation=self._result[0], kind=self._result[1])
            self._result = None
        data = wire.pack(wire.DATA, self._buffer) if self._buffer else b""
        self._connection.sendall(self._head + data + tail)
        self._head, self._buffer = b"", bytearray()


def run(store: Store, job: Job, connection: socket.socket) -> None:
    """Do one job and send its frames: an answer and data, or a fault, and in the end END."""
    output = Output(connection)
    try:
        OPERATIONS[job.fields["op"]](store, job, output)
    except Problem as problem:
        output.fault(problem)
    except SyntaxError as error:
        output.fault(syntax_problem(error))
    except MemoryError:
        detail = "the request needs more memory than it may have"
        output.fault(Problem(503, "out-of-memory", detail, retry_after=30))
    except NewsclaimsError as error:
        output.fault(Problem(503 if isinstance(error, StoreError) else 400, "store", str(error)))
    except ConnectionError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        missing = _NONE_SUCH.search(str(error))
        output.fault(Problem(404 if missing else 400, "no-graph" if missing else "evaluation", one_line(error)))
    except Exception as error:  # noqa: BLE001 - the web process logs it; nobody else would
        output.fault(Problem(500, "fault", f"{type(error).__name__}: {one_line(error)}"))
    output.end()


def syntax_problem(error: SyntaxError) -> Problem:
    """The engine's syntax error with its line and column."""
    found = _PLACE.search(str(error))
    line, column = (int(found.group(1)), int(found.group(2))) if found else (None, None)
    return Problem(400, "syntax", f"it does not parse: {one_line(error)}", line=line, column=column)


def _query(store: Store, job: Job, output: Output) -> None:
    text = job.fields["text"]
    keywords = job.get("keywords") or ()
    if job.get("gate"):
        keywords = gate.check(text, gate.Limits(**job.fields["gate"])).keywords
    default, named = job.get("default_graphs"), job.get("named_graphs")
    dataset: dict[str, Any] = {"use_default_graph_as_union": True}
    if default or named:  # a dataset of the request's own: what it does not name is not there
        dataset = {
            "default_graph": [ox.NamedNode(graph) for graph in default or ()],
            "named_graphs": [ox.NamedNode(graph) for graph in named or ()],
        }
    elif "FROM" in keywords:
        dataset = {}
    results = store.evaluate(text, base_iri=job.get("base"), **dataset)
    kind = _KINDS[type(results)]
    chosen = (job.get("formats") or {}).get(kind)
    if chosen is None:
        raise Problem(406, "not-acceptable", f"the result is of kind {kind}: {job.fields['offers'][kind]} was expected")
    output.result(store.generation or 0, kind)
    if isinstance(results, ox.QueryTriples):
        _serialize(results, output, chosen)
    else:
        results.serialize(output.file, format=getattr(ox.QueryResultsFormat, chosen))


def _graph(store: Store, job: Job, output: Output) -> None:
    """All triples of one named graph, or of the default graph (`graph` null)."""
    name = ox.NamedNode(job.fields["graph"]) if job.get("graph") else ox.DefaultGraph()
    if isinstance(name, ox.NamedNode) and not store.inner.contains_named_graph(name):
        raise Problem(404, "no-graph", f"the store has no graph <{name.value}>")
    output.answer(generation=store.generation, kind="graph", format=job.fields["format"])
    triples = (quad.triple for quad in store.inner.quads_for_pattern(None, None, None, name))
    _serialize(triples, output, job.fields["format"])


def _update(store: Store, job: Job, output: Output) -> None:
    text = job.fields["text"]
    gate.check(text, gate.Limits(**job.fields["gate"]))
    if job.get("default_graphs") or job.get("named_graphs"):
        text = with_dataset(text, tuple(job.fields["default_graphs"]), tuple(job.fields["named_graphs"]))
    before = len(store)
    store.touch()
    try:
        store.inner.update(recorded(text, job.get("audit")), base_iri=job.get("base"))
    except SyntaxError as error:
        ox.Store().update(text, base_iri=job.get("base"))  # tells where in the client's own text
        raise error
    _committed(store, output, change=len(store) - before)


def _write(store: Store, job: Job, output: Output) -> None:
    """Graph Store Protocol: `mode` is put, post or delete; `graph` null is the default graph."""
    name = ox.NamedNode(job.fields["graph"]) if job.get("graph") else ox.DefaultGraph()
    named = isinstance(name, ox.NamedNode)
    existed = store.inner.contains_named_graph(name) if isinstance(name, ox.NamedNode) else True
    mode = job.fields["mode"]
    store.touch()
    if mode == "delete":
        if not existed:
            raise Problem(404, "no-graph", f"the store has no graph <{job.get('graph')}>")
        drop = f"DROP SILENT GRAPH {name}" if named else "DROP DEFAULT"
        store.inner.update(_joined(drop, operation(job.get("audit"), job.get("graph"), gone=True)))
        _committed(store, output, created=False)
        return
    text = "".join(
        _parsed(part["format"], job.blob[part["start"] : part["end"]], part.get("base")) for part in job.fields["parts"]
    )
    new = [f"DROP SILENT GRAPH {name}", f"CREATE SILENT GRAPH {name}"] if named else ["DROP DEFAULT"]
    add = [f"CREATE SILENT GRAPH {name}"] if named else []
    body = f"GRAPH {name} {{\n{text}}}" if named else text
    record = operation(job.get("audit"), job.get("graph"))
    store.inner.update(_joined(*(new if mode == "put" else add), f"INSERT DATA {{ {body} }}", record))
    _committed(store, output, created=not existed)


def _joined(*operations: str) -> str:
    return " ;\n".join(filter(None, operations))


def _parsed(kind: str, document: bytes, base: str | None) -> str:
    """An RDF document as N-Triples; its own graph names, if it has any, are refused."""
    found = list(ox.parse(document, format=getattr(ox.RdfFormat, kind), base_iri=base, rename_blank_nodes=True))
    if any(quad.graph_name != ox.DefaultGraph() for quad in found):
        raise Problem(400, "quads", "one graph was expected, found a document that names graphs itself")
    return (ox.serialize((quad.triple for quad in found), format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _committed(store: Store, output: Output, **facts: object) -> None:
    output.answer(kind="written", generation=store.publish(), **facts)


def _serialize(triples: Any, output: Output, kind: str) -> None:
    chosen = getattr(ox.RdfFormat, kind)
    ox.serialize(triples, output.file, format=chosen, prefixes=PREFIXES)


_KINDS: dict[type, str] = {ox.QuerySolutions: "solutions", ox.QueryBoolean: "boolean", ox.QueryTriples: "graph"}
OPERATIONS: dict[str, Callable[[Store, Job, Output], None]] = {
    "query": _query,
    "graph": _graph,
    "update": _update,
    "write": _write,
}
