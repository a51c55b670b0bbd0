"""Wire copies are linked to their originals; other writers' stories and later figures are no copies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kg.pipeline import Built, Choice, Copies, Skipped, build, link_copies, run_of, sweep, withdraw
from kg.pipeline.copies import METHOD, sketched
from kg.readers import Meta, article
from kg.readers.sketch import compare, sketch
from kg.settings import Settings
from kg.store import Store
from kg.types import Article
from kg.validate import check
from tests.pipeline import wire

_SETTINGS = Settings()
_NC = "https://w3id.org/newsclaims/ontology#"


def stories(events: int, seed: int) -> Iterator[tuple[str, str | None, Article]]:
    """What each article is ("original", "copy", "revision", "other"), which it comes from, and the article."""
    chance = random.Random(seed)
    for n in range(events):
        happened, (ways, order) = wire.event(chance), wire.telling(chance)
        day = date(2016, 1, 1) + timedelta(days=n)
        place = happened.facts["place"]
        paragraphs = happened.told(ways, order)
        name = f"e{n}"
        title = f"Dozens hit by {happened.facts['cause']} in {place}"

        def made(suffix: str, text: str, later: int = 0, name: str = name, day: date = day) -> Article:
            return article(text, id=f"{name}{suffix}", meta=Meta(published=day + timedelta(days=later)))

        yield "original", None, made("", wire.page(title, paragraphs))
        for k in range(3):
            yield "copy", name, made(f"-copy{k}", wire.copied(chance, title, paragraphs, place), 1)
        yield "revision", name, made("-later", wire.updated(chance, paragraphs), 2)
        other = happened.told(*wire.telling(chance, unlike=ways))
        quoted = [p for p in paragraphs if '"' in p][:1]
        yield "other", None, made("-other", wire.page(f"{place} counts its dead", [*other, *quoted]))


def decisions(articles: list[Article]) -> dict[str, tuple[str, str]]:
    """Name -> relation and name of what each article was found to come from."""
    names = {a.sha256: a.id for a in articles}
    with Copies.memory() as copies:
        copies.add(sketched(a.sha256, a.id, a.published, sketch(a)) for a in articles)
        found = {sha256: copy for sha256, copy in copies.fresh() if copy is not None}
        return {
            names[s]: ("copy" if c.likeness.same_figures else "revision", names[c.original]) for s, c in found.items()
        }


@pytest.mark.parametrize("events", [60, pytest.param(1500, marks=pytest.mark.bench)])
def test_precision_and_recall_on_made_up_wire_copies(events: int) -> None:
    rows = list(stories(events, 11))
    kinds = {a.id: (kind, origin) for kind, origin, a in rows}
    found = decisions([a for _, _, a in rows])
    copies = {name: origin for name, (relation, origin) in found.items() if relation == "copy"}
    right = [
        n for n, o in copies.items() if kinds[n][0] == "copy" and kinds[o][0] != "other" and _event(n) == _event(o)
    ]
    wanted = [n for n, (kind, _) in kinds.items() if kind == "copy"]
    revisions = [n for n, (relation, _) in found.items() if relation == "revision"]
    right_revisions = [n for n in revisions if kinds[n][0] == "revision" and _event(n) == _event(found[n][1])]
    print(
        f"\n{len(rows):,} articles: copies precision {len(right)}/{len(copies)}, recall {len(right)}/{len(wanted)}; "
        f"revisions precision {len(right_revisions)}/{len(revisions)}, recall {len(right_revisions)}/{events}"
    )
    assert len(right) >= 0.98 * len(copies) and len(right) >= 0.95 * len(wanted)
    assert len(right_revisions) >= 0.98 * len(revisions) and len(right_revisions) >= 0.85 * events
    assert sum(kinds[n][0] == "other" for n in found) <= 0.02 * len(found)


def _event(name: str) -> str:
    return name.split("-", maxsplit=1)[0]


def test_order_changes_nothing() -> None:
    articles = [a for _, _, a in stories(8, 3)]
    assert decisions(articles) == decisions(articles[::-1]) != {}


def test_adding_later_gives_the_same_as_adding_together() -> None:
    articles = [a for _, _, a in stories(8, 4)]
    noted = [sketched(a.sha256, a.id, a.published, sketch(a)) for a in articles]
    with Copies.memory() as copies:
        known = {}
        for start in range(0, len(noted), 5):
            copies.add(noted[start : start + 5])
            known.update(dict(copies.fresh()))
            copies.settle()
        together = decisions(articles)
        names = {a.sha256: a.id for a in articles}
        assert {names[s]: names[c.original] for s, c in known.items() if c} == {n: o for n, (_, o) in together.items()}


def test_likeness_is_symmetric_and_whole_for_itself() -> None:
    one, other = (sketch(a) for _, _, a in list(stories(1, 5))[:2])
    assert compare(one, other) == compare(other, one)
    assert compare(one, one).share == 1.0 and compare(one, one).same_figures


def test_a_few_words_are_nobodys_copy() -> None:
    short = [article(f"No comment\n\nThe ministry said no more on {d}.\n", id=d) for d in ("Monday", "Friday")]
    assert decisions(short) == {}


def test_a_figure_in_other_words_counts_as_other() -> None:
    text = "Floods\n\nRescuers said that {} people had been brought out of the valley by boat on Monday, and that\
 the search would go on through the night with dogs and lamps until everybody was found.\n"
    five, six, comma = (sketch(article(text.format(n), id=n)) for n in ("five", "six", "5"))
    assert not compare(five, six).same_figures and compare(five, six).same_story
    assert compare(five, five).same_figures and not compare(six, comma).same_figures


@pytest.fixture(scope="module")
def trio() -> list[Article]:
    """An original, a copy, and a later version."""
    rows = {kind: a for kind, _, a in stories(1, 6)}
    return [rows["original"], rows["copy"], rows["revision"]]


def built(store: Store, articles: list[Article], copies: Copies, *, skip: bool = False) -> list[object]:
    run = run_of(_SETTINGS.model)
    choice = Choice(copies=copies, skip_copies=skip)
    base = _SETTINGS.base
    out: list[object] = list(build(articles, store, run, base=base, model=_SETTINGS.model, choice=choice))
    link_copies(store, copies, base)
    return out


def relations(store: Store) -> set[tuple[str, str, str]]:
    query = f"""PREFIX nc: <{_NC}> PREFIX d: <http://purl.org/dc/terms/> SELECT ?a ?r ?b WHERE {{
        ?x ?r ?y FILTER (?r IN (nc:copyOf, nc:revisionOf)) ?x d:identifier ?a . ?y d:identifier ?b }}"""
    return {(s["a"].value, s["r"].value.removeprefix(_NC), s["b"].value) for s in store.query(query)}  # type: ignore[union-attr,index]


def test_links_in_the_graph_and_withdrawal(trio: list[Article]) -> None:
    original, copy, later = trio
    with Store.memory() as store, Copies.memory() as copies:
        assert {type(o) for o in built(store, trio, copies)} == {Built}
        assert relations(store) == {(copy.id, "copyOf", original.id), (later.id, "revisionOf", original.id)}
        assert METHOD in "".join(store.canonical())
        assert check(tuple(store)).findings == ()
        whole = store.canonical()
        built(store, trio, copies)
        assert store.canonical() == whole
        withdraw(store, _SETTINGS.base, [original.sha256])
        copies.forget([original.sha256])
        link_copies(store, copies, _SETTINGS.base)
        assert relations(store) == {(later.id, "revisionOf", copy.id)}
        assert original.sha256[:16] not in "".join(store.canonical())


def test_copies_may_be_left_unread_and_are_kept_with_their_link(trio: list[Article]) -> None:
    original, copy, later = trio
    with Store.memory() as store, Copies.memory() as copies:
        outcomes = built(store, trio, copies, skip=True)
        skipped = [o for o in outcomes if isinstance(o, Skipped)]
        assert [s.id for s in skipped] == [copy.id] and f"a copy of {original.id}" in skipped[0].reason
        assert (copy.id, "copyOf", original.id) in relations(store)
        claims = f"SELECT ?c WHERE {{ ?c <{_NC}inArticle> ?a . ?c a <{_NC}Statement> . ?a <{_NC}sha256> '%s' }}"
        assert not list(store.query(claims % copy.sha256))  # type: ignore[arg-type]
        assert list(store.query(claims % later.sha256))  # type: ignore[arg-type]
        assert check(tuple(store)).findings == ()


def test_what_was_noted_and_never_stored_is_swept(trio: list[Article]) -> None:
    with Store.memory() as store, Copies.memory() as copies:
        copies.add(sketched(a.sha256, a.id, a.published, sketch(a)) for a in trio)
        sweep(store, copies, _SETTINGS.base)
        assert not any(a.sha256 in copies for a in trio)


def test_nothing_of_a_withdrawn_article_is_left_in_the_files(tmp_path: Path) -> None:
    """Neither in the graph nor in what deleting leaves behind in the database's files."""
    from kg.cli.withdraw import withdraw as command

    folder = tmp_path / "store"
    secret = "Zaltborough"
    made = [
        article(f"Fire in {place}\n\nThe mayor said 12 people were killed in {place} on Friday.\n", id=f"id-{place}")
        for place in (secret, "Aleppo")
    ]
    with Store.create_or_open(folder) as store, Copies.beside(folder) as copies:
        built(store, made, copies)
    assert any(secret.encode() in p.read_bytes() for p in folder.rglob("*") if p.is_file())
    command([f"id-{secret}"], folder, None)
    held = [p for p in folder.rglob("*") if p.is_file() and secret.lower().encode() in p.read_bytes().lower()]
    assert held == []
    with Store.open(folder) as store:
        assert "Aleppo" in "".join(store.canonical())
