"""What the service says of itself: SPARQL service description, VoID and DCAT."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kg.store import geo
from kg.store.text import MATCH
from server.backend import Backend
from server.cache import entity_tag, matches
from server.formats import GRAPHS, N_QUADS, SOLUTIONS, TRIG
from server.jobs import PREFIXES
from server.negotiate import choose
from server.problems import Problem

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
_PREFIXES = PREFIXES | {"sd": SD, "void": VOID, "dcat": DCAT, "formats": "http://www.w3.org/ns/formats/"}
_RDF_TYPE = PREFIXES["rdf"] + "type"
_PLAIN = tuple(found for found in GRAPHS if found not in (N_QUADS, TRIG))

_CLASSES = """SELECT ?class (COUNT(DISTINCT ?s) AS ?n) (SAMPLE(?s) AS ?example) { GRAPH ?g { ?s a ?class }
FILTER(STRSTARTS(STR(?g), "%s")) } GROUP BY ?class ORDER BY ?class"""
_PROPERTIES = """SELECT ?property (COUNT(*) AS ?n) { GRAPH ?g { ?s ?property ?o }
FILTER(STRSTARTS(STR(?g), "%s")) } GROUP BY ?property ORDER BY ?property"""

# Where a crawler may begin, so that it reaches every article; more than these are in the sitemap.
_ARTICLES = """PREFIX nc: <https://w3id.org/newsclaims/ontology#>
SELECT ?article { ?article a nc:Article } ORDER BY ?article LIMIT 10000"""
_DUMP = urlencode({"query": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "format": "nt"})


def address(request: Request) -> str:
    """The server's own address as clients see it, without a slash at the end."""
    backend: Backend = request.app.state.backend
    return (backend.settings.public_url or str(request.base_url)).rstrip("/")


async def service(request: Request) -> Response:
    """The service description, in the RDF format asked for."""
    backend: Backend = request.app.state.backend
    root = address(request)
    endpoint = f"{root}/sparql"
    text = (
        _header()
        + f"""
<{endpoint}#service> a sd:Service ;
  rdfs:label "SPARQL endpoint of newsclaims"@en ;
  sd:endpoint <{endpoint}> ;
  sd:supportedLanguage sd:SPARQL11Query{", sd:SPARQL11Update" if backend.settings.writable else ""} ;
  sd:feature sd:UnionDefaultGraph, sd:EmptyGraphs ;
  sd:propertyFeature <{MATCH}> ; sd:extensionFunction <{geo.DISTANCE}>, <{geo.IN_BOX}> ;
  sd:resultFormat {", ".join(f"<{found.iri}>" for found in (*SOLUTIONS, *GRAPHS))} ;
  sd:inputFormat {", ".join(f"<{found.iri}>" for found in _PLAIN)} ;
  sd:defaultDataset <{endpoint}#dataset> .
<{MATCH}> a sd:Feature ; rdfs:label "full text"@en ; rdfs:comment "?node nc:textMatch \\"words\\" binds ?node to \
what says these words: labels, names, sentences, quotes, claims."@en .
<{geo.DISTANCE}> a sd:Function ; rdfs:label "distance"@en ; rdfs:comment "nc:distance(latitude1, longitude1, \
latitude2, longitude2): kilometres between two points."@en .
<{geo.IN_BOX}> a sd:Function ; rdfs:label "in a box"@en ; rdfs:comment "nc:inBox(latitude, longitude, south, west, \
north, east): whether a point lies in a box."@en .
<{endpoint}#dataset> a sd:Dataset, void:Dataset ;
  rdfs:comment "The default graph of queries is the union of all graphs; GRAPH tells which one says something."@en ;
  void:sparqlEndpoint <{endpoint}> ;
  sd:defaultGraph <{endpoint}#union> .
<{endpoint}#union> a sd:Graph ;
  rdfs:label "union of all graphs"@en ;
  void:triples {backend.pool.quads} .
"""
    )
    return _rdf(request, text, backend.generation())


async def void(request: Request) -> Response:
    """VoID and DCAT: what the dataset holds, where to get it, where to begin."""
    backend: Backend = request.app.state.backend
    generation = backend.generation()
    root, base = address(request), backend.settings.base
    held = getattr(request.app.state, "partitions", None)
    if held is None or held[0] != generation:  # counting everything costs seconds in a large store
        classes = _rows(await backend.rows(request, _CLASSES % base))
        properties = _rows(await backend.rows(request, _PROPERTIES % base))
        articles = _rows(await backend.rows(request, _ARTICLES))
        held = request.app.state.partitions = (generation, classes, properties, articles)
    _, classes, properties, articles = held
    dataset = f"<{root}/.well-known/void#dataset>"
    lines = [
        _header(),
        f"""{dataset} a void:Dataset, dcat:Dataset ;
  dcterms:title "Claims of news articles"@en ;
  dcterms:description "Who said what, how many, where, and the very words that say so."@en ;
  void:sparqlEndpoint <{root}/sparql> ; void:uriSpace "{base}id/" ; void:triples {backend.pool.quads} ;
  void:vocabulary <{PREFIXES["nc"].rstrip("#")}>, <{PREFIXES["prov"].rstrip("#")}>, <{PREFIXES["skos"].rstrip("#")}> ;
  void:feature <http://www.w3.org/ns/formats/Turtle>, <http://www.w3.org/ns/formats/JSON-LD> ;
  dcat:distribution <{root}/.well-known/void#sparql> .
{dataset} void:dataDump <{root}/sparql?{_DUMP}> ; dcat:distribution <{root}/.well-known/void#dump> .
<{root}/.well-known/void#dump> a dcat:Distribution ; dcat:downloadURL <{root}/sparql?{_DUMP}> ;
  dcat:mediaType "application/n-triples" .
<{root}/.well-known/void#sparql> a dcat:Distribution ; dcat:accessURL <{root}/sparql> .""",
    ]
    if backend.settings.licence:
        lines.append(f"{dataset} dcterms:license <{backend.settings.licence}> .")
    lines += [f"{dataset} void:rootResource <{row['article']}> ." for row in articles]
    for row in classes:
        part = f"<{root}/.well-known/void#class-{_slug(row['class'])}>"
        lines.append(f"{dataset} void:classPartition {part} .")
        lines.append(f"{part} void:class <{row['class']}> ; void:entities {row['n']} .")
        if row["example"].startswith(base) and "#" not in row["example"]:
            lines.append(f"{dataset} void:exampleResource <{row['example']}> .")
    for row in properties:
        part = f"<{root}/.well-known/void#property-{_slug(row['property'])}>"
        lines.append(f"{dataset} void:propertyPartition {part} .")
        lines.append(f"{part} void:property <{row['property']}> ; void:triples {row['n']} .")
    return _rdf(request, "\n".join(lines), generation)


def _rdf(request: Request, turtle: str, generation: int) -> Response:
    choice = choose(",".join(request.headers.getlist("accept")) or None, GRAPHS)
    if choice is None:
        raise Problem(406, "not-acceptable", "an RDF format was expected in Accept")
    tag = entity_tag(generation, turtle, choice.content_type)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "ETag": tag}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    # The text is the server's own, never a client's: it may be parsed in the web process.
    triples = (quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    kind = getattr(ox.RdfFormat, choice.format.engine)
    body = ox.serialize(triples, format=kind, prefixes=_PREFIXES)
    return Response(body, 200, headers, choice.content_type)


def _header() -> str:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _PREFIXES.items())


def _rows(results: bytes) -> list[dict[str, str]]:
    found: list[dict[str, Any]] = json.loads(results)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found if row]


def _slug(iri: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in iri.rpartition("/")[2])
