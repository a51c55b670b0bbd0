"""`/claim/…`: the card of one claim, and the analyst's word on it beside what the program found."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, quote

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.errors import UsageError
from kg.ontology import codes
from kg.reconcile import review
from kg.reconcile.review import Review
from server import access, render, reply, schema, shelf, texts, things
from server.backend import Backend
from server.highlight import sentences_of
from server.holdings import values_of
from server.problems import Problem
from server.render import Row

router = APIRouter()

_FORM = 20_000  # bytes of a form
_REFUSED = "Nothing was written; ask whoever runs this server for a token. "


@dataclass(frozen=True, slots=True)
class Check:
    """Whether words of a claim stand where it says, as of this request. `where`: what they are held against."""

    role: str
    exact: str
    start: int
    end: int
    holds: bool
    where: str


@router.api_route("/claim/{article}/{fragment}", methods=["GET", "HEAD"], include_in_schema=False)
async def card(request: Request, article: str, fragment: str) -> Response:
    """One claim: its words in their sentence, its source, how it was found. Other nodes of an article as they are."""
    access.require(request, "read")
    response = await _card(request, article, fragment)
    node = things.iri_of(request, f"article/{article}/{fragment}")
    licence = request.app.state.backend.settings.licence
    response.headers["Link"] = things.links(f"article/{article}", node.replace(f"/{article}/", f"/{article}#"), licence)
    return response


async def _card(
    request: Request,
    article: str,
    fragment: str,
    problem: str = "",
    status: int = 200,
    form: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """The card; with what was written in its form if that could not be taken."""
    home = things.iri_of(request, f"article/{article}")
    node = f"{home}#{things.iri_of(request, f'article/{article}/{fragment}').rpartition('/')[2]}"
    claim = (await shelf.of(request)).by_iri.get(node)
    thing, incoming = await asyncio.gather(things.described(request, node), render.ask(request, "incoming", node=node))
    label, outgoing = thing.label, thing.outgoing
    if claim is None:
        return render.page(request, "thing.html", iri=node, label=label, outgoing=outgoing, incoming=incoming)
    reviews = await _reviews(request, node)
    sentences, spans = await asyncio.gather(  # two at once: a third would have the pool start another worker
        render.ask(request, "claim-sentences", node=node), render.ask(request, "claim-spans", node=node)
    )
    backend: Backend = request.app.state.backend
    text, around = texts.of(backend.settings, article), sentences
    if text is None and len(_checks(spans, sentences, None)) < len(spans):  # a source named in another sentence
        around = await render.ask(request, "sentences", node=home)
    facts = _by_name(outgoing)
    return render.page(
        request,
        "claim.html",
        status,
        iri=node,
        label=label,
        claim=claim,
        sentences=sentences_of(sentences, spans),
        checks=_checks(spans, around, text),
        rows_of=lambda names: [row for name in names for row in facts.get(name, [])],
        inside=[row for row in incoming if row["property"].value.endswith(("#expressedIn", "#embeddedIn"))],
        outgoing=outgoing,
        incoming=incoming,
        reviews=sorted(reviews, key=lambda found: found.at, reverse=True),
        writable=backend.settings.writable,
        fields={name: codes(kind) if kind not in {"number", "words"} else () for name, kind in review.FIELDS.items()},
        problem=problem,
        written={name: value for name, value in form.items() if name != "token"},
        jsonld=schema.claim(claim),
    )


async def _reviews(request: Request, claim: str) -> list[Review]:
    """All that analysts said of a claim, in the order of time."""
    backend: Backend = request.app.state.backend
    text = review.QUERY.replace("WHERE {", f"WHERE {{ VALUES ?claim {{ {ox.NamedNode(claim)} }}", 1)
    rows = render.rows_of(await backend.rows(request, text))[1]
    return list(review.of_rows(values_of([{name: term.value for name, term in row.items()} for row in rows])))


def _by_name(rows: list[Row]) -> dict[str, list[Row]]:
    """What is said of a claim, by the short name of the property."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[render.short(row["property"].value)].append(row)
    return dict(found)


def _checks(spans: list[Row], sentences: list[Row], text: str | None) -> list[Check]:
    """Each span held against the stored sentence, or the whole text where the server has it."""
    out = []
    for row in spans:
        start, end, exact = int(row["start"].value), int(row["end"].value), row["exact"].value
        if text is not None:
            out.append(Check(row["role"].value, exact, start, end, text[start:end] == exact, "the article's text"))
            continue
        homes = [(int(one["start"].value), one["exact"].value) for one in sentences]
        held = [words[start - at : end - at] for at, words in homes if at <= start and end <= at + len(words)]
        if held:
            out.append(Check(row["role"].value, exact, start, end, exact in held, "the stored sentence"))
    return out


@router.post("/claim/{article}/{fragment}", include_in_schema=False)
async def decide(request: Request, article: str, fragment: str) -> Response:
    """Accept, reject or amend a claim, or take the last review back: a form with a token that may write."""
    backend: Backend = request.app.state.backend
    body = await reply.body(request, _FORM)
    try:
        form = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise Problem(400, "form", "a form in UTF-8 with at most 100 fields was expected") from error
    asked = request if "authorization" in request.headers else _with_token(request, form.get("token", ""))
    try:
        access.require_write(asked)
    except Problem as problem:
        if backend.settings.private or asked is request or "text/html" not in request.headers.get("accept", ""):
            raise
        return await _card(request, article, fragment, _REFUSED + problem.detail, problem.status, form)
    node = f"{things.iri_of(request, f'article/{article}')}#{fragment}"
    if node not in (await shelf.of(request)).by_iri:
        raise Problem(404, "not-found", f"the graph holds no claim <{node}>")
    try:
        text = await _update(request, backend, node, form)
    except UsageError as error:
        return await _card(request, article, fragment, str(error), 400, form)
    limits = backend.settings.limits
    size = {"length": limits.length, "nesting": limits.nesting, "chain": limits.chain, "graphs": limits.graphs}
    answer = await backend.writer.run(
        {"op": "update", "text": text, "default_graphs": (), "named_graphs": (), "gate": size}
    )
    access.audit(asked, "review", claim=node, verdict=form.get("verdict"), by=form.get("by"), **answer.facts)
    return RedirectResponse(f"/claim/{quote(article)}/{quote(fragment)}#reviews", 303)


async def _update(request: Request, backend: Backend, node: str, form: dict[str, str]) -> str:
    """The SPARQL update of a form. Raises UsageError for what is missing or not known."""
    base = backend.settings.base
    if form.get("verdict") == "taken back":
        stands: Review | None = review.in_force(await _reviews(request, node)).get(node)
        if stands is None:
            raise UsageError("a review to take back was expected, found none")
        return review.removal(stands.id, base)
    changes = [(name, form[name]) for name in review.FIELDS if form.get(name, "").strip()]
    taken = [(name, "") for name in review.FIELDS if form.get(f"no-{name}")]
    verdict = form.get("verdict", "")
    new = (*changes, *taken) if verdict == "amended" else ()
    return review.update(
        review.made(node, verdict, form.get("by", ""), base=base, reason=form.get("reason"), changes=new)
    )


def _with_token(request: Request, token: str) -> Request:
    """The request as a program would send it: a form names the token in a field, and nothing is kept in the browser."""
    headers = [*request.scope["headers"], (b"authorization", f"Bearer {token.strip()}".encode())]
    asked = Request({**request.scope, "headers": headers if token.strip() else request.scope["headers"]})
    asked.state.id = request.state.id
    return asked
