"""`/sitemap.xml` and `/robots.txt`: what search engines and crawlers are told."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import access, shelf
from server.cache import entity_tag, matches
from server.description import address
from server.holdings import Holdings
from server.problems import Problem
from server.render import link

router = APIRouter()

_MOST = 40_000  # addresses of one sitemap; the protocol allows 50,000


@router.api_route("/robots.txt", methods=["GET", "HEAD"], include_in_schema=False)
async def robots(request: Request) -> Response:
    """Pages may be read; endless combinations of facets and queries may not be walked through."""
    walled = ("/search?", "/map?", "/timeline?", "/compare?", "/graph/", "/sparql?", "/ask?", "/store")
    private = request.app.state.backend.settings.private
    rules = ["Disallow: /"] if private else [f"Disallow: {path}" for path in walled]
    text = "\n".join(["User-agent: *", *rules, f"Sitemap: {address(request)}/sitemap.xml", ""])
    return Response(text, 200, {"Cache-Control": "max-age=3600"}, "text/plain; charset=utf-8")


@router.api_route("/sitemap.xml", methods=["GET", "HEAD"], include_in_schema=False)
async def sitemap(request: Request) -> Response:
    """The sitemaps, one for each `_MOST` things."""
    access.require(request, "read")
    things, root = _things(await shelf.of(request)), address(request)
    count = (len(things) + _MOST - 1) // _MOST or 1
    parts = "".join(f"<sitemap><loc>{escape(root)}/sitemap-{n}.xml</loc></sitemap>" for n in range(1, count + 1))
    return _xml(request, f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>')


@router.api_route("/sitemap-{number}.xml", methods=["GET", "HEAD"], include_in_schema=False)
async def part(request: Request, number: str) -> Response:
    """One sitemap: the pages of things."""
    access.require(request, "read")
    things, root = _things(await shelf.of(request)), address(request)
    first = (int(number) - 1) * _MOST if number.isdecimal() and 0 < len(number) < 6 else -1
    if first < 0 or (first and first >= len(things)):
        raise Problem(404, "not-found", "there is no such sitemap")
    base = request.app.state.backend.settings.base
    found = (link(iri, base) for iri in things[first : first + _MOST])
    pages = "".join(f"<url><loc>{escape(root + quote(path, safe='/%#-_.~'))}</loc></url>" for path in found if path)
    return _xml(request, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{pages}</urlset>')


def _things(held: Holdings) -> list[str]:
    """The IRIs of all articles, events, actors and places, articles first."""
    articles = [article.iri for article in held.articles]
    others: dict[str, None] = {}
    for claim in held.claims:
        others |= dict.fromkeys(_of(claim.actor, (e.iri for e in claim.events), (p.iri for p in claim.places)))
    return articles + sorted(iri for iri in others if "#" not in iri)


def _of(actor: str | None, events: Iterable[str], places: Iterable[str]) -> list[str]:
    return [*([actor] if actor else []), *events, *places]


def _xml(request: Request, body: str) -> Response:
    tag = entity_tag(body)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', 200, headers, "application/xml")
