"""Names, titles and words that are scripts, marks of direction or 100 kB long: text on all pages and pictures."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from tests.gold_readings import BASE
from tests.server.page import HOSTILE, page
from tests.serving import Running, Start

A, B = "3a0529bf3f2140c4", "b5a506fe0ea1657e"
EVENT = f"event/{B}/evacuation-geonames-170063"
_ACTORS = {"left": f"{BASE}id/actor/organization-russian-defence-ministry", "right": f"{BASE}id/actor/state-turkey"}
_TWO = {
    "left": f"{BASE}id/article/{A}#statement-2034-2076",
    "right": f"{BASE}id/article/{B}#statement-907-961",
}
# One of each kind: what `server/templates` holds.
KINDS = (
    "/", "/articles", "/search", "/search?q=script&measure=evacuated", "/map", "/timeline", f"/page/article/{A}",
    f"/page/{EVENT}", f"/page/{EVENT}?policy=median&overlay=take", "/page/actor/person-john-kerry",
    "/page/place/geonames-170063", f"/claim/{B}/report-evacuated-336-348", f"/claim/{A}/statement-1655-1846",
    f"/claim/{A}/span-1655-1846", f"/graph/{EVENT}", "/graph/actor/person-john-kerry", "/compare",
    f"/compare?{urlencode(_ACTORS)}", f"/compare?{urlencode(_TWO)}", "/compare?left=1&right=1", "/queries",
    "/queries/said-by?actor=%3Cscript%3E", "/queries/places?view=map", "/queries/when?view=timeline", "/editor",
    "/ask?query=SELECT+*+{?s+?p+?o}+LIMIT+200",
)  # fmt: skip
PICTURES = (
    "/map.svg", "/timeline.svg", f"/page/{EVENT}?as=plot.svg", f"/page/{EVENT}?as=map.svg",
    f"/page/{EVENT}?as=timeline.svg", f"/graph/{EVENT}.svg", "/queries/places.svg?view=map",
)  # fmt: skip
TABLES = ("/search.csv", "/map.csv", f"/page/{EVENT}?as=csv", "/queries/places.csv", "/queries/said-by.csv?actor=x")
_PLAIN = "http://www.w3.org/2001/XMLSchema#string"
_NAMES = ("label", "name", "exact", "surfaceForm", "publisherName", "role", "cause", "countryCode")
_LONG = "\u202e" + "<b>y</b>" * 12_500


@pytest.fixture(scope="module")
def hostile(start: Start, seed_lines: str) -> Running:
    """The seeds with every name and every piece of text made hostile, and some of them very long."""
    quads = []
    for place, quad in enumerate(ox.parse(seed_lines, format=ox.RdfFormat.N_QUADS)):
        term, value = quad.predicate.value, quad.object
        text = isinstance(value, ox.Literal) and (value.language or value.datatype.value == _PLAIN)
        if isinstance(value, ox.Literal) and text and term.endswith(_NAMES):
            long = _LONG if term.endswith("label") and place % 40 == 0 else ""
            value = ox.Literal(f'{HOSTILE}"><img src=x onerror=alert(1)>{{{{1234567*3}}}}{value.value}{long}')
        quads.append(ox.Quad(quad.subject, quad.predicate, value, quad.graph_name))
    return start((ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode(), writable=False)


@pytest.mark.parametrize("path", KINDS)
def test_pages(hostile: Running, path: str) -> None:
    text = page(hostile, path)
    low = text.lower()
    assert "<script>alert" not in low
    assert "<img src=x" not in low
    assert "<b>y" not in low
    assert "3703701" not in text
    assert len(text.encode()) < 700_000


def test_hostile_words_are_there(hostile: Running) -> None:
    for path in ("/", "/search", f"/page/{EVENT}", f"/page/article/{A}", f"/claim/{B}/report-evacuated-336-348"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(hostile, path)


@pytest.mark.parametrize("path", PICTURES)
def test_pictures(hostile: Running, path: str) -> None:
    response = hostile.client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")
    names = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(response.content).iter()}
    assert names <= {"svg", "defs", "marker", "rect", "path", "line", "circle", "ellipse", "text", "title", "g"}
    assert "'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", TABLES)
def test_tables(hostile: Running, path: str) -> None:
    response = hostile.client.get(path)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(response.text, newline="")))
    assert len({len(row) for row in rows}) == 1
