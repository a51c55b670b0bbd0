"""The start page and the stored queries."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from kg import queries
from kg.errors import UsageError
from server import access, explore, gate, holdings, render, schema
from server.backend import Backend, whole
from server.description import address
from server.formats import HTML, SOLUTIONS, TURTLE, Format, by_name
from server.negotiate import choose
from server.problems import Problem
from server.render import HERE

router = APIRouter()

SHIPPED = queries.load()
_SHOWN = 500  # rows of a result that a page shows; the whole result is one link away
_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "editor.js": "text/javascript; charset=utf-8",
    "yasgui/yasgui.min.js": "text/javascript; charset=utf-8",
    "yasgui/yasgui.min.css": "text/css; charset=utf-8",
}
_JSON = Format("json", "", ("application/json",), "")


@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
async def start(request: Request) -> Response:
    """What the graph holds, and what to ask it."""
    access.require(request, "read")
    counts = {row["class"].value.rpartition("#")[2]: row["n"].number for row in await render.ask(request, "counts")}
    articles = await render.ask(request, "articles")
    shown = [query for query in SHIPPED if "/" not in query.name]
    held = await holdings.of(request)
    return render.page(
        request,
        "start.html",
        counts=counts,
        articles=articles,
        queries=shown,
        events=_events(held),
        speakers=_speakers(held),
        map=explore.map_of(held.claims),
        jsonld=schema.dataset(address(request), len(held.articles), held.generation),
    )


def _events(held: holdings.Holdings) -> list[tuple[holdings.Event, int, int]]:
    """The events that most claims are about, with the number of claims and of sources."""
    told: Counter[holdings.Event] = Counter(event for claim in held.claims for event in claim.events)
    most = [event for event, _ in told.most_common(12)]
    voices = {event: {claim.source for claim in held.claims if event in claim.events} for event in most}
    return [(event, told[event], len(voices[event])) for event in most]


def _speakers(held: holdings.Holdings) -> list[tuple[str, str | None, int]]:
    """Who makes most claims: name, shared actor, number."""
    said = Counter((claim.source, claim.actor) for claim in held.claims if claim.source)
    return [(name, actor, count) for (name, actor), count in said.most_common(10) if name]


@router.api_route("/articles", methods=["GET", "HEAD"], include_in_schema=False)
async def all_articles(request: Request) -> Response:
    """All articles, two hundred a page."""
    access.require(request, "read")
    held = await holdings.of(request)
    claims = Counter(claim.article.iri for claim in held.claims)
    last = max((len(held.articles) + 199) // 200, 1)
    asked = request.query_params.get("page", "1")
    number = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 8 else 1
    shown = [(article, claims[article.iri]) for article in held.articles[(number - 1) * 200 : number * 200]]
    return render.page(request, "articles.html", articles=shown, number=number, last=last)


@router.api_route("/queries", methods=["GET", "HEAD"], include_in_schema=False)
async def listing(request: Request) -> Response:
    """All stored queries: a page, or SHACL executables as Turtle."""
    choice = choose(",".join(request.headers.getlist("accept")) or None, (HTML, TURTLE, _JSON))
    if choice is None:
        raise Problem(406, "not-acceptable", "text/html, text/turtle or application/json was expected in Accept")
    if choice.format is _JSON:
        return JSONResponse([_fields(query) for query in SHIPPED], headers={"Vary": "Accept"})
    if choice.format is TURTLE:
        text = "".join(_executable(query, address(request)) for query in SHIPPED)
        return Response(_SH_PREFIXES + text, 200, {"Vary": "Accept"}, choice.content_type)
    return render.page(request, "queries.html", queries=SHIPPED)


@router.api_route("/queries/{name:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def stored(request: Request, name: str) -> Response:
    """One stored query with its answer; with a suffix (.csv, .json …) the answer alone, with .rq its text."""
    access.require(request, "read")
    stem, _, suffix = name.rpartition(".")
    query = queries.find(name, SHIPPED)
    kind = None
    if query is None and stem:
        query, kind = queries.find(stem, SHIPPED), by_name(suffix, SOLUTIONS)
    if query is None or (kind is None and suffix not in {"rq", "ttl"} and query.name != name):
        raise Problem(404, "not-found", f"no stored query is called {name!r}")
    try:
        text = queries.bind(query, dict(request.query_params))
    except UsageError as error:
        raise Problem(400, "parameter", str(error)) from error
    if query.name != name and suffix == "rq":
        return Response(text, 200, media_type="application/sparql-query; charset=utf-8")
    if query.name != name and suffix == "ttl":
        return Response(
            _SH_PREFIXES + _executable(query, address(request)), 200, media_type="text/turtle; charset=utf-8"
        )
    backend: Backend = request.app.state.backend
    if kind is not None:
        job = {"op": "query", "text": text, "formats": {"solutions": kind.engine}}
        headers = {"Content-Disposition": f'inline; filename="{query.name.rpartition("/")[2]}.{kind.extension}"'}
        return Response(await whole(await backend.read(request, job)), 200, headers, kind.media_types[0])
    columns, rows = render.rows_of(await backend.rows(request, text))
    values = {
        parameter.name: request.query_params.get(parameter.name, parameter.example) for parameter in query.parameters
    }
    return render.page(
        request,
        "query.html",
        query=query,
        values=values,
        text=text,
        columns=columns,
        rows=rows[:_SHOWN],
        total=len(rows),
        given=urlencode(dict(request.query_params)),
    )


@router.api_route("/editor", methods=["GET", "HEAD"], include_in_schema=False)
async def editor(request: Request) -> Response:
    """A SPARQL editor with syntax colours and completion; `?query=` opens it with a query."""
    access.require(request, "read")
    return render.page(request, "editor.html")


@router.api_route("/ask", methods=["GET", "HEAD"], include_in_schema=False)
async def ask(request: Request) -> Response:
    """A SELECT or ASK query of the visitor's own, with its answer as a table."""
    access.require(request, "read")
    text = request.query_params.get("query", "")
    columns: list[str] = []
    rows: list[render.Row] = []
    problem: Problem | None = None
    if text:
        try:
            columns, rows = await _answer(request, text)
        except Problem as error:
            problem = error
    values = {"text": text, "columns": columns, "rows": rows[:_SHOWN], "total": len(rows), "problem": problem}
    return render.page(request, "ask.html", problem.status if problem else 200, **values)


