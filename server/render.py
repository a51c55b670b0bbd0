"""Pages: templates, terms as links, rows of SPARQL JSON as Python values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from kg import queries
from server.backend import Backend
from server.cache import Entry, entity_tag, matches
from server.holdings import Holdings

_HTML = "text/html; charset=utf-8"
HERE = Path(__file__).resolve().parent
_PAGES = queries.load(HERE / "queries")
_ONTOLOGY = "https://w3id.org/newsclaims/ontology"
_VALUE = re.compile(re.escape(_ONTOLOGY) + r"#(?:status|mode|measure|counts|exactness|resolution)-(\w+)$")
_PREFIXES = {
    "https://w3id.org/newsclaims/ontology#": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs:",
    "http://www.w3.org/ns/prov#": "prov:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
}


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term of a result. `kind` is uri, literal or bnode."""

    kind: str
    value: str
    language: str | None = None

    def __str__(self) -> str:
        return self.value

    @property
    def number(self) -> int | None:
        """The value as a whole number, if it is one."""
        try:
            return int(self.value)
        except ValueError:
            return None


Row = dict[str, Term]


def rows_of(results: bytes) -> tuple[list[str], list[Row]]:
    """The columns and rows of SPARQL results in JSON."""
    found: dict[str, Any] = json.loads(results)
    rows = [
        {name: Term(term["type"], term["value"], term.get("xml:lang")) for name, term in row.items()}
        for row in found["results"]["bindings"]
    ]
    return found["head"]["vars"], rows


async def ask(request: Request, name: str, **values: str) -> list[Row]:
    """The rows of one of the pages' own queries."""
    backend: Backend = request.app.state.backend
    query = queries.find(name, _PAGES)
    if query is None:
        raise KeyError(name)
    return rows_of(await backend.rows(request, queries.bind(query, values)))[1]


def text_of(name: str, **values: str) -> str:
    """The text of one of the pages' own queries with its values."""
    query = queries.find(name, _PAGES)
    if query is None:
        raise KeyError(name)
    return queries.bind(query, values)


def short(iri: str) -> str:
    """An IRI as people read it: a known prefix, or its last part."""
    for namespace, prefix in _PREFIXES.items():
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return iri.rstrip("/").rpartition("/")[2] or iri


def spoken(iri: str) -> str:
    """A value of one of the ontology's lists as people say it (`status-happened`: happened); other IRIs as `short`."""
    found = _VALUE.match(iri)
    return found.group(1).replace("_", " ") if found else short(iri)


def link(iri: str, base: str) -> str | None:
    """Where the page of an IRI is on this server; the IRI itself for the rest of the web; None for other schemes."""
    if iri.startswith(base + "id/"):
        path, _, fragment = iri.removeprefix(base + "id/").partition("#")
        if fragment and path.startswith("article/"):  # what an article says is shown on a card of its own
            return f"/claim/{quote(path.removeprefix('article/'), safe='-_.~')}/{quote(fragment, safe='-_.~')}"
        return f"/page/{quote(path, safe='/-_.~')}"
    if iri.startswith(_ONTOLOGY):
        return "/ontology" + iri.removeprefix(_ONTOLOGY)
    return iri if iri.startswith(("https://", "http://")) else None


def address_of(iri: str, base: str, view: str) -> str | None:
    """Where another view of a thing is (`graph`, `doc`); its fragment is the parameter `of`. None for foreign IRIs."""
    if not iri.startswith(base + "id/"):
        return None
    path, _, fragment = iri.removeprefix(base + "id/").partition("#")
    return f"/{view}/{quote(path, safe='/-_.~')}" + (f"?{urlencode({'of': fragment})}" if fragment else "")


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,  # .svg templates too
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["short"] = short
_templates.filters["spoken"] = spoken
_templates.filters["urlencode_pairs"] = lambda pairs: urlencode(list(pairs))


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """An HTML page with an ETag of its content."""
    backend: Backend = request.app.state.backend
    base = backend.settings.base
    html = _templates.get_template(template).render(
        link=lambda iri: link(str(iri), base),
        around=lambda iri: address_of(str(iri), base, "graph"),
        base=base,
        path=request.url.path,
        alone=False,
        **values,
    )
    return _sent(request, html.encode("utf-8", "replace"), _HTML, status)


def kept(request: Request, held: Holdings, make: Callable[[], Response]) -> Response:
    """A page that follows from its address and the holdings alone: made once for each generation."""
    backend: Backend = request.app.state.backend
    key = entity_tag(held.generation, len(held.claims), str(request.url))
    entry = backend.cache.get(key)
    if entry is not None:
        return _sent(request, entry.body, entry.content_type)
    response = make()
    if response.status_code == 200:
        backend.cache.put(key, Entry(bytes(response.body), _HTML))
    return response


def _sent(request: Request, body: bytes, content_type: str, status: int = 200) -> Response:
    """A body with its ETag; 304 where the client has it already."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "ETag": tag}
    if status == 200 and matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    return Response(body, status, headers, content_type)


def picture(request: Request, template: str, **values: object) -> Response:
    """An SVG file that stands alone: it has its colours in itself and needs no other file."""
    svg = _templates.get_template(template).render(link=lambda _: None, alone=True, **values)
    return _sent(request, svg.encode("utf-8", "replace"), "image/svg+xml")
