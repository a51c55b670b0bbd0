"""The extraction steps as spaCy components, in the order they run.

Each reads the Doc and what the steps before it left, and leaves JSON-able records (see `records`).
"""

from __future__ import annotations

from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from kg.nlp.actors import actors, resolve
from kg.nlp.attribution import statements
from kg.nlp.places import places
from kg.nlp.records import get, get_value, put
from kg.nlp.reports import reports
from kg.nlp.times import times
from kg.types import Place, Source, Span, Statement, TimeScope

ORDER = (
    "newsclaims_places",
    "newsclaims_times",
    "newsclaims_actors",
    "newsclaims_attribution",
    "newsclaims_reports",
)


@Language.component("newsclaims_places")
def find_places(doc: Doc) -> Doc:
    """Leaves the places named in the Doc under "places"."""
    put(doc, "places", places(doc))
    return doc


@Language.component("newsclaims_times")
def find_times(doc: Doc) -> Doc:
    """Leaves time expressions under "times", dated where a publication date was given under "published"."""
    published = get_value(doc, "published")
    put(doc, "times", times(doc, date.fromisoformat(published) if published else None))
    return doc


@Language.component("newsclaims_actors")
def find_actors(doc: Doc) -> Doc:
    """Leaves the actors of the Doc, with all their mentions, under "actors"."""
    put(doc, "actors", actors(doc))
    return doc


@Language.component("newsclaims_attribution")
def find_statements(doc: Doc) -> Doc:
    """Leaves attributed statements under "statements"."""
    put(doc, "statements", statements(doc))
    return doc


@Language.component("newsclaims_reports")
def find_reports(doc: Doc) -> Doc:
    """Leaves reports of events under "reports"; needs statements, places and times."""

    def resolver(span: Span) -> Source | None:
        return resolve(doc, span)

    found = reports(
        doc, get(doc, "statements", Statement), get(doc, "places", Place), get(doc, "times", TimeScope), resolver
    )
    put(doc, "reports", found)
    return doc
