"""Linked data as a consumer meets it: every address in five formats, the same graph in all of them."""

from __future__ import annotations

import re
from typing import cast
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Graph

from kg.reconcile import links
from kg.reconcile.overview import overview
from kg.store import Store, canonical_lines
from tests.gold_readings import BASE
from tests.server.page import Look, page
from tests.serving import Running, Start

ARTICLE = "3a0529bf3f2140c4"
_PARSERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
_THINGS = (
    f"article/{ARTICLE}",
    "actor/person-john-kerry",
    "actor/hostile",
    "place/geonames-170063",
    "event/b5a506fe0ea1657e/evacuation-geonames-170063",
)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own, when it reads JSON-LD
@pytest.mark.parametrize("thing", _THINGS)
def test_a_thing_answers_in_five_formats_with_one_graph(seeded: Running, thing: str) -> None:
    graphs = []
    for suffix, parser in _PARSERS.items():
        response = seeded.client.get(f"/doc/{thing}.{suffix}")
        assert response.status_code == 200
        graphs.append(set(Graph().parse(data=response.content, format=parser)))
        assert 'rel="describedby"' in response.headers["link"]
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)
    text = page(seeded, f"/page/{thing}")
    assert all(f'href="/doc/{thing}.{suffix}"' in text for suffix in _PARSERS)
    look = Look()
    look.feed(text)
    assert [block["@id"] for block in look.data if isinstance(block, dict)] in ([f"{BASE}id/{thing}"], [])


@pytest.fixture(scope="module")
def linked(start: Start, seed_lines: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Running, set[str]]:
    """The seeds after `kg reconcile`, and the IRIs of all things that the graph describes."""
    folder = tmp_path_factory.mktemp("linked")
    (folder / "data.nq").write_text(seed_lines, encoding="utf-8")
    with Store.create_or_open(folder / "store") as store:
        store.load(folder / "data.nq")
        links.write(store, overview(store), BASE)
        subjects = cast(ox.QuerySolutions, store.query("SELECT DISTINCT ?s { ?s a ?class FILTER (isIRI(?s)) }"))
        things = {row["s"].value.removeprefix(f"{BASE}id/") for row in subjects}
        lines = "\n".join(canonical_lines(store))
    return start(lines, writable=False), {thing for thing in things if "://" not in thing}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_each_kind_of_thing_answers_in_five_formats(linked: tuple[Running, set[str]]) -> None:
    server, things = linked
    kinds = {thing.split("/")[0]: thing for thing in sorted(things, reverse=True) if "#" not in thing}
    kinds["shared event"] = min(thing for thing in things if thing.startswith("event/shared/"))
    assert {"article", "actor", "place", "event", "shared event", "estimate", "run"} <= set(kinds)
    for thing in kinds.values():
        bodies = {suffix: server.client.get(f"/doc/{thing}.{suffix}") for suffix in _PARSERS}
        assert {body.status_code for body in bodies.values()} == {200}, thing
        graphs = [set(Graph().parse(data=bodies[one].content, format=_PARSERS[one])) for one in _PARSERS]
        assert graphs[0], thing
        assert all(graph == graphs[0] for graph in graphs), thing
        page(server, f"/page/{thing}")


def test_what_has_a_fragment_is_told_by_the_document_without_it(linked: tuple[Running, set[str]]) -> None:
    """A client drops the fragment before it asks: all that bears one is in that document, links included."""
    server, things = linked
    told: set[str] = set()
    for home in {thing.partition("#")[0] for thing in things if "#" in thing}:
        text = server.client.get(f"/doc/{home}.nt").text
        told |= set(re.findall(r"^<([^>]+)> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", text, re.MULTILINE))
    missing = {f"{BASE}id/{thing}" for thing in things if "#" in thing} - told
    assert not missing
    assert any("#link-" in thing for thing in things)


def test_stored_queries_answer_in_their_formats_with_one_description(seeded: Running) -> None:
    whole = Graph().parse(data=seeded.client.get("/queries", headers={"Accept": "text/turtle"}).text, format="turtle")
    for name in ("said-by", "rival-figures"):
        one = Graph().parse(data=seeded.client.get(f"/queries/{name}.ttl").text, format="turtle")
        assert set(one)
        assert set(one) <= set(whole)


def test_a_document_of_an_article_tells_where_it_came_from(seeded: Running) -> None:
    text = seeded.client.get(f"/doc/article/{ARTICLE}.nt").text
    assert "http://www.w3.org/ns/prov#wasGeneratedBy" in text


def test_void_leads_to_every_article_and_to_a_dump(seeded: Running) -> None:
    text = seeded.client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    roots = set(re.findall(r"void#rootResource> <([^>]+)>", text))
    assert roots == {f"{BASE}id/article/{name}" for name in (ARTICLE, "b5a506fe0ea1657e")}
    dump = re.findall(r"void#dataDump> <([^>]+)>", text)[0].removeprefix(seeded.url)
    assert len(set(Graph().parse(data=seeded.client.get(dump).content, format="nt"))) > 3000


def test_the_sitemap_names_pages_that_are_there(seeded: Running) -> None:
    assert "Sitemap: " in seeded.client.get("/robots.txt").text
    index = ElementTree.fromstring(seeded.client.get("/sitemap.xml").content)
    parts = [node.text or "" for node in index.findall(".//{*}loc")]
    places = [
        node.text or ""
        for part in parts
        for node in ElementTree.fromstring(seeded.client.get(part.removeprefix(seeded.url)).content).findall(
            ".//{*}loc"
        )
    ]
    assert len(places) > 20
    for place in (places[0], places[1], *places[2::9]):
        page(seeded, place.removeprefix(seeded.url))
    assert seeded.client.get("/sitemap-7.xml").status_code == 404


def test_licence_and_address_are_settings(start: object, seed_lines: str) -> None:
    server: Running = start(seed_lines, licence="https://creativecommons.org/licenses/by/4.0/")  # type: ignore[operator]
    link = server.client.get(f"/doc/article/{ARTICLE}.ttl").headers["link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in link
    void = server.client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    assert "dc/terms/license> <https://creativecommons.org/licenses/by/4.0/>" in void
