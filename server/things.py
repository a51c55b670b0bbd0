"""Things of the dataset: their IRIs, what they are, and the formats of their documents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request

from kg.store import withdrawn
from server import render
from server.backend import Backend
from server.formats import GRAPHS
from server.holdings import clipped
from server.problems import Problem
from server.render import Row

OFFERED = GRAPHS[:4]  # Turtle, N-Triples, JSON-LD, RDF/XML
_PATH = re.compile(r"^[\w\-.~%:@!$&'()*+,;=/]+$")
_NC = "https://w3id.org/newsclaims/ontology#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def iri_of(request: Request, path: str) -> str:
    """The IRI of a thing of this dataset. Raises Problem 404 for a path that cannot be part of one."""
    backend: Backend = request.app.state.backend
    if not _PATH.match(path):
        raise Problem(404, "not-found", "nothing has such an address")
    return f"{backend.settings.base}id/{path}"


@dataclass(frozen=True, slots=True)
class Thing:
    """A node: its classes (without the ontology's address), its label, and all that is said of it."""

    kinds: frozenset[str]
    label: str
    outgoing: list[Row]


async def described(request: Request, iri: str) -> Thing:
    """What the graph says of a node. Raises Problem 404 if it says nothing, 410 if it was taken down."""
    rows = await render.ask(request, "outgoing", node=iri)
    kinds = frozenset(row["value"].value.removeprefix(_NC) for row in rows if row["property"].value == _TYPE)
    if not kinds:
        raise _missing(request, iri)
    labels = [row["value"].value for row in rows if row["property"].value == _LABEL]
    return Thing(kinds, clipped(min(labels, default=iri)), rows)


async def known(request: Request, iri: str) -> None:
    """Raise Problem 404 if the graph says nothing of a node, 410 if it was taken down."""
    if not await render.ask(request, "kind", node=iri):
        raise _missing(request, iri)


def _missing(request: Request, iri: str) -> Problem:
    backend: Backend = request.app.state.backend
    at = withdrawn(backend.settings.store).get(iri.partition("#")[0])
    if at is not None:
        return Problem(410, "withdrawn", f"<{iri}> was taken down on {at}")
    return Problem(404, "not-found", f"the graph says nothing of <{iri}>")


def links(path: str, iri: str, licence: str | None = None) -> str:
    """The Link header: the other formats, what describes the data, its licence, and the thing that is described."""
    found = ['</.well-known/void>; rel="describedby"', *([f'<{licence}>; rel="license"'] if licence else [])]
    found += [f'</doc/{path}.{kind.extension}>; rel="alternate"; type="{kind.media_types[0]}"' for kind in OFFERED]
    return ", ".join([*found, f'<{iri}>; rel="describes"'])
