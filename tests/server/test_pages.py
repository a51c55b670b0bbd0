"""Pages and linked data over the hand-made graph of the two seed articles."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.mapping import article_quads, shared_quads
from kg.store import canonical_lines
from tests.gold_readings import BASE, RUN
from tests.queries.conftest import seed_readings
from tests.serving import Running, Start

ARTICLE = "3a0529bf3f2140c4"
HOSTILE = "<script>alert(1)</script>\u202e"
_FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


@pytest.fixture(scope="module")
def server(start: Start, root: Path) -> Running:
    quads: list[ox.Quad] = []
    for reading in seed_readings(root / "seeds"):
        quads += [*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)]
    hostile = ox.NamedNode(BASE + "id/actor/hostile")
    graph, nc = ox.NamedNode(BASE + "graph/entities"), "https://w3id.org/newsclaims/ontology#"
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    quads += [
        ox.Quad(hostile, kind, ox.NamedNode(nc + "Actor"), graph),
        ox.Quad(hostile, label, ox.Literal(HOSTILE), graph),
        ox.Quad(hostile, ox.NamedNode(nc + "url"), ox.NamedNode("javascript:alert(1)"), graph),
        ox.Quad(hostile, ox.NamedNode(nc + "name"), ox.Literal("x" * 100_000), graph),
    ]
    return start("\n".join(canonical_lines(quads)))


def page(server: Running, path: str, status: int = 200) -> str:
    response = server.client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "<script" not in response.text
    assert "style=" not in response.text
    return response.text


def test_the_start_page_counts_and_lists(server: Running) -> None:
    text = page(server, "/")
    assert "<strong>2</strong> articles" in text
    assert "/queries/figures-for-evacuated" in text
    assert f"/page/article/{ARTICLE}" in text
    assert len(text) < 300_000


def test_an_article_shows_its_claims_in_their_words(server: Running) -> None:
    text = page(server, f"/page/article/{ARTICLE}")
    assert '<mark class="content figure" title="content, figure">nearly 1,000 people</mark>' in text
    assert 'id="report-evacuated-1693-1712"' in text
    assert f"/claim/{ARTICLE}/statement-1655-1846" in text


def test_a_claim_card_shows_sentence_source_and_run(server: Running) -> None:
    text = page(server, f"/claim/{ARTICLE}/report-evacuated-1693-1712")
    assert "nearly 1,000 people" in text
    assert "/page/run/" in text


def test_an_event_shows_its_ledger(server: Running) -> None:
    text = page(server, "/page/event/b5a506fe0ea1657e/evacuation-geonames-170063")
    assert re.search(r"6,400 people.*Russian Defence Ministry", text, re.DOTALL)
    assert text.count("<svg") == 9


def test_an_actor_shows_direct_words_first(server: Running) -> None:
    text = page(server, "/page/actor/person-john-kerry")
    assert text.index("There is absolutely no justification") < text.index("the United States was seeking")


def test_a_place_shows_what_names_it(server: Running) -> None:
    assert "6,400 people, according to Russian Defence Ministry" in page(server, "/page/place/geonames-170063")


def test_hostile_labels_are_text(server: Running) -> None:
    text = page(server, "/page/actor/hostile")
    assert "&lt;script&gt;" in text
    assert "javascript:alert" not in re.findall(r'href="([^"]*)"', text)


@pytest.mark.parametrize(
    "path", ["/page/nothing", "/page/actor/%3Cscript%3E", "/nothing", "/queries/nothing", "/static/x"]
)
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(server: Running, path: str) -> None:
    assert "newsclaims" in page(server, path, 404)
    response = server.client.get(path, headers={"Accept": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_things_lead_to_pages_and_documents(server: Running) -> None:
    path = "/id/actor/organization-red-cross"
    html = server.client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (html.status_code, html.headers["location"]) == (303, "/page/actor/organization-red-cross")
    for suffix, media_type in _FORMATS.items():
        response = server.client.get(path, headers={"Accept": media_type})
        assert (response.status_code, response.headers["location"]) == (
            303,
            f"/doc/actor/organization-red-cross.{suffix}",
        )
        assert response.headers["vary"].startswith("Accept")
    assert server.client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", [f"article/{ARTICLE}", "actor/organization-red-cross", "place/geonames-170063"])
def test_a_document_says_the_same_in_every_format(server: Running, path: str) -> None:
    graphs = []
    for suffix, media_type in _FORMATS.items():
        response = server.client.get(f"/doc/{path}.{suffix}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(media_type)
        assert response.headers["content-location"] == f"/doc/{path}.{suffix}"
        assert 'rel="alternate"' in response.headers["link"]
        kind = ox.RdfFormat.from_media_type(media_type)
        graphs.append({str(quad.triple) for quad in ox.parse(response.content, format=kind)})
        assert server.client.get(f"/doc/{path}", headers={"Accept": media_type}).content == response.content
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)
    assert any(f"<{BASE}id/{path}>" in triple for triple in graphs[0])
    assert server.client.get("/doc/actor/nobody.ttl").status_code == 404


def test_a_crawler_that_begins_at_void_reaches_every_article(server: Running) -> None:
    text = server.client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    examples = re.findall(r"exampleResource> <([^>]+)>", text)
    assert examples
    seen, waiting = set(), examples
    while waiting:
        iri = waiting.pop().partition("#")[0]
        if iri in seen or not iri.startswith(BASE + "id/"):
            continue
        seen.add(iri)
        response = server.client.get(
            iri.removeprefix(BASE[:-1]), headers={"Accept": "application/n-triples"}, follow_redirects=True
        )
        if response.status_code == 200:
            waiting += re.findall(r"<([^>]+)>", response.text)
    assert {f"{BASE}id/article/{ARTICLE}", f"{BASE}id/article/b5a506fe0ea1657e"} <= seen


def test_stored_queries_have_files_parameters_and_descriptions(server: Running) -> None:
    assert "6,400 people" in page(server, "/queries/figures-for-evacuated")
    csv = server.client.get("/queries/figures-for-evacuated.csv")
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(csv.text.splitlines()) == 6
    assert len(server.client.get("/queries/said-by.json?actor=Turkey").json()["results"]["bindings"]) == 1
    assert 'VALUES ?actor { "Tur\\"key" }' in server.client.get('/queries/said-by.rq?actor=Tur"key').text
    assert server.client.get("/queries/said-by.csv?nobody=x").status_code == 400
    turtle = server.client.get("/queries", headers={"Accept": "text/turtle"}).text
    executables = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    assert len({quad.subject for quad in executables}) == len(re.findall("a sh:SPARQLExecutable", turtle)) >= 21


def test_asking_by_form(server: Running) -> None:
    assert "Answer: 3 rows" in page(server, "/ask?query=SELECT+*+{?s+?p+?o}+LIMIT+3")
    assert "line 1, column" in page(server, "/ask?query=SELECT+*+{", 400)
    browser = server.client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (browser.status_code, browser.headers["location"]) == (303, "/ask")


def test_pages_are_not_sent_twice(server: Running) -> None:
    for path in ("/", f"/page/article/{ARTICLE}", "/doc/actor/organization-red-cross.ttl", "/.well-known/void"):
        first = server.client.get(path)
        again = server.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


def test_the_ontology_is_at_its_address(server: Running) -> None:
    assert "newsclaims" in server.client.get("/ontology", headers={"Accept": "text/html"}).text
    for suffix, media_type in _FORMATS.items():
        response = server.client.get(f"/ontology.{suffix}")
        assert response.headers["content-type"].startswith(media_type)
        assert list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type)))
    assert server.client.get("/ontology/context.jsonld").json()["@context"]


def test_operations(server: Running) -> None:
    assert server.client.get("/-/health").json()["status"] == "ok"
    ready = server.client.get("/-/ready").json()
    assert ready["status"] == "ready"
    assert ready["quads"] > 3000
    assert server.client.get("/-/versions").json()["newsclaims"]
    metrics = server.client.get("/metrics").text
    assert 'newsclaims_http_requests_total{method="GET",route="/-/health",status="200"}' in metrics
    assert "newsclaims_generation 1.0" in metrics


def test_the_editor_is_served_from_here_alone(server: Running) -> None:
    response = server.client.get("/editor", headers={"Accept": "text/html"})
    assert response.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]*)"', response.text)
    assert all(source.startswith(("/", "#")) for source in sources)
    for source in sources:
        if source.startswith("/static/"):
            assert server.client.get(source).status_code == 200
    stored = server.client.get("/queries", headers={"Accept": "application/json"}).json()
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
