"""Two runs compared, and corrected articles beside the ones that they correct."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kg.cli.entry import run
from kg.mapping import article_quads, shared_quads
from kg.reconcile.diff import Change, diff
from kg.reconcile.overview import overview
from kg.reconcile.told import Told, told, told_in
from kg.reconcile.versions import forget, known, link_versions
from kg.store import Store
from kg.types import Reading, Status
from kg.validate import check
from tests.gold_readings import BASE, RUN, read_gold, reading_of

SEED = "001_964cf9b5af587d05"


@pytest.fixture(scope="module")
def reading(seeds: Path) -> Reading:
    return read_gold(seeds / "gold" / f"{SEED}.json", seeds / "articles" / f"{SEED}.txt")


def filled(*readings: Reading) -> Store:
    store = Store.memory()
    for one in readings:
        store.extend([*article_quads(one, RUN, BASE), *shared_quads(one, RUN, BASE)])
    return store


def claims(*readings: Reading) -> tuple[Told, ...]:
    return told(filled(*readings))


def tally(changes: tuple[Change, ...]) -> Counter[str]:
    return Counter(c.kind for c in changes)


def corrected(seeds: Path, old: str, new: str) -> Reading:
    """The seed with one number corrected to one of the same length, so that the gold's offsets still hold."""
    text = (seeds / "articles" / f"{SEED}.txt").read_bytes().decode("utf-8")
    assert text.count(old) == 1
    gold = json.loads((seeds / "gold" / f"{SEED}.json").read_text("utf-8"))
    numbers = {int(old.replace(",", "")): int(new.replace(",", ""))}
    for report in gold["reports"]:
        report |= {k: numbers.get(report[k], report[k]) for k in ("value", "low", "high")}
    return reading_of(gold, text.replace(old, new))


def test_the_same_run_twice_makes_no_difference(reading: Reading) -> None:
    assert diff(claims(reading), claims(reading)) == ()


def test_found_lost_and_changed(reading: Reading) -> None:
    fewer = replace(reading, statements=reading.statements[:-1])
    assert tally(diff(claims(fewer), claims(reading))) == {"found": 1}
    assert tally(diff(claims(reading), claims(fewer))) == {"lost": 1}
    first = replace(reading.reports[0], status=Status.EXPECTED)
    other = replace(reading, reports=(first, *reading.reports[1:]))
    (change,) = diff(claims(reading), claims(other))
    assert (change.kind, change.fields) == ("changed", (("status", reading.reports[0].status.value, "expected"),))


def test_a_content_whose_bounds_moved_is_a_change(reading: Reading) -> None:
    whole = reading.statements[0]
    shorter = replace(whole, content=type(whole.content)(whole.content.start, whole.content.end - 4))
    (change,) = diff(claims(reading), claims(replace(reading, statements=(shorter, *reading.statements[1:]))))
    assert [f for f, _, _ in change.fields] == ["words"]


def test_another_base_makes_no_difference(reading: Reading) -> None:
    elsewhere = Store.memory()
    elsewhere.extend(
        [*article_quads(reading, RUN, "https://a.example/"), *shared_quads(reading, RUN, "https://a.example/")]
    )
    assert diff(claims(reading), told(elsewhere)) == ()


def test_a_corrected_article_changes_one_number(reading: Reading, seeds: Path) -> None:
    changes = diff(claims(reading), claims(corrected(seeds, "8,000", "9,000")))
    told_of = {c.claim.kind: {f: (a, b) for f, a, b in c.fields} for c in changes}
    assert tally(changes) == {"changed": 2}  # the statement and its report
    assert told_of["report"]["value"] == ("8000", "9000")


def test_a_correction_supersedes_and_both_stay(reading: Reading, seeds: Path) -> None:
    later = corrected(seeds, "8,000", "9,000")
    store = filled(reading, later)
    assert link_versions(store, BASE, [later.article.sha256]) == 1
    assert check(store).conforms
    ((new, old),) = known(store)
    assert (new[-16:], old[-16:]) == (later.article.sha256[:16], reading.article.sha256[:16])
    values = {c.amount.value for c in overview(store).claims.values() if c.amount}
    assert 9000 in values
    assert 8000 not in values
    assert {8000, 9000} <= {int(c.values["value"]) for c in told(store) if "value" in c.values}
    assert tally(diff(claims(reading), told(store))) == {"changed": 2}
    assert link_versions(store, BASE, [reading.article.sha256], known(store)) == 0  # built again, and still the older
    forget(store, BASE, [later.article.sha256])
    assert known(store) == frozenset()


def test_the_later_publication_goes_before(reading: Reading, seeds: Path) -> None:
    first = replace(reading, article=replace(reading.article, published=date(2016, 12, 17), url="https://a.example/1"))
    other = corrected(seeds, "8,000", "9,000")
    older = replace(
        other, article=replace(other.article, published=date(2016, 12, 16), url="https://a.example/1", id="x")
    )
    store = filled(first, older)
    link_versions(store, BASE, [older.article.sha256])
    ((new, _),) = known(store)
    assert new.endswith(first.article.sha256[:16])


def test_one_name_for_two_stories_is_no_correction(reading: Reading, seeds: Path) -> None:
    seed = "000_4e976f026cba4338"
    story = read_gold(seeds / "gold" / f"{seed}.json", seeds / "articles" / f"{seed}.txt")
    other = replace(story, article=replace(story.article, id=reading.article.id))
    assert link_versions(filled(reading, other), BASE, [other.article.sha256]) == 0


def test_stores_and_files_are_compared(reading: Reading, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = tmp_path / "store", tmp_path / "old.nq"
    with Store.create_or_open(folder) as store:
        store.extend(filled(reading))
    fewer = filled(replace(reading, statements=reading.statements[:-1]))
    file.write_text("".join(f"{line} .\n" if not line.endswith(".") else f"{line}\n" for line in fewer.canonical()))
    assert len(told_in(file)) + 1 == len(told_in(folder))
    assert run(["diff", str(file), str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"+ {SEED} ")
    assert "1 found, 0 lost, 0 changed" in err
    assert run(["diff", str(file), str(folder), "--check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["change"] == "found"
    assert run(["diff", str(tmp_path / "none.nq"), str(folder)]) == 2
    assert "a store's folder or a file" in capsys.readouterr().err
