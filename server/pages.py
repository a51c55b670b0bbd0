"""The start page, the list of articles, the forms for queries of one's own, and the pages' files."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kg import queries
from server import access, answers, explore, gate, holdings, lookup, render, schema, shelf, stored
from server.backend import Backend
from server.description import address
from server.problems import Problem
from server.render import HERE

router = APIRouter()

# The questions that the start page shows: those that need no explaining.
_FIRST = frozenset(
    "casualties direct-quotes figures-for-evacuated hearsay not-yet-happened one-speech rival-figures said-by "
    "who-blames-whom".split()
)
_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "editor.js": "text/javascript; charset=utf-8",
    "yasgui/yasgui.min.js": "text/javascript; charset=utf-8",
    "yasgui/yasgui.min.css": "text/css; charset=utf-8",
}


@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
async def start(request: Request) -> Response:
    """What the graph holds, and what to ask it."""
    access.require(request, "read")
    shown = [query for query in stored.SHIPPED if "/" not in query.name]
    shown.sort(key=lambda query: query.name not in _FIRST)
    held = await shelf.of(request)
    return render.kept(request, held, lambda: _start(request, held, shown))


def _start(request: Request, held: holdings.Holdings, shown: Sequence[queries.Query]) -> Response:
    told = lookup.summary(held)
    return render.page(
        request,
        "start.html",
        counts=_counts(held),
        articles=_articles(held, held.articles[:20]),
        queries=shown,
        events=told.most_told,
        speakers=told.speakers,
        map=explore.map_of(held),
        jsonld=schema.dataset(address(request), len(held.articles), held.generation),
    )


def _counts(held: holdings.Holdings) -> list[tuple[int, str, str]]:
    """How much of each thing there is: number, words, address."""
    told = lookup.summary(held)
    return [
        (len(held.articles), "articles", "/articles"),
        (told.kinds.get("statement", 0), "statements with a source", "/search?kind=statement"),
        (told.kinds.get("report", 0), "reports of people moved or harmed", "/search?kind=report"),
        (told.figures, "figures", "/search?sort=number"),
        (told.events, "events", "#events"),
    ]


def _articles(held: holdings.Holdings, shown: Sequence[holdings.Article]) -> list[tuple[holdings.Article, int, str]]:
    """Articles with their numbers of claims, and the words of those without a title."""
    by = lookup.of(held).by_article
    return [(one, len(told := by.get(one.iri, ())), lookup.opening(told)) for one in shown]


@router.api_route("/articles", methods=["GET", "HEAD"], include_in_schema=False)
async def all_articles(request: Request) -> Response:
    """All articles, two hundred a page."""
    access.require(request, "read")
    held = await shelf.of(request)
    last = max((len(held.articles) + 199) // 200, 1)
    asked = request.query_params.get("page", "1")
    number = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 8 else 1
    shown = _articles(held, held.articles[(number - 1) * 200 : number * 200])
    return render.page(request, "articles.html", articles=shown, number=number, last=last)


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
    values = answers.shown(columns, rows, request.query_params.get("view", ""), stored.SHOWN)
    return render.page(request, "ask.html", problem.status if problem else 200, text=text, problem=problem, **values)


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
