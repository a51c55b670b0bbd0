"""`/store`: SPARQL 1.1 Graph Store HTTP Protocol, with direct and indirect graph names."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from server import access, reply
from server.backend import Backend
from server.cache import entity_tag, matches
from server.formats import GRAPHS, Format, by_media_type, by_name
from server.negotiate import choose
from server.problems import Problem
from server.protocol import is_iri

router = APIRouter()

ALLOW = "GET, HEAD, PUT, POST, DELETE, OPTIONS"


@router.api_route("/store", methods=["GET", "HEAD"], include_in_schema=False)
@router.api_route("/store/{rest:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def get(request: Request) -> Response:
    """The triples of one graph."""
    access.require(request, "read")
    backend: Backend = request.app.state.backend
    graph = _graph(request)
    choice = choose(",".join(request.headers.getlist("accept")) or None, GRAPHS)
    if choice is None:
        raise Problem(406, "not-acceptable", "an RDF format was expected in Accept")
    generation = backend.generation()
    tag = entity_tag(generation, "graph", graph, choice.content_type)
    headers = {
        "Vary": "Accept, Authorization",
        "Cache-Control": "no-cache",
        "X-Generation": str(generation),
        "ETag": tag,
    }
    if matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    job = {"op": "graph", "graph": graph, "format": choice.format.engine}
    answer = await backend.read(request, job, cheap=lambda: False)
    if answer.facts["generation"] != generation:
        del headers["ETag"]
    if answer.rest is not None:
        return reply.Streamed(answer.chunks, answer.rest, headers, choice.content_type)
    return Response(answer.body, 200, headers, choice.content_type)


@router.api_route("/store", methods=["PUT"], include_in_schema=False)
@router.api_route("/store/{rest:path}", methods=["PUT"], include_in_schema=False)
async def put(request: Request) -> Response:
    """Put a document in place of a graph."""
    return await _write(request, "put", _graph(request))


@router.api_route("/store", methods=["POST"], include_in_schema=False)
@router.api_route("/store/{rest:path}", methods=["POST"], include_in_schema=False)
async def post(request: Request) -> Response:
    """Add a document to a graph; to a new graph if the request names none."""
    if request.url.path.rstrip("/") == "/store" and not {"graph", "default"} & set(request.query_params):
        graph = f"{_address(request)}/{secrets.token_hex(8)}"
        response = await _write(request, "post", graph)
        response.headers["Location"] = graph
        return response
    return await _write(request, "post", _graph(request))


@router.api_route("/store", methods=["DELETE"], include_in_schema=False)
@router.api_route("/store/{rest:path}", methods=["DELETE"], include_in_schema=False)
async def delete(request: Request) -> Response:
    """Delete a graph."""
    access.require_write(request)
    backend: Backend = request.app.state.backend
    graph = _graph(request)
    answer = await backend.writer.run(
        {"op": "write", "mode": "delete", "graph": graph} | {"audit": access.record(request, "delete graph")}
    )
    access.audit(request, "delete graph", graph=graph, **answer.facts)
    return Response(None, 204, {"X-Generation": str(answer.facts["generation"])})


async def _write(request: Request, mode: str, graph: str | None) -> Response:
    access.require_write(request)
    backend: Backend = request.app.state.backend
    body = await reply.body(request, backend.settings.write_bytes)
    parts, blob = [], b""
    for kind, document in await _documents(request, body):
        part = {"format": kind.engine, "start": len(blob), "end": len(blob) + len(document)}
        parts.append(part | {"base": graph or _address(request)})
        blob += document
    job = {
        "op": "write",
        "mode": mode,
        "graph": graph,
        "parts": parts,
        "audit": access.record(request, f"{mode} graph"),
    }
    answer = await backend.writer.run(job, blob)
    access.audit(request, f"{mode} graph", graph=graph, **answer.facts)
    headers = {"X-Generation": str(answer.facts["generation"])}
    return Response(None, 201 if answer.facts.get("created") else 204, headers)


async def _documents(request: Request, body: bytes) -> list[tuple[Format, bytes]]:
    """The RDF documents of a request: its body, or the files of a multipart form."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        return [(_format(content_type, None), body)]

    async def stream() -> AsyncIterator[bytes]:
        yield body

    try:
        form = await MultiPartParser(request.headers, stream()).parse()  # type: ignore[arg-type]
    except (MultiPartException, KeyError, ValueError) as error:
        raise Problem(400, "multipart", f"a multipart form was expected: {error}") from error
    found = []
    for item in [value for _, value in form.multi_items() if isinstance(value, UploadFile)]:
        found.append((_format(item.content_type or "", item.filename), await item.read()))
        await item.close()
    if not found:
        raise Problem(400, "multipart", "a file was expected in the form, found none")
    return found


def _format(content_type: str, filename: str | None) -> Format:
    found = by_media_type(content_type, GRAPHS)
    if found is None and filename and content_type in {"", "application/octet-stream"}:
        found = by_name(filename.rpartition(".")[2].lower(), GRAPHS)
    if found is None:
        known = ", ".join(kind.media_types[0] for kind in GRAPHS)
        raise Problem(415, "media-type", f"one of {known} was expected as Content-Type, found {content_type or 'none'}")
    return found


def _graph(request: Request) -> str | None:
    """The graph a request means: an IRI, or None for the default graph. Raises Problem."""
    named, default = request.query_params.getlist("graph"), "default" in request.query_params
    direct = request.url.path.removeprefix("/store").strip("/")
    if len(named) + default + bool(direct) != 1:
        raise Problem(400, "which-graph", "one graph was expected: `?graph=IRI`, `?default` or a path under /store/")
    if direct:
        return _address(request).removesuffix("/store") + request.url.path
    if default:
        return None
    if not is_iri(named[0]):
        raise Problem(400, "not-an-iri", f"an absolute IRI was expected as graph, found {named[0][:200]!r}")
    return named[0]


def _address(request: Request) -> str:
    """The store's own IRI as clients see it."""
    backend: Backend = request.app.state.backend
    return (backend.settings.public_url or str(request.base_url)).rstrip("/") + "/store"
