"""Every shipped query answers what it says, on the hand-made facts of the two seed articles."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import queries
from kg.store import Store

A, B = "000_4e976f026cba4338", "001_964cf9b5af587d05"
ITSELF = "(the article itself)"
RUSSIAN, APART = "Russian Defence Ministry", "same time, bounds apart"
ACTIVISTS = "Activists and residents inside the remaining rebel enclave"
SHIPPED = queries.load()

# Query -> the columns compared -> all rows, in order. None: unbound.
EXPECTED: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    "figures-for-evacuated": (
        "source words value low high counts article start end",
        [
            ("Reuters reporter", "nearly 1,000 people", 1000, None, 999, "people", A, 1693, 1712),
            ("Red Cross", "close to 1,000 civilians", 1000, None, 999, "civilians", A, 3301, 3325),
            ("Red Cross", "26 wounded", 26, 26, 26, "wounded", A, 3330, 3340),
            ("Russian Defence Ministry", "6,400 people", 6400, 6400, 6400, "people", B, 336, 348),
            ("Turkey", "8,000", 8000, 8000, 8000, "people", B, 615, 620),
        ],
    ),
    "said-by": (
        "mode article start end",
        [
            ("direct", A, 1020, 1250),
            ("direct", A, 1264, 1317),
            ("direct", A, 1319, 1391),
            ("mixed", A, 294, 400),
            ("mixed", B, 1001, 1059),
            ("mixed", B, 1072, 1176),
            ("indirect", A, 533, 635),
            ("indirect", A, 646, 732),
            ("indirect", A, 739, 857),
        ],
    ),
    "claims-without-named-source": (
        "who article start",
        [
            (ITSELF, A, 55),
            (ITSELF, A, 423),
            (ITSELF, A, 1420),
            ("Reuters reporter", A, 1655),
            ("Reuters reporter", A, 1720),
            ("a rescue service spokesman", A, 2238),
            ("a rescue service spokesman", A, 2259),
            ("a rescue service spokesman", A, 2325),
            (ITSELF, A, 2661),
            (ITSELF, B, 145),
            (ITSELF, B, 727),
            (ITSELF, B, 1715),
            (ITSELF, B, 1807),
        ],
    ),
    "search": ("source article start end", [("Red Cross", B, 0, 109)]),
    "near": ("name claims", [("Aleppo", 28), ("Idlib", 1)]),
    "nested-sources": ("outer_source inner_source article start end", [("John Kerry", "reports", A, 768, 857)]),
    "not-yet-happened": (
        "status measure words value source article",
        [
            ("attempted", "evacuated", "evacuate", None, "a rescue service spokesman", A),
            ("possible", "evacuated", "100,000", 100_000, "Veysi Kaynak", A),
            ("expected", "evacuated", "double", None, "Red Cross", A),
            ("planned", "evacuated", "taken", None, "Russia", A),
            ("cancelled", "evacuated", "leave", None, None, B),
        ],
    ),
    "who-blames-whom": (
        "source blamed kind article start",
        [
            ("John Kerry", "government of Syrian President Bashar al-Assad"[:45], "accusation", A, 294),
            (ACTIVISTS, "pro-government militias", "killed", A, 989),
            ("a rescue service spokesman", "pro-government fighters", "injured", A, 2325),
        ],
    ),
    "rival-figures": (
        "measure counts lower_words lower_source higher_words higher_source article",
        [
            ("evacuated", "people", "nearly 1,000 people", "Reuters reporter", words, ITSELF, A)
            for words in ("thousands of civilians and fighters", "thousands")
        ]
        + [("evacuated", "people", "6,400 people", "Russian Defence Ministry", "8,000", "Turkey", B)],
    ),
    "corroborated": (
        "measure one_words one_source other_words other_source",
        [("remaining", "50,000 civilians and rebels", "Red Cross", "about 50,000 people", "Staffan de Mistura")],
    ),
    "ledger": (
        "label measure counts figures sources lowest highest",
        [
            ("Casualty", "killed", "people", 1, 0, 300_001, None),
            ("Casualty, Aleppo", "injured", "people", 1, 1, 3, 3),
            ("Casualty, Aleppo", "killed", "civilians", 1, 1, 24, None),
            ("Evacuation, Aleppo", "evacuated", "civilians", 1, 1, None, 999),
            ("Evacuation, Aleppo", "evacuated", "people", 3, 1, 2000, 999),
            ("Evacuation, Aleppo", "evacuated", "wounded", 1, 1, 26, 26),
            ("Evacuation, Aleppo", "fled", "people", 1, 0, 1000, 1000),
            ("Evacuation, Aleppo", "in_need", "people", 1, 1, 2000, None),
            ("Casualty, Aleppo", "killed", "civilians", 1, 1, 1207, 1207),
            ("Evacuation, Aleppo", "evacuated", "people", 3, 2, 2000, 8000),
            ("Evacuation, Aleppo", "remaining", "people", 3, 3, 20_000, 50_000),
        ],
    ),
    "remaining": (
        "source words measure place low value high article",
        [
            ("Jan Egeland", "Thousands of people", "in_need", "Aleppo", 2000, None, None, A),
            ("Red Cross", "50,000 civilians and rebels", "remaining", "Aleppo", 50_000, 50_000, 50_000, B),
            ("Staffan de Mistura", "40,000 civilians", "remaining", "Aleppo", 40_000, 40_000, 40_000, B),
            ("Staffan de Mistura", "about 50,000 people", "remaining", "Aleppo", None, 50_000, None, B),
            ("John Kerry", "tens of thousands of lives", "remaining", "Aleppo", 20_000, None, None, B),
        ],
    ),
    "parts-of-figures": (
        "whole part source article",
        [
            ("26 wounded", "several children", "Red Cross", A),
            ("6,400 people", "3,000 rebels", "Russian Defence Ministry", B),
            ("6,400 people", "301 wounded", "Russian Defence Ministry", B),
            ("about 50,000 people", "40,000 civilians", "Staffan de Mistura", B),
            ("1,207 civilian deaths", "380 children", "Four Syrian organisations", B),
        ],
    ),
    "places": (
        "name country claims",
        [("Aleppo", "SY", 28), ("rebel-held areas", None, 2), ("Idlib", "SY", 1)],
    ),
    "casualties": (
        "measure words agent cause place source status article",
        [
            ("killed", "dozens of civilians", "pro-government militias", None, "Aleppo", ACTIVISTS, "happened", A),
            (
                *("injured", "three people", "pro-government fighters", "fire", "Aleppo"),
                *("a rescue service spokesman", "happened", A),
            ),
            ("killed", "more than 300,000 people", None, "war", None, None, "happened", A),
            (
                *("killed", "1,207 civilian deaths", None, "attacks", "Aleppo"),
                *("Four Syrian organisations", "happened", B),
            ),
            ("killed", "380 children", None, "attacks", "Aleppo", "Four Syrian organisations", "happened", B),
        ],
    ),
    "claims-with-words": (
        "source article start",
        [("United States", A, 17), ("John Kerry", A, 294), ("John Kerry", A, 1319)],
    ),
    "rejected": (
        "kind words reason article start",
        [("report", "A convoy", "a figure of vehicles, not of people", A, 1655)],
    ),
    "provenance": (
        "article software model",
        [(A, "newsclaims 0.0.0", "gold"), (B, "newsclaims 0.0.0", "gold")],
    ),
    "rests-on-one-article": (
        "kind measure counts value sources article",
        [
            ("casualty", "injured", "people", 3, 1, A),
            ("casualty", "killed", "children", 380, 1, B),
            ("casualty", "killed", "civilians", 1207, 1, B),
            ("evacuation", "evacuated", "civilians", 1000, 1, A),
            ("evacuation", "evacuated", "fighters", 3000, 1, B),
            ("evacuation", "evacuated", "people", 1000, 1, A),
            ("evacuation", "evacuated", "people", 6400, 1, B),
            ("evacuation", "evacuated", "people", 8000, 1, B),
            ("evacuation", "evacuated", "wounded", 26, 1, A),
            ("evacuation", "evacuated", "wounded", 301, 1, B),
            ("evacuation", "fled", "people", 1000, 0, A),
            ("evacuation", "remaining", "civilians", 40_000, 1, B),
            ("evacuation", "remaining", "people", 50_000, 2, B),
        ],
    ),
}

# Query -> how many rows, and some of them: where all would only repeat the gold files.
SAMPLED: dict[str, tuple[int, str, list[tuple[object, ...]]]] = {
    "who-claims-what-where": (
        37,
        "source mode places article start end",
        [
            ("United States", "mixed", None, A, 17, 36),
            ("Reuters reporter", "indirect", "Aleppo", A, 1655, 1846),
            ("Russia", "indirect", "Aleppo, Idlib", A, 3431, 3552),
            ("Turkey", "indirect", "Aleppo", B, 589, 620),
        ],
    ),
    "direct-quotes": (
        13,
        "source mode article start",
        [("John Kerry", "direct", A, 1264), ("Donald Tusk", "direct", B, 2273), ("United States", "mixed", A, 17)],
    ),
    "claims-of-article": (
        39,
        "kind source words start",
        [("statement", "Veysi Kaynak", "the number of people brought out of the city could reach 100,000", 2876)],
    ),
    "sources": (21, "source claims quoted articles", [("John Kerry", 9, 3, 2), ("Red Cross", 3, 0, 2)]),
    "when": (11, "words measure article start", [("yesterday", "evacuated", A, 1509), ("Earlier", "injured", A, 2229)]),
    "export/statements": (37, "article source mode content_start", [(A, "John Kerry", "mixed", 294)]),
    "export/reports": (31, "article measure value source", [(B, "evacuated", 8000, "Turkey")]),
}


# The same over the graph with links and reviews: what reconciliation decided, and the analyst's overlay.
TOTALS = ("6,400 people", "8,000")
LINKED: dict[str, tuple[int, str, list[tuple[object, ...]]]] = {
    "comparisons": (
        50,
        "relation measure first_words first_source second_words second_source reason",
        [
            ("conflict", "evacuated", *("6,400 people", "Russian Defence Ministry"), "8,000", "Turkey", APART),
            ("part_of", "evacuated", "3,000 rebels", RUSSIAN, "6,400 people", RUSSIAN, "stated part"),
            ("part_of", "evacuated", "301 wounded", RUSSIAN, "6,400 people", RUSSIAN, "stated part"),
        ],
    ),
    "one-speech": (
        2,
        "speaker content article",
        [
            ("Bashar al-Assad", "the taking of Aleppo was a historic moment", A),
            ("Bashar al Assad", 'the "liberation" of Aleppo was "history in the making"', B),
        ],
    ),
    "actor-over-time": (
        9,
        "actor mode article start",
        [("John Kerry", "mixed", A, 294), ("John Kerry", "mixed", B, 1072)],
    ),
    "topic-over-actors": (3, "actor article start", [("John Kerry", A, 294), ("John Kerry", A, 1319)]),
    "hearsay": (1, "depth told source outer article start", [(2, "relayed", "reports", "John Kerry", A, 768)]),
    "may-be-one": (0, "first second", []),
    "sub-events": (
        1,
        "whole_label part_label words",
        [("Evacuation, Aleppo", "Evacuation, Aleppo: convoy", "nearly 1,000 people")],
    ),
    "estimates": (
        24,
        "label measure counts policy lowest best highest",
        [
            ("Evacuation, Aleppo", "evacuated", "people", "conservative", 6400, 6400, 8000),
            ("Evacuation, Aleppo", "evacuated", "people", "latest", 6400, 8000, 8000),
        ],
    ),
    "one-telling": (0, "first second", []),
    "superseded": (0, "old new", []),
    "reviewed": (
        67,
        "words value verdict by",
        [
            ("6,400 people", "6500", "amended", "Jane Doe"),
            ("50,000 civilians and rebels", "50000", None, None),
        ],
    ),
}


def value(term: object) -> object:
    """A term as Python: numbers as int, words as str."""
    if isinstance(term, ox.Literal) and term.datatype.value.rpartition("#")[2] in {"integer", "decimal"}:
        return int(term.value)
    if term is None:
        return None
    assert isinstance(term, ox.Literal | ox.NamedNode)
    return term.value or None


def rows(store: Store, text: str, columns: str) -> list[tuple[object, ...]]:
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(value(row[name]) for name in columns.split()) for row in found]


def named(name: str) -> queries.Query:
    found = queries.find(name, SHIPPED)
    assert found is not None
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_all_rows(gold_store: Store, name: str) -> None:
    columns, expected = EXPECTED[name]
    assert rows(gold_store, named(name).text, columns) == expected


@pytest.mark.parametrize("name", SAMPLED)
def test_some_rows(gold_store: Store, name: str) -> None:
    count, columns, expected = SAMPLED[name]
    found = rows(gold_store, named(name).text, columns)
    assert len(found) == count
    assert set(expected) <= set(found)


@pytest.mark.parametrize("name", LINKED)
def test_rows_over_links(reconciled_store: Store, name: str) -> None:
    count, columns, expected = LINKED[name]
    found = rows(reconciled_store, named(name).text, columns)
    assert len(found) == count
    assert set(expected) <= set(found)


def test_relations_can_be_asked_for_one_by_one(reconciled_store: Store) -> None:
    asked = {r: queries.bind(named("comparisons"), {"relation": r}) for r in ("conflict", "update", "projection")}
    found = {r: set(rows(reconciled_store, text, "first_words second_words")) for r, text in asked.items()}
    assert found["conflict"] == {TOTALS}
    assert {("nearly 1,000 people", total) for total in TOTALS} <= found["update"]
    assert {"100,000", "double"} == {first for first, _ in found["projection"]}


def test_the_overlay_can_be_left(reconciled_store: Store) -> None:
    def asked(overlay: str) -> dict[object, object]:
        text = queries.bind(named("reviewed"), {"overlay": overlay})
        return dict(rows(reconciled_store, text, "words value"))  # type: ignore[arg-type]

    taken, left = asked("take"), asked("leave")
    assert "8,000" not in taken
    assert (taken["6,400 people"], left["6,400 people"], left["8,000"]) == ("6500", "6400", "8000")


def test_every_shipped_query_has_expected_rows() -> None:
    ours = {query.name for query in SHIPPED if not query.name.startswith("export/")}
    assert ours <= set(EXPECTED) | set(SAMPLED) | set(LINKED)


@pytest.mark.parametrize("query", SHIPPED, ids=lambda query: query.name)
def test_headers_and_order(query: queries.Query) -> None:
    assert query.summary.endswith(".")
    assert query.tags
    assert "ORDER BY" in query.text, "the same graph must give the same file"


def test_claims_and_offsets_lead_to_the_words(gold_store: Store, root: object) -> None:
    from pathlib import Path

    assert isinstance(root, Path)
    found = rows(gold_store, named("figures-for-evacuated").text, "words article start end sentence")
    for words, article, start, end, sentence in found:
        text = (root / "seeds" / "articles" / f"{article}.txt").read_bytes().decode("utf-8")
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert text[start:end] == words
        assert str(words) in str(sentence)
