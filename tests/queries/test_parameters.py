"""Headers and parameters of query files."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import queries
from kg.errors import LexiconError, UsageError
from kg.store import Store

TEXT = """# summary: Who said it.
# tags: one, two
# parameter: actor (string) the name
# parameter: least (integer) how many
SELECT ?actor ?least { VALUES ?actor { "John \\"J\\" Kerry" } VALUES ?least { UNDEF } }
"""


@pytest.fixture
def query(tmp_path: Path) -> queries.Query:
    (tmp_path / "who.rq").write_text(TEXT)
    return queries.read(tmp_path / "who.rq", tmp_path)


def answer(text: str) -> dict[str, str | None]:
    found = Store.memory().query(text)
    assert isinstance(found, ox.QuerySolutions)
    (row,) = found
    return {name: row[name].value if row[name] is not None else None for name in ("actor", "least")}


def test_the_header_is_read(query: queries.Query) -> None:
    assert (query.name, query.summary, query.tags, query.form) == ("who", "Who said it.", ("one", "two"), "SELECT")
    assert [(p.name, p.kind, p.help, p.default) for p in query.parameters] == [
        ("actor", "string", "the name", '"John \\"J\\" Kerry"'),
        ("least", "integer", "how many", "UNDEF"),
    ]


def test_defaults_and_values(query: queries.Query) -> None:
    assert answer(queries.bind(query, {})) == {"actor": 'John "J" Kerry', "least": None}
    assert answer(queries.bind(query, {"actor": "Ban", "least": "12"})) == {"actor": "Ban", "least": "12"}
    assert answer(queries.bind(query, {"actor": ""})) == {"actor": None, "least": None}


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text != ""))
def test_no_value_can_change_the_query(value: str) -> None:
    parameters = (
        queries.Parameter("actor", "string", "the name", '"x"'),
        queries.Parameter("least", "integer", "n", "UNDEF"),
    )
    query = queries.Query("who", "s.", (), parameters, TEXT, "SELECT")
    assert answer(queries.bind(query, {"actor": value})) == {"actor": value, "least": None}


def test_values_of_the_wrong_kind_are_refused(query: queries.Query) -> None:
    with pytest.raises(UsageError, match=r"integer was expected for least, found '1\.5'"):
        queries.bind(query, {"least": "1.5"})
    with pytest.raises(UsageError, match="integer was expected"):
        queries.bind(query, {"least": "many"})
    with pytest.raises(UsageError, match="one of the parameters actor, least was expected, found 'place'"):
        queries.bind(query, {"place": "x"})
    iri = queries.Query(
        "q", "s.", (), (queries.Parameter("x", "iri", "what", "<a:a>"),), "ASK { VALUES ?x { <a:a> } }", "ASK"
    )
    with pytest.raises(UsageError, match="iri was expected"):
        queries.bind(iri, {"x": "a:b> <c"})
    assert queries.bind(iri, {"x": "a:b"}) == "ASK { VALUES ?x { <a:b> } }"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# parameter: actor text\nSELECT * {}", r"q\.rq:1: `name \(string"),
        (
            "# summary: x.\n# parameter: actor (string) who\nSELECT * {}",
            r"q\.rq:2: `VALUES .actor .* with one term was expected, found 0",
        ),
    ],
)
def test_faults_in_headers_name_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "q.rq").write_text(text)
    with pytest.raises(LexiconError, match=message):
        queries.load(tmp_path)


def test_files_that_are_no_queries(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="query file was expected"):
        queries.read(tmp_path / "none.rq")
    (tmp_path / "bad.rq").write_bytes(b"\xff\xfe")
    with pytest.raises(LexiconError, match="UTF-8 was expected"):
        queries.read(tmp_path / "bad.rq")
