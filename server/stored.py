"""`/queries`: the stored queries, each a page with its answer as table, map or timeline, and files by its ending."""

from __future__ import annotations

from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg import queries
from kg.errors import UsageError
from server import access, answers, render
from server.backend import Backend, whole
from server.description import address
from server.formats import HTML, SOLUTIONS, TURTLE, Format, by_name
from server.negotiate import choose
from server.problems import Problem

router = APIRouter()

SHIPPED = queries.load()
SHOWN = 500  # rows of a result that a page shows; the whole result is one link away
_JSON = Format("json", "", ("application/json",), "")
_XSD = "http://www.w3.org/2001/XMLSchema#"


@router.api_route("/queries", methods=["GET", "HEAD"], include_in_schema=False)
async def listing(request: Request) -> Response:
    """All stored queries: a page, or SHACL executables as Turtle."""
    choice = choose(",".join(request.headers.getlist("accept")) or None, (HTML, TURTLE, _JSON))
    if choice is None:
        raise Problem(406, "not-acceptable", "text/html, text/turtle or application/json was expected in Accept")
    if choice.format is _JSON:
        return JSONResponse([fields(query) for query in SHIPPED], headers={"Vary": "Accept"})
    if choice.format is TURTLE:
        text = "".join(_executable(query, address(request)) for query in SHIPPED)
        return Response(_SH_PREFIXES + text, 200, {"Vary": "Accept"}, choice.content_type)
    return render.page(request, "queries.html", queries=SHIPPED)


@router.api_route("/queries/{name:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def stored(request: Request, name: str) -> Response:
    """One stored query with its answer; with an ending (.csv, .json …) the answer alone, with .rq or .ttl the query."""
    access.require(request, "read")
    query, ending = _named(name)
    values = dict(request.query_params)
    view = values.pop("view", "table")
    try:
        text = queries.bind(query, values)
    except UsageError as error:
        raise Problem(400, "parameter", str(error)) from error
    if ending == "rq":
        return Response(text, 200, media_type="application/sparql-query; charset=utf-8")
    if ending == "ttl":
        body = _SH_PREFIXES + _executable(query, address(request))
        return Response(body, 200, media_type="text/turtle; charset=utf-8")
    backend: Backend = request.app.state.backend
    kind = by_name(ending, SOLUTIONS) if ending else None
    if kind is not None:
        job = {"op": "query", "text": text, "formats": {"solutions": kind.engine}}
        headers = {"Content-Disposition": f'inline; filename="{query.name.rpartition("/")[2]}.{kind.extension}"'}
        return Response(await whole(await backend.read(request, job)), 200, headers, kind.media_types[0])
    columns, rows = render.rows_of(await backend.rows(request, text))
    if ending == "svg":
        return answers.picture(request, columns, rows, view)
    given = {parameter.name: values.get(parameter.name, parameter.example) for parameter in query.parameters}
    return render.page(
        request,
        "query.html",
        query=query,
        values=given,
        text=text,
        given=urlencode(values),
        **answers.shown(columns, rows, view, SHOWN),
    )


def _named(name: str) -> tuple[queries.Query, str]:
    """The query of a name, and the ending that the name has beyond it. Raises Problem 404."""
    query = queries.find(name, SHIPPED)
    if query is not None:
        return query, ""
    stem, _, ending = name.rpartition(".")
    query = queries.find(stem, SHIPPED) if stem else None
    if query is None or (ending not in {"rq", "ttl", "svg"} and by_name(ending, SOLUTIONS) is None):
        raise Problem(404, "not-found", f"no stored query is called {name!r}")
    return query, ending


_SH_PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .

"""


def fields(query: queries.Query) -> dict[str, object]:
    """A stored query as the list in JSON gives it: name, summary, tags, parameters, text."""
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
    """A stored query as `sh:SPARQLExecutable`, each of its parameters as `sh:Parameter`."""
    form, node = query.form.lower(), f"{root}/queries/{query.name}"
    tags = ", ".join(str(ox.Literal(tag)) for tag in query.tags)
    keywords = f" schema:keywords {tags} ;" if tags else ""
    parameters = ", ".join(f"<{node}#{parameter.name}>" for parameter in query.parameters)
    lines = [
        f"<{node}> a sh:SPARQLExecutable, sh:SPARQL{form.capitalize()}Executable ;",
        f"  rdfs:comment {ox.Literal(query.summary, language='en')} ;{keywords}",
        f"  sh:parameter {parameters} ;" if parameters else "",
        f"  sh:{form} {ox.Literal(query.text)} ; schema:target <{root}/sparql> .",
    ]
    lines += [_parameter(node, parameter) for parameter in query.parameters]
    return "\n".join(line for line in lines if line) + "\n\n"


def _parameter(node: str, parameter: queries.Parameter) -> str:
    kind = "sh:nodeKind sh:IRI" if parameter.kind == "iri" else f"sh:datatype <{_XSD}{parameter.kind}>"
    told = f"sh:name {ox.Literal(parameter.name)} ; sh:description {ox.Literal(parameter.help, language='en')}"
    default = f" ; sh:defaultValue {parameter.default}" if parameter.default != "UNDEF" else ""
    path = f"<{node}#{parameter.name}>"
    return f"{path} a sh:Parameter ; sh:path {path} ; {told} ; {kind} ; sh:optional true{default} ."
