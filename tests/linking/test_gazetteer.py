"""The gazetteer: what a name may mean, in which light, and what stays unknown."""

from __future__ import annotations

import time

import pytest

from kg.linking.gazetteer import known, lookup
from kg.linking.names import fold, loosened
from kg.settings import resource


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("Aleppo", "geonames:170063"),
        ("Idlib", "geonames:169389"),
        ("Damascus", "geonames:170654"),
        ("Syria", "geonames:163843"),
        ("the United States", "geonames:6252001"),
        ("Bihar", "iso3166:IN-BR"),
        ("Yunnan", "iso3166:CN-YN"),
        ("Uttarakhand", "iso3166:IN-UK"),
        ("New York", "geonames:5128581"),
        ("Washington", "geonames:4140963"),
        ("St. Petersburg", "geonames:498817"),
        ("Mexico City", "geonames:3530597"),
        ("Kefraya", "seed:kefraya"),
        ("South China Sea", "seed:south-china-sea"),
    ],
)
def test_first_candidate_without_context(name: str, ident: str) -> None:
    assert lookup(name)[0].entry.id == ident


@pytest.mark.parametrize(
    ("name", "country", "ident"),
    [
        ("Tripoli", "LB", "geonames:266826"),
        ("Tripoli", "LY", "geonames:2210247"),
        ("Georgia", "US", "iso3166:US-GA"),
        ("Hama", "SY", "geonames:170017"),
        ("Paris", "US", "geonames:2988507"),  # the hamlet of that name is fifty times smaller
    ],
)
def test_the_country_of_the_article_decides(name: str, country: str, ident: str) -> None:
    assert lookup(name, {country: 1.0})[0].entry.id == ident


def test_the_kind_that_words_give_decides() -> None:
    assert lookup("Aleppo", kind="area")[0].entry.id == "iso3166:SY-HL"
    assert lookup("Okinawa", kind="settlement")[0].entry.feature == "city"
    assert lookup("Okinawa")[0].entry.id == "iso3166:JP-47"


def test_runner_up_is_kept_and_within_narrows() -> None:
    both = lookup("Aleppo")
    assert [c.entry.id for c in both[:2]] == ["geonames:170063", "iso3166:SY-HL"]
    assert both[0].score > both[1].score
    assert {c.entry.country for c in lookup("Springfield", within="US-IL")} == {"US"}
    assert {c.entry.area for c in lookup("Springfield", within="US-IL")} == {"US-IL"}


@pytest.mark.parametrize("name", ["Xyzzyville", "", "...", "Mangfei Village"])
def test_unknown_stays_unknown(name: str) -> None:
    assert lookup(name) == ()
    assert not known(name)


def test_folding_and_loosening() -> None:
    assert fold("The al-Ḥasakah") == "al hasakah"
    assert fold("St. Louis") == fold("Saint Louis")
    assert fold("Côte d’Ivoire") == "cote divoire"
    assert "raqqa" in loosened("ar raqqah")


def test_every_row_has_all_columns_and_a_unique_id() -> None:
    import gzip

    lines = gzip.decompress((resource("seeds") / "places.tsv.gz").read_bytes()).decode().splitlines()
    width = len(lines[0].split("\t"))
    ids = [line.split("\t", 1)[0] for line in lines[1:]]
    assert all(line.count("\t") == width - 1 for line in lines)
    assert len(ids) == len(set(ids)) > 100_000


def test_lookups_are_fast_once_loaded() -> None:
    lookup("Aleppo")
    start = time.perf_counter()
    for _ in range(1000):
        lookup("Aleppo", {"SY": 1.0})
    assert time.perf_counter() - start < 0.5  # 0.5 ms each, ten times what a slow machine needs
