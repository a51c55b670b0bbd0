"""Reports of whole articles that nobody annotated: other crises, other outlets' ways of writing."""

# ruff: noqa: E501

import pytest

from kg.nlp import claims, pipeline
from kg.readers import article

FIRE = """Wildfire forces thousands from homes in northern California

REDDING, Calif. (AP) — A fast-moving wildfire forced more than 12,000 people to flee their homes in Shasta County on Sunday and killed at least two firefighters, authorities said.

Mandatory evacuation orders were issued for roughly 38,000 residents of Redding, a city of 92,000. Sheriff Tom Bosenko said 17 people remained unaccounted for late Saturday, including two children and their great-grandmother. The death toll rose to six on Sunday after searchers found the body of a woman in a burned-out home.

The evacuations cost $3.2 million and closed 40 miles of road for five days."""

FERRY = """A ferry with at least 150 people on board sank off the coast of Zanzibar on Friday, leaving 24 dead and dozens more feared drowned, police said. Rescuers pulled 70 survivors from the water.

"We have recovered 24 bodies so far, but we fear the number could rise to 100," a police commander said."""

SIEGE = """Russia's defence ministry said on Wednesday that 2,439 people, including 126 women and 54 children, had left the besieged plant in Mariupol since the evacuation began. Plans to evacuate a further 6,000 residents by bus on Thursday were called off after shelling, both sides said. The UN estimates 100,000 residents are trapped in the city; the mayor puts the number at between 120,000 and 150,000. No one was killed."""

ORDINARY = """The company said profit rose 12 percent to $3.4 million in the first three months of 2016. It killed off two brands, moved its 40 lawyers to a new office and left the market in Spain. The bill died in committee after 55 senators voted against it."""


@pytest.fixture(scope="module")
def read():
    nlp = pipeline.load()
    return lambda text: claims.read(nlp, article(text, id="test"))


def found(reading):
    """Reports with a figure as (measure, status, words, counts, source)."""
    return {
        (r.measure, r.status.value, r.figure.text, r.counts, r.source.name if r.source else None)
        for r in reading.reports
        if r.figure
    }


def test_fire(read):
    assert {
        ("fled", "happened", "more than 12,000 people", "people", "authorities"),
        ("killed", "happened", "at least two firefighters", "people", "authorities"),
        ("evacuated", "ordered", "roughly 38,000 residents", "people", None),
        ("missing", "happened", "17 people", "people", "Tom Bosenko"),
        ("missing", "happened", "two children", "children", "Tom Bosenko"),
        ("killed", "happened", "six", "people", None),
    } <= found(read(FIRE))


def test_what_is_no_count_of_people(read):
    words = {r.figure.text for r in read(FIRE).reports if r.figure}
    assert not any(n in w for w in words for n in ("92,000", "3.2", "40", "five"))


def test_fear_and_projection_are_no_facts(read):
    reports = found(read(FERRY))
    assert ("killed", "happened", "24 dead", "people", "police") in reports
    assert ("killed", "possible", "dozens more", "people", "police") in reports
    assert any(r[:3] == ("killed", "possible", "100") for r in reports)
    assert any(r[:3] == ("rescued", "happened", "70 survivors") for r in reports)


def test_what_could_be_reached_has_an_upper_bound_only(read):
    figure = next(r.figure for r in read(FERRY).reports if r.figure and r.figure.text == "100")
    assert (figure.value, figure.low, figure.high) == (100, None, 100)


def test_parts_and_rival_figures(read):
    reading = read(SIEGE)
    reports = {r.figure.text: r for r in reading.reports if r.figure}
    whole = reports["2,439 people"]
    assert reports["126 women"].part_of is not None and reports["54 children"].part_of is not None
    assert reading.reports[reports["126 women"].part_of] == whole
    assert reports["a further 6,000 residents"].status.value == "cancelled"
    rival = reports["between 120,000 and 150,000"]
    assert (rival.measure, rival.figure.low, rival.figure.high) == ("remaining", 120_000, 150_000)
    assert (reports["No one"].measure, reports["No one"].figure.value) == ("killed", 0)


def test_ordinary_news_has_no_reports(read):
    assert read(ORDINARY).reports == ()


def test_every_claim_names_its_rule_and_a_confidence(read):
    for text in (FIRE, FERRY, SIEGE):
        reading = read(text)
        assert reading.rejected == ()
        for claim in (*reading.statements, *reading.reports):
            assert claim.rule and 0 < claim.confidence <= 1


def test_same_text_same_claims(read):
    assert read(SIEGE) == read(SIEGE)
