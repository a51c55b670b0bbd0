"""`/sparql`: SPARQL 1.1 Protocol, query and update."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import access, description, gate, protocol, reply
from server.backend import Backend
from server.cache import Entry, matches
from server.formats import GRAPHS, HTML, SOLUTIONS, Format, by_name
from server.negotiate import Choice, choose
from server.pool import Answer
from server.problems import Problem
from server.protocol import Operation
from server.small import is_small

router = APIRouter()

_GATE_HERE = 65_536  # characters the web process cuts into tokens itself (20 ms); longer texts are the worker's
_OFFERS = {
    "solutions": ", ".join(found.media_types[0] for found in SOLUTIONS),
    "boolean": ", ".join(found.media_types[0] for found in SOLUTIONS),
    "graph": ", ".join(found.media_types[0] for found in GRAPHS),
}
ALLOW = "GET, HEAD, POST, OPTIONS"


@router.api_route("/sparql", methods=["GET", "HEAD"], include_in_schema=False)
@router.api_route("/sparql/", methods=["GET", "HEAD"], include_in_schema=False)
async def by_get(request: Request) -> Response:
    """A query in the address; without one, the service describes itself."""
    backend: Backend = request.app.state.backend
    access.require(request, "read")
    operation = protocol.from_get(request.scope["query_string"].decode("latin-1"))
    if operation is None:
        choice = choose(",".join(request.headers.getlist("accept")) or None, (*GRAPHS, HTML))
        if choice is not None and choice.format is HTML:  # a person with a browser
            return RedirectResponse("/ask", 303, {"Vary": "Accept"})
        return await description.service(request)
    return await _query(request, backend, operation)


@router.post("/sparql", include_in_schema=False)
@router.post("/sparql/", include_in_schema=False)
async def by_post(request: Request) -> Response:
    """A query or an update, as a form or as the body itself."""
    backend: Backend = request.app.state.backend
    settings = backend.settings
    content_type = request.headers.get("content-type")
    limit = settings.query_bytes * 3 if access.scope(request) in {None, "read"} else settings.write_bytes
    body = await reply.body(request, limit)
    operation = protocol.from_post(request.scope["query_string"].decode("latin-1"), content_type, body)
    if operation.kind == "query":
        access.require(request, "read")
        return await _query(request, backend, operation)
    return await _update(request, backend, operation)


async def _query(request: Request, backend: Backend, operation: Operation) -> Response:
    settings = backend.settings
    accept = ",".join(request.headers.getlist("accept")) or None
    asked = wanted(accept, operation.format)
    if not asked.formats:
        raise Problem(
            406, "not-acceptable", f"one of {_OFFERS['solutions']}, {_OFFERS['graph']} was expected in Accept"
        )
    if len(operation.default_graphs) + len(operation.named_graphs) > settings.graphs:
        raise Problem(400, "too-many-graphs", f"at most {settings.graphs} graphs were expected as the dataset")
    if len(operation.text) > settings.query_bytes:
        raise Problem(413, "too-long", f"at most {settings.query_bytes} characters were expected as the query")
    base = reply.address(request)
    job = job_of(operation, asked.formats, base)
    tag = None
    generation = backend.generation() if operation.generation is None else operation.generation
    if len(operation.text) <= _GATE_HERE:
        facts = gate.check(operation.text, settings.limits)
        if facts.is_update:
            raise Problem(400, "update-as-query", f"a query was expected, found an update ({facts.form})")
        job["keywords"] = sorted(facts.keywords & {"FROM"})
        if not facts.volatile:
            tag = tag_of(generation, operation.text, beside(operation, base, asked.types))
    else:
        job["gate"] = _limits(settings.limits)
    headers = {"Vary": "Accept, Authorization", "Cache-Control": "no-cache", "X-Generation": str(generation)}
    if tag is not None:
        headers["ETag"] = tag
        if matches(request.headers.get("if-none-match"), tag):
            return Response(None, 304, headers)
        entry = backend.cache.get(tag)
        if entry is not None:
            backend.metrics.cached += 1
            return reply.plain(entry.body, headers, entry.content_type)
    answer = await backend.read(request, job, operation.generation, partial(is_small, operation.text))
    return _respond(backend, answer, asked.choices, headers, tag)


def _respond(
    backend: Backend, answer: Answer, choices: dict[str, Choice | None], headers: dict[str, str], tag: str | None
) -> Response:
    choice = choices[answer.facts["kind"]]
    content_type = choice.content_type if choice else "application/octet-stream"
    if answer.facts["generation"] != int(headers["X-Generation"]):  # published between the look and the answer
        headers["X-Generation"] = str(answer.facts["generation"])
        headers.pop("ETag", None)
        tag = None
    headers["X-Lane"] = answer.lane
    if answer.rest is not None:
        return reply.Streamed(answer.chunks, answer.rest, headers, content_type)
    if tag is not None:
        backend.cache.put(tag, Entry(answer.body, content_type))
    return reply.plain(answer.body, headers, content_type)


async def _update(request: Request, backend: Backend, operation: Operation) -> Response:
    access.require_write(request)
    job = {
        "op": "update",
        "audit": access.record(request, "update"),
        "text": operation.text,
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
        "base": reply.address(request),
        "gate": _limits(gate.Limits(backend.settings.write_bytes, backend.settings.nesting, 10_000_000)),
    }
    answer = await backend.writer.run(job)
    access.audit(request, "update", **answer.facts)
    return Response(None, 204, {"X-Generation": str(answer.facts["generation"])})


@dataclass(frozen=True, slots=True)
class Wanted:
    """For each kind of result the format it would have, and the engine's names of these."""

    choices: dict[str, Choice | None]
    formats: dict[str, str]

    @property
    def types(self) -> str:
        """All of it in words."""
        return "\n".join(choice.content_type if choice else "-" for choice in self.choices.values())


@lru_cache(maxsize=1024)
def wanted(accept: str | None, name: str | None = None) -> Wanted:
    """What an Accept header, or a format's short name, asks for."""
    if name is not None:
        offers = {"solutions": SOLUTIONS, "boolean": SOLUTIONS, "graph": GRAPHS}
        choices = {kind: _named(name, formats) for kind, formats in offers.items()}
    else:
        solutions = choose(accept, SOLUTIONS)
        choices = {"solutions": solutions, "boolean": solutions, "graph": choose(accept, GRAPHS)}
    return Wanted(choices, {kind: choice.format.engine for kind, choice in choices.items() if choice})


def tag_of(generation: int, text: str, rest: str) -> str:
    """The ETag of an answer: a digest of all that decides over it. `rest` is from `beside`."""
    parts = f"{generation}\0{text}\0{rest}"
    return f'"{blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()}"'


def beside(operation: Operation, base: str, types: str) -> str:
    """What else decides over the answer to a query."""
    graphs = "\n".join((*operation.default_graphs, "-", *operation.named_graphs))
    return f"{graphs}\0{base}\0{types}"


def _named(name: str, formats: tuple[Format, ...]) -> Choice | None:
    found = by_name(name, formats)
    return Choice(found, found.media_types[0]) if found else None


def job_of(operation: Operation, formats: dict[str, str], base: str) -> dict[str, Any]:
    """A query as the workers are told it."""
    return {
        "op": "query",
        "text": operation.text,
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
        "formats": formats,
        "offers": _OFFERS,
        "base": base,
    }


def _limits(limits: gate.Limits) -> dict[str, int]:
    return {"length": limits.length, "nesting": limits.nesting, "chain": limits.chain, "graphs": limits.graphs}