async def _answer(request: Request, text: str) -> tuple[list[str], list[render.Row]]:
    backend: Backend = request.app.state.backend
    if gate.check(text, backend.settings.limits).form not in {"SELECT", None}:
        raise Problem(400, "form", "a SELECT query was expected here; /sparql answers the others")
    return render.rows_of(await backend.rows(request, text))


@router.api_route("/static/{name:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def static(name: str) -> Response:
    """The pages' own files."""
    if name not in _STATIC:
        raise Problem(404, "not-found", "nothing is here")
    headers = {"Cache-Control": "max-age=3600"}
    return FileResponse(HERE / "static" / name, media_type=_STATIC[name], headers=headers)


_SH_PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .

"""


def _fields(query: queries.Query) -> dict[str, object]:
    parameters = [
        {"name": found.name, "kind": found.kind, "help": found.help, "default": found.example}
        for found in query.parameters
    ]
    return {
        "name": query.name,
        "summary": query.summary,
        "tags": query.tags,
        "parameters": parameters,
        "text": query.text,
    }


def _executable(query: queries.Query, root: str) -> str:
    """A stored query as `sh:SPARQLExecutable`."""
    form = query.form.lower()
    text = query.text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    tags = ", ".join(f'"{tag}"' for tag in query.tags)
    return (
        f"<{root}/queries/{query.name}> a sh:SPARQLExecutable, sh:SPARQL{form.capitalize()}Executable ;\n"
        f'  rdfs:comment "{query.summary}"@en ; schema:keywords {tags} ;\n'
        f'  sh:{form} """{text}""" ; schema:target <{root}/sparql> .\n\n'
    )
