"""The formats that are read and written, and the media types that name them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One serialisation. `name` is the short name in `?format=`, `engine` the engine's name for it."""

    name: str
    engine: str
    media_types: tuple[str, ...]  # the first is the registered one
    iri: str

    @property
    def extension(self) -> str:
        """The file name's ending, without a dot."""
        return self.name


_W3 = "http://www.w3.org/ns/formats/"

SOLUTIONS = (
    Format(
        "json",
        "JSON",
        ("application/sparql-results+json", "application/json", "text/json"),
        _W3 + "SPARQL_Results_JSON",
    ),
    Format("xml", "XML", ("application/sparql-results+xml", "application/xml", "text/xml"), _W3 + "SPARQL_Results_XML"),
    Format("csv", "CSV", ("text/csv",), _W3 + "SPARQL_Results_CSV"),
    Format("tsv", "TSV", ("text/tab-separated-values",), _W3 + "SPARQL_Results_TSV"),
)

TURTLE = Format("ttl", "TURTLE", ("text/turtle", "application/x-turtle"), _W3 + "Turtle")
N_TRIPLES = Format("nt", "N_TRIPLES", ("application/n-triples", "text/plain"), _W3 + "N-Triples")
JSON_LD = Format("jsonld", "JSON_LD", ("application/ld+json", "application/json"), _W3 + "JSON-LD")
RDF_XML = Format("rdf", "RDF_XML", ("application/rdf+xml", "application/xml", "text/xml"), _W3 + "RDF_XML")
N_QUADS = Format("nq", "N_QUADS", ("application/n-quads", "text/x-nquads"), _W3 + "N-Quads")
TRIG = Format("trig", "TRIG", ("application/trig", "application/x-trig"), _W3 + "TriG")

HTML = Format("html", "", ("text/html", "application/xhtml+xml"), "http://www.w3.org/ns/formats/HTML")

GRAPHS = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, N_QUADS, TRIG)


def by_media_type(media_type: str, formats: tuple[Format, ...]) -> Format | None:
    """The format that a Content-Type names, parameters ignored; None if there is none."""
    bare = media_type.partition(";")[0].strip().lower()
    return next((found for found in formats if bare in found.media_types), None)


def by_name(name: str, formats: tuple[Format, ...]) -> Format | None:
    """The format of a short name."""
    return next((found for found in formats if found.name == name), None)
