"""Search, map, timeline, graph: from a word to the sentence that says so."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from tests.gold_readings import BASE
from tests.server.page import HOSTILE, page
from tests.serving import Running

ARTICLE = "b5a506fe0ea1657e"
EVENT = f"event/{ARTICLE}/evacuation-geonames-170063"
_PICTURES = (
    "/map.svg",
    "/map.svg?box=-180,-60,180,84",
    "/timeline.svg",
    f"/page/{EVENT}?as=plot.svg",
    f"/page/{EVENT}?as=map.svg",
    f"/page/{EVENT}?as=timeline.svg",
    f"/graph/{EVENT}.svg",
)


def table(server: Running, path: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    response = server.client.get(path)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def test_from_a_word_to_the_sentence(seeded: Running) -> None:
    found = page(seeded, "/search?q=6,400")
    assert '<mark class="exact">6,400 people</mark>' in found
    event = next(iter(re.findall(r'href="(/page/event/[^"]+)"', found)))
    ledger = page(seeded, event)
    card = next(href for href in re.findall(r'href="(/claim/[^"]+)"', ledger) if "report-evacuated" in href)
    text = page(seeded, card)
    assert "looked up just now" in text
    assert "✗" not in text
    home = next(iter(re.findall(r'href="(/page/article/[^"#]+)#([^"]+)"', text)))
    assert f'id="{home[1]}"' in page(seeded, home[0])


def test_facets_narrow_down_and_count_what_they_would_leave(seeded: Running) -> None:
    every = table(seeded, "/search.csv")
    killed = table(seeded, "/search.csv?measure=killed")
    assert 0 < len(killed) < len(every)
    assert {row["measure"] for row in killed} == {"killed"}
    both = table(seeded, "/search.csv?measure=killed&measure=evacuated")
    assert len(both) == len(killed) + len(table(seeded, "/search.csv?measure=evacuated"))
    text = page(seeded, "/search?measure=killed")
    offered = re.findall(r'href="/search\?([^"]*)"[^>]*><bdi>evacuated</bdi></a> <span class="tags">(\d+)', text)
    query, count = unescape(offered[0][0]), int(offered[0][1])
    assert len(table(seeded, f"/search.csv?{query}")) == len(killed) + count
    assert page(seeded, "/search?nobody=knows&measure=") == page(seeded, "/search")
    assert "No claim fits" in page(seeded, "/search?q=zebra")


def test_every_row_of_a_search_holds_the_very_words(seeded: Running) -> None:
    for row in table(seeded, "/search.csv"):
        assert row["words"] in row["sentence"] or row["kind"] == "statement", row
        assert row["claim"].startswith(f"{row['article']}#")


@pytest.mark.parametrize("path", ["/search", "/map", "/timeline"])
def test_hostile_searches_are_text(seeded: Running, path: str) -> None:
    text = page(
        seeded, f"{path}?q=%3Cscript%3Ealert(1)%3C/script%3E&place=%22%3E%3Cimg&event=%E2%80%AE&page=999999999999"
    )
    assert "<img" not in text
    page(seeded, f"{path}?{'source=' + 'x' * 20_000}")
    page(seeded, f"{path}?from=nonsense&to=2016-99-99&box=nan,inf,1,2&page=-1&sort=x")


@pytest.mark.parametrize("path", _PICTURES)
def test_pictures_stand_alone(seeded: Running, path: str) -> None:
    response = seeded.client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")
    root = ElementTree.fromstring(response.text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"width", "height", "viewBox"} <= set(root.attrib)
    assert not [node for node in root.iter() if node.tag.endswith(("script", "}a", "image", "foreignObject"))]


def test_the_map_shows_aleppo_where_it_lies(seeded: Running) -> None:
    rows = {row["name"]: row for row in table(seeded, "/map.csv")}
    assert round(float(rows["Aleppo"]["latitude"])) == 36
    text = page(seeded, "/map?place=Aleppo")
    assert "Aleppo: " in text
    assert "<title>Syria</title>" in text
    assert "Natural Earth" in text
    assert len(page(seeded, "/map?box=-180,-60,180,84")) < 300_000


def test_an_event_has_a_ledger_a_plot_and_policies(seeded: Running) -> None:
    text = page(seeded, f"/page/{EVENT}")
    assert re.search(r"6,400 people.*Russian Defence Ministry", text, re.DOTALL)
    assert re.search(r'badge conflict">conflict.*6,400 people.*8,000', text, re.DOTALL)
    best = {}
    for policy in ("ucdp", "conservative", "latest", "official", "median"):
        shown = page(seeded, f"/page/{EVENT}?policy={policy}")
        best[policy] = re.search(r"evacuated: people</th>.*?<strong>([\d,]+)</strong>", shown, re.DOTALL).group(1)  # type: ignore[union-attr]
    assert best["conservative"] == "6,400"
    assert best["latest"] == "8,000"
    rows = table(seeded, f"/page/{EVENT}?as=csv")
    assert {"6,400 people", "8,000"} <= {row["words"] for row in rows}
    assert {row["part"] for row in rows if row["words"] == "3,000 rebels"} == {"True"}
    assert seeded.client.get(f"/page/{EVENT}?policy=mine").status_code == 400
    assert seeded.client.get(f"/page/{EVENT}?as=exe").status_code == 400


def test_the_graph_around_a_node_leads_on(seeded: Running) -> None:
    text = page(seeded, f"/graph/{EVENT}")
    onward = re.findall(r'href="(/graph/article/[^"]+)"', text)
    assert "according to" in page(seeded, onward[0])
    page(seeded, "/graph/event/nothing", 404)


def test_two_outlets_print_one_speech(seeded: Running) -> None:
    text = page(seeded, "/compare")
    pair = next(href for href in re.findall(r'href="(/compare\?left=[^"]*statement[^"]*)"', text))
    both = page(seeded, pair.replace("&amp;", "&"))
    assert "Most likely one act of speaking" in both
    assert "history" in both


def test_two_actors_meet_on_an_event(seeded: Running) -> None:
    actors = {"left": f"{BASE}id/actor/organization-russian-defence-ministry", "right": f"{BASE}id/actor/state-turkey"}
    query = str(seeded.client.build_request("GET", "/compare", params=actors).url.query, "ascii")
    assert re.search(r"On <a[^>]*><bdi>Evacuation, Aleppo", page(seeded, f"/compare?{query}"))
    page(seeded, "/compare?left=x&right=y", 404)
    assert "0 claims found, 0 lost, 0 changed" in page(seeded, "/compare?left=1&right=1")
    page(seeded, "/compare?left=1&right=777", 503)


def test_hostile_names_are_text_in_the_graph(seeded: Running) -> None:
    assert HOSTILE.partition("<")[0] in page(seeded, "/graph/actor/hostile")
    assert "<script>alert" not in page(seeded, "/graph/actor/hostile")
