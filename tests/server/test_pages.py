"""Pages and linked data over the hand-made graph of the two seed articles."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.gold_readings import BASE
from tests.server.page import page
from tests.serving import Running

ARTICLE = "3a0529bf3f2140c4"
_FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


def test_the_start_page_counts_and_lists(seeded: Running) -> None:
    text = page(seeded, "/")
    assert "<strong>2</strong> articles" in text
    assert "/queries/figures-for-evacuated" in text
    assert f"/page/article/{ARTICLE}" in text
    assert 'action="/search"' in text
    assert len(text) < 300_000


def test_an_article_shows_its_claims_in_their_words(seeded: Running) -> None:
    text = page(seeded, f"/page/article/{ARTICLE}")
    assert '<mark class="content figure" title="content, figure">nearly 1,000 people</mark>' in text
    assert 'id="report-evacuated-1693-1712"' in text
    assert f"/claim/{ARTICLE}/statement-1655-1846" in text


def test_an_actor_shows_direct_words_first(seeded: Running) -> None:
    text = page(seeded, "/page/actor/person-john-kerry")
    assert text.index("There is absolutely no justification") < text.index("the United States was seeking")
    assert "In direct words" in text


def test_a_place_shows_what_names_it(seeded: Running) -> None:
    text = page(seeded, "/page/place/geonames-170063")
    assert "6,400 people" in text
    assert 'class="map"' in text
    assert re.search(r"[0-9]+ claims?, [0-9]+ sources?, (in |[0-9]+ articles)", text)  # events here, told apart


def test_hostile_labels_are_text(seeded: Running) -> None:
    text = page(seeded, "/page/actor/hostile")
    assert "&lt;script&gt;" in text
    assert "javascript:alert" not in re.findall(r'href="([^"]*)"', text)


@pytest.mark.parametrize(
    "path", ["/page/nothing", "/page/actor/%3Cscript%3E", "/nothing", "/queries/nothing", "/static/x"]
)
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(seeded: Running, path: str) -> None:
    assert "newsclaims" in page(seeded, path, 404)
    response = seeded.client.get(path, headers={"Accept": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_things_lead_to_pages_and_documents(seeded: Running) -> None:
    path = "/id/actor/organization-red-cross"
    html = seeded.client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (html.status_code, html.headers["location"]) == (303, "/page/actor/organization-red-cross")
    for suffix, media_type in _FORMATS.items():
        response = seeded.client.get(path, headers={"Accept": media_type})
        assert (response.status_code, response.headers["location"]) == (
            303,
            f"/doc/actor/organization-red-cross.{suffix}",
        )
        assert response.headers["vary"].startswith("Accept")
    assert seeded.client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", [f"article/{ARTICLE}", "actor/organization-red-cross", "place/geonames-170063"])
def test_a_document_says_the_same_in_every_format(seeded: Running, path: str) -> None:
    graphs = []
    for suffix, media_type in _FORMATS.items():
        response = seeded.client.get(f"/doc/{path}.{suffix}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(media_type)
        assert response.headers["content-location"] == f"/doc/{path}.{suffix}"
        assert 'rel="alternate"' in response.headers["link"]
        kind = ox.RdfFormat.from_media_type(media_type)
        graphs.append({str(quad.triple) for quad in ox.parse(response.content, format=kind)})
        assert seeded.client.get(f"/doc/{path}", headers={"Accept": media_type}).content == response.content
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)
    assert any(f"<{BASE}id/{path}>" in triple for triple in graphs[0])
    assert seeded.client.get("/doc/actor/nobody.ttl").status_code == 404


def test_a_crawler_that_begins_at_void_reaches_every_article(seeded: Running) -> None:
    text = seeded.client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    examples = re.findall(r"exampleResource> <([^>]+)>", text)
    assert examples
    seen, waiting = set(), examples
    while waiting:
        iri = waiting.pop().partition("#")[0]
        if iri in seen or not iri.startswith(BASE + "id/"):
            continue
        seen.add(iri)
        response = seeded.client.get(
            iri.removeprefix(BASE[:-1]), headers={"Accept": "application/n-triples"}, follow_redirects=True
        )
        if response.status_code == 200:
            waiting += re.findall(r"<([^>]+)>", response.text)
    assert {f"{BASE}id/article/{ARTICLE}", f"{BASE}id/article/b5a506fe0ea1657e"} <= seen


def test_stored_queries_have_files_parameters_and_descriptions(seeded: Running) -> None:
    assert "6,400 people" in page(seeded, "/queries/figures-for-evacuated")
    csv = seeded.client.get("/queries/figures-for-evacuated.csv")
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(csv.text.splitlines()) == 6
    assert len(seeded.client.get("/queries/said-by.json?actor=Turkey").json()["results"]["bindings"]) == 1
    assert 'VALUES ?actor { "Tur\\"key" }' in seeded.client.get('/queries/said-by.rq?actor=Tur"key').text
    assert seeded.client.get("/queries/said-by.csv?nobody=x").status_code == 400
    turtle = seeded.client.get("/queries", headers={"Accept": "text/turtle"}).text
    executables = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    sh = "http://www.w3.org/ns/shacl#"
    kinds = [quad.object.value.removeprefix(sh) for quad in executables if quad.predicate == kind]
    assert kinds.count("SPARQLExecutable") == turtle.count("a sh:SPARQLExecutable") >= 21
    assert kinds.count("Parameter") > 3


def test_answers_are_tables_maps_and_timelines(seeded: Running) -> None:
    assert "<title>Syria</title>" in page(seeded, "/queries/places?view=map")
    assert 'aria-label="Timeline of' in page(seeded, "/queries/when?view=timeline")
    assert 'class="map"' not in page(seeded, "/queries/places")
    assert seeded.client.get("/queries/places.svg?view=map").headers["content-type"] == "image/svg+xml"
    assert seeded.client.get("/queries/said-by.svg").status_code == 400
    query = 'SELECT ("x" AS ?name) ("1e9" AS ?latitude) ("east" AS ?longitude) ("2016-99-99" AS ?date) {}'
    for view in ("map", "timeline", "nonsense"):
        address = seeded.client.build_request("GET", "/ask", params={"query": query, "view": view}).url
        assert "Answer: 1 row" in page(seeded, str(address).removeprefix(seeded.url))


def test_asking_by_form(seeded: Running) -> None:
    assert "Answer: 3 rows" in page(seeded, "/ask?query=SELECT+*+{?s+?p+?o}+LIMIT+3")
    assert "line 1, column" in page(seeded, "/ask?query=SELECT+*+{", 400)
    browser = seeded.client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (browser.status_code, browser.headers["location"]) == (303, "/ask")


def test_pages_are_not_sent_twice(seeded: Running) -> None:
    for path in ("/", f"/page/article/{ARTICLE}", "/doc/actor/organization-red-cross.ttl", "/.well-known/void"):
        first = seeded.client.get(path)
        again = seeded.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


def test_the_ontology_is_at_its_address(seeded: Running) -> None:
    assert "newsclaims" in seeded.client.get("/ontology", headers={"Accept": "text/html"}).text
    for suffix, media_type in _FORMATS.items():
        response = seeded.client.get(f"/ontology.{suffix}")
        assert response.headers["content-type"].startswith(media_type)
        assert list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type)))
    assert seeded.client.get("/ontology/context.jsonld").json()["@context"]


def test_operations(seeded: Running) -> None:
    assert seeded.client.get("/-/health").json()["status"] == "ok"
    ready = seeded.client.get("/-/ready").json()
    assert ready["status"] == "ready"
    assert ready["quads"] > 3000
    assert seeded.client.get("/-/versions").json()["newsclaims"]
    metrics = seeded.client.get("/metrics").text
    assert 'newsclaims_http_requests_total{method="GET",route="/-/health",status="200"}' in metrics
    assert "newsclaims_generation 1.0" in metrics


def test_the_editor_is_served_from_here_alone(seeded: Running) -> None:
    response = seeded.client.get("/editor", headers={"Accept": "text/html"})
    assert response.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]*)"', response.text)
    assert all(source.startswith(("/", "#")) for source in sources)
    for source in sources:
        if source.startswith("/static/"):
            assert seeded.client.get(source).status_code == 200
    stored = seeded.client.get("/queries", headers={"Accept": "application/json"}).json()
    assert {"name": "place", "kind": "string"}.items() <= next(
        query["parameters"][0] for query in stored if query["name"] == "figures-for-evacuated"
    ).items()


def test_the_server_never_imports_spacy() -> None:
    import subprocess
    import sys

    heavy = {"spacy", "thinc", "torch", "onnxruntime"}
    code = f"import sys, server.serve, server.worker; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


def test_colours_differ_enough_to_be_read(root: Path) -> None:
    """WCAG 2.1, 1.4.3: 4.5 to 1 for text; both schemes."""
    css = (root / "server" / "static" / "style.css").read_text(encoding="utf-8")
    schemes = [
        dict(re.findall(r"--(\w+): #([0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)
    ]
    assert len(schemes) == 2
    for colours in schemes:
        marks = {"paper", "box", "source", "cue", "content", "trigger", "figure", "blamed"}
        pairs = {("ink", mark) for mark in marks} | {("link", mark) for mark in marks}
        pairs |= {(words, plain) for words in ("soft", "hot", "good") for plain in ("paper", "box")}
        low = {pair for pair in pairs if _contrast(colours[pair[0]], colours[pair[1]]) < 4.5}
        assert not low


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
