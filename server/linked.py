"""Linked data: `/id/…` leads to a page or a document (303), `/doc/…` is the document, `/ontology` the vocabulary."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.settings import resource
from server import access, description, render, things
from server.backend import Backend, whole
from server.cache import entity_tag, matches
from server.formats import HTML, Format, by_name
from server.negotiate import Choice, choose
from server.problems import Problem
from server.things import OFFERED

router = APIRouter()

_ARTICLE = re.compile(r"^article/[0-9a-f]{16}$")


@router.api_route("/id/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def thing(request: Request, path: str) -> Response:
    """A thing cannot be sent: 303 to its page for browsers, to its document for programs."""
    access.require(request, "read")
    choice = choose(",".join(request.headers.getlist("accept")) or None, (*OFFERED, HTML))
    if choice is None:
        raise _not_acceptable()
    things.iri_of(request, path)
    target = f"/page/{path}" if choice.format is HTML else f"/doc/{path}.{choice.format.extension}"
    return RedirectResponse(target, 303, {"Vary": "Accept"})


@router.api_route("/doc/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def document(request: Request, path: str) -> Response:
    """The description of a thing, both ways, in the format of the suffix or of Accept."""
    access.require(request, "read")
    backend: Backend = request.app.state.backend
    stem, _, suffix = path.rpartition(".")
    named = by_name(suffix, OFFERED) if stem else None
    choice = _named(named) if named else choose(",".join(request.headers.getlist("accept")) or None, OFFERED)
    if choice is None:
        raise _not_acceptable()
    path = stem if named else path
    iri = things.iri_of(request, path)
    generation = backend.generation()
    tag = entity_tag(generation, "doc", iri, choice.content_type)
    headers = {"ETag": tag, "Vary": "Accept", "Cache-Control": "no-cache", "X-Generation": str(generation)}
    headers["Content-Location"] = f"/doc/{path}.{choice.format.extension}"
    headers["Link"] = things.links(path, iri, backend.settings.licence)
    if matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    await things.known(request, iri)  # 404 if the graph says nothing of it
    query = "describe-article" if _ARTICLE.match(path) else "describe-node"
    job = {"op": "query", "text": render.text_of(query, node=iri), "formats": {"graph": choice.format.engine}}
    body = await whole(await backend.read(request, job))
    return Response(body, 200, headers, choice.content_type)


@router.api_route("/ontology", methods=["GET", "HEAD"], include_in_schema=False)
@router.api_route("/ontology.{suffix}", methods=["GET", "HEAD"], include_in_schema=False)
async def ontology(request: Request, suffix: str | None = None) -> Response:
    """The vocabulary in the format asked for; for browsers its page."""
    named = by_name(suffix, OFFERED) if suffix else None
    if suffix and named is None:
        raise Problem(404, "not-found", "the ontology has no such format")
    accept = ",".join(request.headers.getlist("accept")) or None
    choice = _named(named) if named else choose(accept, (*OFFERED, HTML))
    if choice is None:
        raise _not_acceptable()
    folder = resource("ontology")
    if choice.format is HTML:
        body = (folder / "index.html").read_bytes()
        return Response(body, 200, {"Vary": "Accept", "Content-Security-Policy": _policy(body)}, HTML.media_types[0])
    quads = ox.parse(path=str(folder / "newsclaims.ttl"), format=ox.RdfFormat.TURTLE)
    kind = getattr(ox.RdfFormat, choice.format.engine)
    document = ox.serialize((quad.triple for quad in quads), format=kind)
    return Response(document, 200, {"Vary": "Accept"}, choice.content_type)


@router.api_route("/ontology/context.jsonld", methods=["GET", "HEAD"], include_in_schema=False)
async def context() -> Response:
    """The JSON-LD context."""
    body = (resource("ontology") / "context.jsonld").read_bytes()
    return Response(body, 200, {"Cache-Control": "max-age=3600"}, "application/ld+json")


@router.api_route("/.well-known/void", methods=["GET", "HEAD"], include_in_schema=False)
async def void(request: Request) -> Response:
    """VoID and DCAT."""
    access.require(request, "read")
    return await description.void(request)


def _policy(page: bytes) -> str:
    """The page of the ontology is one file: its style is allowed by its hash."""
    style = page.partition(b"<style>")[2].partition(b"</style>")[0]
    digest = b64encode(hashlib.sha256(style).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"


def _named(found: Format) -> Choice:
    return Choice(found, found.media_types[0])


def _not_acceptable() -> Problem:
    offered = ", ".join(kind.media_types[0] for kind in (*OFFERED, HTML))
    return Problem(406, "not-acceptable", f"one of {offered} was expected in Accept")
