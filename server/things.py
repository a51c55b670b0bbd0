"""Things of the dataset: their IRIs, what they are, and the formats of their documents."""

from __future__ import annotations

import re

from starlette.requests import Request

from kg.store import withdrawn
from server import render
from server.backend import Backend
from server.formats import GRAPHS
from server.problems import Problem

OFFERED = GRAPHS[:4]  # Turtle, N-Triples, JSON-LD, RDF/XML
_PATH = re.compile(r"^[\w\-.~%:@!$&'()*+,;=/]+$")
_NC = "https://w3id.org/newsclaims/ontology#"


def iri_of(request: Request, path: str) -> str:
    """The IRI of a thing of this dataset. Raises Problem 404 for a path that cannot be part of one."""
    backend: Backend = request.app.state.backend
    if not _PATH.match(path):
        raise Problem(404, "not-found", "nothing has such an address")
    return f"{backend.settings.base}id/{path}"


async def kinds(request: Request, iri: str) -> tuple[frozenset[str], str]:
    """The classes of a node and its label. Raises Problem 404 if the graph says nothing of it."""
    rows = await render.ask(request, "kind", node=iri)
    if not rows:
        backend: Backend = request.app.state.backend
        at = withdrawn(backend.settings.store).get(iri.partition("#")[0])
        if at is not None:
            raise Problem(410, "withdrawn", f"<{iri}> was taken down on {at}")
        raise Problem(404, "not-found", f"the graph says nothing of <{iri}>")
    labels = [row["label"].value for row in rows if "label" in row]
    return frozenset(row["class"].value.removeprefix(_NC) for row in rows), labels[0] if labels else iri


def links(path: str, iri: str, licence: str | None = None) -> str:
    """The Link header: the other formats, what describes the data, its licence, and the thing that is described."""
    found = ['</.well-known/void>; rel="describedby"', *([f'<{licence}>; rel="license"'] if licence else [])]
    found += [f'</doc/{path}.{kind.extension}>; rel="alternate"; type="{kind.media_types[0]}"' for kind in OFFERED]
    return ", ".join([*found, f'<{iri}>; rel="describes"'])
