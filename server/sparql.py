"""`/sparql`: SPARQL 1.1 Protocol, query and update."""

from __future__ import annotations

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
    choices, formats = _choices(accept, operation.format)
    if not formats:
        raise Problem(
            406, "not-acceptable", f"one of {_OFFERS['solutions']}, {_OFFERS['graph']} was expected in Accept"
        )
    if len(operation.default_graphs) + len(operation.named_graphs) > settings.graphs:
        raise Problem(400, "too-many-graphs", f"at most {settings.graphs} graphs were expected as the dataset")
    if len(operation.text) > settings.query_bytes:
        raise Problem(413, "too-long", f"at most {settings.query_bytes} characters were expected as the query")
    base = reply.address(request)
    job = _job(operation, formats) | {"base": base}
    tag = None
    generation = backend.generation() if operation.generation is None else operation.generation
    if len(operation.text) <= _GATE_HERE:
        facts = gate.check(operation.text, settings.limits)
        if facts.is_update:
            raise Problem(400, "update-as-query", f"a query was expected, found an update ({facts.form})")
        job["keywords"] = sorted(facts.keywords & {"FROM"})
        if not facts.volatile:
            tag = _tag(generation, operation, base, accept)
    else:
        job["gate"] = _limits(settings.limits)
    headers = _headers(generation)
    if tag is not None:
        headers["ETag"] = tag
        if matches(request.headers.get("if-none-match"), tag):
            return Response(None, 304, headers)
        entry = backend.cache.get(tag)
        if entry is not None:
            backend.metrics.cached.inc()
            return reply.plain(entry.body, headers, entry.content_type)
    answer = await backend.read(request, job, operation.generation, partial(is_small, operation.text))
    return _respond(backend, answer, choices, headers, tag)


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


_Choices = dict[str, Choice | None]


@lru_cache(maxsize=1024)
def _choices(accept: str | None, name: str | None) -> tuple[_Choices, dict[str, str]]:
    """For each kind of result the format it would have, and the engine's names of these."""
    if name is not None:
        offers = {"solutions": SOLUTIONS, "boolean": SOLUTIONS, "graph": GRAPHS}
        choices = {kind: _named(name, formats) for kind, formats in offers.items()}
    else:
        solutions = choose(accept, SOLUTIONS)
        choices = {"solutions": solutions, "boolean": solutions, "graph": choose(accept, GRAPHS)}
    return choices, {kind: choice.format.engine for kind, choice in choices.items() if choice}


def _tag(generation: int, operation: Operation, base: str, accept: str | None) -> str:
    """The ETag of an answer: a digest of all that decides over it."""
    choices, _ = _choices(accept, operation.format)
    types = "\n".join(choice.content_type if choice else "-" for choice in choices.values())
    graphs = "\n".join((*operation.default_graphs, "-", *operation.named_graphs))
    parts = f"{generation}\0{operation.text}\0{graphs}\0{base}\0{types}"
    return f'"{blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()}"'


def _named(name: str, formats: tuple[Format, ...]) -> Choice | None:
    found = by_name(name, formats)
    return Choice(found, found.media_types[0]) if found else None


def _job(operation: Operation, formats: dict[str, str]) -> dict[str, Any]:
    return {
        "op": "query",
        "text": operation.text,
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
        "formats": formats,
        "offers": _OFFERS,
    }


def _limits(limits: gate.Limits) -> dict[str, int]:
    return {"length": limits.length, "nesting": limits.nesting, "chain": limits.chain, "graphs": limits.graphs}


def _headers(generation: int) -> dict[str, str]:
    return {"Vary": "Accept, Authorization", "Cache-Control": "no-cache", "X-Generation": str(generation)}
