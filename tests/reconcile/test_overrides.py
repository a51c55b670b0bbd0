"""Persons' decisions go before the program's: by file, by SPARQL, undone without rebuilding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kg.cli.entry import run
from kg.errors import InputError, UsageError
from kg.mapping import article_quads, shared_quads
from kg.reconcile import overrides
from kg.reconcile.events import Event, events
from kg.reconcile.links import forget, write
from kg.reconcile.overrides import Decision, overridden
from kg.reconcile.overview import overview
from kg.reconcile.records import Claim, Where
from kg.reconcile.speech import speeches
from kg.store import Store
from kg.types import Status
from kg.validate import check
from tests.gold_readings import BASE, RUN, read_gold

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")
AT = "2026-11-22T10:00:00Z"
HOMS = Where("id/place/geonames-169577", "Homs", "SY", "SY-HI", "city", gazetteer="geonames:169577")


def claim(article: str, n: int = 1, **changes: object) -> Claim:
    base = Claim(
        id=f"{article}#report-killed-{n}-{n + 1}", article=article, kind="casualty", measure="killed",
        status=Status.HAPPENED, counts="people", where=HOMS, published=date(2020, 5, 4), cause="flood",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def decided(a: Claim, b: Claim, same: bool) -> Decision:
    return Decision(a.id, b.id, same, "Jane Doe", AT, "asked the editor")


def groups(found: tuple[Event, ...]) -> set[frozenset[str]]:
    return {frozenset(i for i, _ in e.members) for e in found}


def test_one_event_is_taken_apart_by_articles() -> None:
    a, b, b2 = claim("a"), claim("b"), claim("b", 7)
    by_id = {c.id: c for c in (a, b, b2)}
    found = events(by_id.values())
    assert len(found) == 1
    apart = overridden(found, by_id, [decided(a, b, same=False)])
    assert groups(apart) == {frozenset({a.id}), frozenset({b.id, b2.id})}
    why = dict(next(e for e in apart if len(e.members) == 2).members)[b.id]
    assert (why.method, why.evidence) == ("override", ("decided by Jane Doe", "asked the editor"))


def test_two_claims_of_one_article_are_taken_apart() -> None:
    b, b2, b3 = claim("b"), claim("b", 7), claim("b", 9)
    by_id = {c.id: c for c in (b, b2, b3)}
    apart = overridden(events(by_id.values()), by_id, [decided(b, b2, same=False)])
    assert groups(apart) == {frozenset({b.id, b3.id}), frozenset({b2.id})}


def test_two_events_are_put_together() -> None:
    a, b = claim("a"), claim("b", published=date(2020, 9, 1))
    by_id = {c.id: c for c in (a, b)}
    found = events(by_id.values())
    assert len(found) == 2
    assert groups(overridden(found, by_id, [decided(a, b, same=True)])) == {frozenset({a.id, b.id})}


def test_decisions_that_contradict_each_other_are_told() -> None:
    a, b, c = claim("a"), claim("b"), claim("c")
    by_id = {x.id: x for x in (a, b, c)}
    made = [decided(a, b, same=False), decided(a, c, same=True), decided(b, c, same=True)]
    with pytest.raises(UsageError, match="decisions that agree"):
        overridden(events(by_id.values()), by_id, made)


@pytest.fixture
def store(seeds: Path) -> Store:
    filled = Store.memory()
    for name in SEEDS:
        reading = read_gold(seeds / "gold" / f"{name}.json", seeds / "articles" / f"{name}.txt")
        filled.extend([*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)])
    return filled


def pair(store: Store) -> tuple[str, str]:
    """Two claims of two articles that share an event."""
    found = overview(store)
    event = next(e for e in found.events if len({found.claims[i].article for i, _ in e.members}) == 2)
    first = event.members[0][0]
    return first, next(i for i, _ in event.members if found.claims[i].article != found.claims[first].article)


def test_a_file_takes_a_shared_event_apart_and_forgetting_leaves_the_decision(store: Store, tmp_path: Path) -> None:
    before = store.canonical()
    first, second = pair(store)
    file = tmp_path / "decisions.toml"
    file.write_text(
        f'by = "Jane Doe"\nat = 2026-11-22T10:00:00Z\n[[different]]\nof = ["{first}", "{second}"]\nreason = "asked"\n'
    )
    made = overrides.read(file)
    assert overrides.write(store, made, BASE) == overrides.write(store, made, BASE) == 1
    (known,) = overrides.decisions(store)
    assert {known.first, known.second} == {first, second}
    assert (known.same, known.by, known.reason) == (False, "Jane Doe", "asked")
    assert write(store, overview(store), BASE) == 0
    assert check(store).conforms
    forget(store, BASE)
    assert {line for line in store.canonical() if "graph/overrides" not in line} == set(before)
    store.remove_graph(f"{BASE}graph/overrides")
    assert write(store, overview(store), BASE) > 10


def test_sparql_does_what_the_file_does(store: Store) -> None:
    first, second = pair(store)
    store.update(
        f"""PREFIX nc: <https://w3id.org/newsclaims/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA {{ GRAPH <{BASE}graph/overrides> {{ <{BASE}id/override/1> a nc:Link, nc:Override ;
          rdfs:label "two evacuations"@en ; nc:linkFrom <{first}> ; nc:linkTo <{second}> ; nc:linkMethod "override" ;
          nc:confidence 1.0 ; nc:relation nc:relation-different ; nc:decidedBy "Jane Doe" ;
          nc:decidedAt "2026-11-22T10:00:00Z"^^xsd:dateTime }} }}"""
    )
    assert write(store, overview(store), BASE) == 0
    assert check(store).conforms


def test_speeches_are_taken_apart_and_put_together(store: Store) -> None:
    (event,) = overview(store).speech_events
    first, second = (i for i, _, _ in event.members)
    overrides.write(store, [Decision(first, second, False, "Jane Doe", AT)], BASE)
    assert overview(store).speech_events == ()
    other = [s.id for s in speeches(store) if s.name == "John Kerry"][:2]
    overrides.write(store, [Decision(*other, True, "Jane Doe", AT)], BASE)
    (event,) = overview(store).speech_events
    assert {i for i, _, _ in event.members} == set(other)


def test_actors_that_a_person_calls_one_are_one_voice(store: Store) -> None:
    found = overview(store)
    russia, turkey = (
        next(c for c in found.claims.values() if c.source == s) for s in ("Russian Defence Ministry", "Turkey")
    )
    assert russia.actor
    assert turkey.actor
    overrides.write(store, [Decision(russia.actor, turkey.actor, True, "Jane Doe", AT)], BASE)
    after = overview(store)
    assert after.claims[russia.id].actor == after.claims[turkey.id].actor
    assert not any({c.first, c.second} == {russia.actor, turkey.actor} for c in after.actors)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("d.toml", "[[same]]\nof = ['a:b']\nby = 'J'", "an IRI was expected as second"),
        ("d.toml", "[[same]]\nof = ['a:b', 'a:b']\nby = 'J'", "found one twice"),
        ("d.toml", "[[same]]\nof = ['a:b', 'a:c']", "who decided"),
        ("d.toml", "by = 'J'\nat = 'noon'\n[[same]]\nof = ['a:b', 'a:c']", "a time such as"),
        ("d.toml", "[[same", "TOML or CSV"),
        ("d.csv", "verdict,first,by\nsame,a:b,J", "a column 'second'"),
        ("d.csv", "verdict,first,second,by\nperhaps,a:b,a:c,J", "'same' or 'different'"),
    ],
)
def test_files_that_make_no_sense_name_the_row(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message) as error:
        overrides.read(tmp_path / name)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_csv_and_the_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = pair(store)
    file = tmp_path / "decisions.csv"
    file.write_text(f"verdict,first,second,by,at,reason\ndifferent,{first},{second},Jane Doe,2026-11-22,\n")
    folder = tmp_path / "store"
    with Store.create_or_open(folder) as filled:
        filled.extend(store)
    assert run(["reconcile", "--store", str(folder), "--override", str(file)]) == 0
    assert "0 claims share one" in capsys.readouterr().err
    assert run(["reconcile", "--store", str(folder), "--override", str(tmp_path / "none.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
