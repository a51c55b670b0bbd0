"""From articles to a store: deterministic, complete, and one fault never takes others with it."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from kg.nlp import claims
from kg.pipeline import Built, Choice, Kept, Outcome, Repeated, build, results, run_of
from kg.pipeline.run import model_digest, rules_digest
from kg.readers import Failure, Meta, article, read
from kg.settings import Settings
from kg.store import Store
from kg.types import Article, Reading, Run

_SETTINGS = Settings()
_STORIES = (
    (
        "Thousands leave Aleppo",
        "The army said 5,000 people were evacuated from Aleppo. Turkey put the figure at 8,000.",
    ),
    ("Floods kill ten in Nepal", '"Ten people were killed in Kathmandu," police officer Ram Thapa said on Friday.'),
)
_NC = "https://w3id.org/newsclaims/ontology#"


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(_SETTINGS.model)


def into(
    store: Store, inputs: list[Article | Failure], run: Run, *, resume: bool = False, jobs: int = 1
) -> list[Outcome]:
    return list(
        build(inputs, store, run, base=_SETTINGS.base, model=_SETTINGS.model, choice=Choice(resume=resume), jobs=jobs)
    )


@pytest.fixture(scope="module")
def inputs() -> list[Article | Failure]:
    return [article(f"{title}\n\n{body}\n", id=title.split()[0]) for title, body in _STORIES]


@pytest.fixture(scope="module")
def canonical(inputs: list[Article | Failure], run: Run) -> list[str]:
    with Store.memory() as store:
        into(store, inputs, run)
        return store.canonical()


def test_the_seeds(seeds: Path, run: Run) -> None:
    inputs = list(read([seeds]))
    with Store.memory() as store:
        outcomes = into(store, inputs, run)
        assert [type(o) for o in outcomes] == [Built, Built]
        assert all(o.statements > 5 and o.reports > 5 and o.quads > 500 for o in outcomes if isinstance(o, Built))
        assert [o.faults for o in outcomes if isinstance(o, Built)] == [(), ()]
        base = _SETTINGS.base
        shared = {f"{base}graph/{name}" for name in ("entities", "links", "provenance")}
        assert set(store.graphs()) == shared | {
            f"{base}graph/article/{a.sha256[:16]}" for a in inputs if isinstance(a, Article)
        }


def test_twice_gives_the_same_bytes(inputs: list[Article | Failure], run: Run, canonical: list[str]) -> None:
    with Store.memory() as store:
        into(store, inputs, run)
        assert store.canonical() == canonical


def test_the_order_of_inputs_and_building_again_change_nothing(
    inputs: list[Article | Failure], run: Run, canonical: list[str]
) -> None:
    with Store.memory() as store:
        into(store, inputs[::-1], run)
        into(store, inputs, run)
        assert store.canonical() == canonical


@pytest.mark.slow
def test_two_processes_give_the_same_bytes(inputs: list[Article | Failure], run: Run, canonical: list[str]) -> None:
    with Store.memory() as store:
        into(store, inputs, run, jobs=2)
        assert store.canonical() == canonical


def test_resuming_leaves_alone_what_the_same_run_built(inputs: list[Article | Failure], run: Run) -> None:
    other = dataclasses.replace(run, rules_digest="0" * 64)
    with Store.memory() as store:
        into(store, inputs[:1], run)
        assert [type(o) for o in into(store, inputs, run, resume=True)] == [Built, Kept] or [
            type(o) for o in into(store, inputs, run, resume=True)
        ] == [Kept, Kept]
        assert {type(o) for o in into(store, inputs, other, resume=True)} == {Built}


def test_an_article_built_by_another_run_is_replaced(
    inputs: list[Article | Failure], run: Run, canonical: list[str]
) -> None:
    other = dataclasses.replace(run, rules_digest="0" * 64)
    with Store.memory() as store:
        into(store, inputs, other)
        assert store.canonical() != canonical
        into(store, inputs, run)
        assert store.canonical() == canonical


def test_the_same_text_twice_is_told(inputs: list[Article | Failure], run: Run) -> None:
    first = inputs[0]
    assert isinstance(first, Article)
    with Store.memory() as store:
        outcomes = into(store, [first, dataclasses.replace(first, id="copy")], run)
    assert {type(o) for o in outcomes} == {Built, Repeated}
    assert next(o for o in outcomes if isinstance(o, Repeated)) == Repeated("copy", first.id)


def test_a_fault_in_one_article_leaves_the_others(
    inputs: list[Article | Failure], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, broken = claims.read, inputs[0]
    assert isinstance(broken, Article)

    def read_or_break(nlp: object, one: Article) -> Reading:
        if one.id == broken.id:
            raise IndexError("a rule\nbroke")
        return real(nlp, one)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "read", read_or_break)
    with Store.memory() as store:
        outcomes = into(store, inputs, run)
    failure = next(o for o in outcomes if isinstance(o, Failure))
    assert broken.id in str(failure.error) and "IndexError: a rule broke" in str(failure.error)
    assert sum(isinstance(o, Built) for o in outcomes) == 1


def test_claims_are_the_same_whatever_else_is_in_the_batch(inputs: list[Article | Failure], run: Run) -> None:
    alone = [r for i in inputs for r in results([i], run, base=_SETTINGS.base, model=_SETTINGS.model)]
    assert alone == list(results(inputs, run, base=_SETTINGS.base, model=_SETTINGS.model))


def test_a_publication_date_resolves_what_stays_open_without(run: Run) -> None:
    text = "Thousands leave the city\n\nThe army said 5,000 people were evacuated from Aleppo on Thursday.\n"
    query = f"SELECT ?e WHERE {{ ?t a <{_NC}TimeScope> OPTIONAL {{ ?t <{_NC}earliest> ?e }} }}"

    def earliest(published: date | None) -> list[str | None]:
        with Store.memory() as store:
            into(store, [article(text, id="x", meta=Meta(published=published))], run)
            found = store.query(query)
            return [s["e"].value if s["e"] else None for s in found]  # type: ignore[union-attr,index]

    assert set(earliest(None)) == {None}
    assert any(e and e.startswith("2016-12-15") for e in earliest(date(2016, 12, 16)))


def test_digests_name_model_and_rules(tmp_path: Path) -> None:
    assert len(rules_digest()) == len(model_digest(_SETTINGS.model)) == 64
    (tmp_path / "weights").write_bytes(b"1")
    first = model_digest(str(tmp_path))
    other = tmp_path / "b"
    other.mkdir()
    (other / "weights").write_bytes(b"2")
    assert len(first) == 64 and model_digest(str(other)) != first
    assert model_digest("no_such_model") == ""
