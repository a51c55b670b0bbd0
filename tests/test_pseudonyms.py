"""Named private persons under pseudonyms: gone from every label, quotation and address; public ones stay."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.export.pseudonyms import Rule, chosen, rule, veiled
from kg.mapping import article_quads, shared_quads
from kg.settings import Settings
from tests.gold_readings import BASE, RUN
from tests.queries.conftest import seed_readings

KEY = b"a key for tests"
NC = "https://w3id.org/newsclaims/ontology#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ARTICLE = BASE + "id/article/0123456789abcdef"


@pytest.fixture(scope="module")
def quads(root: Path) -> list[ox.Quad]:
    """The hand-made graph of the seeds."""
    return [
        quad
        for reading in seed_readings(root / "seeds")
        for quad in (*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE))
    ]


def person(name: str, *, role: str | None = None, body: str | None = None, words: str = "") -> list[ox.Quad]:
    """An article with one person in it, and a sentence."""
    graph = ox.NamedNode(ARTICLE.replace("/id/", "/graph/"))
    node = ox.NamedNode(f"{ARTICLE}#actor-person-{name.lower().replace(' ', '-')}")
    facts: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (RDF_TYPE, ox.NamedNode(NC + "Person")),
        (RDF_TYPE, ox.NamedNode(NC + "Actor")),
        (NC + "name", ox.Literal(name)),
    ]
    facts += [(NC + term, ox.Literal(said)) for term, said in (("role", role), ("affiliationName", body)) if said]
    sentence = ox.Quad(ox.NamedNode(ARTICLE + "#sentence-0-9"), ox.NamedNode(NC + "exact"), ox.Literal(words), graph)
    return [ox.Quad(node, ox.NamedNode(term), value, graph) for term, value in facts] + [sentence]


def text_of(quads: list[ox.Quad], by: Rule | None = None) -> str:
    return "\n".join(str(quad) for quad in veiled(quads, by or Rule(KEY)))


def test_private_persons_of_the_seeds_are_gone_and_public_ones_stay(quads: list[ox.Quad]) -> None:
    before = "\n".join(map(str, quads))
    after = text_of(quads, Rule(KEY, frozenset({"wissam zarqa"}), frozenset({"john kerry"})))
    # (the hand-made graph tells no roles, and the kind of few actors)
    assert "Kerry" in after
    names = {"Wissam Zarqa", "Zarqa", "wissam-zarqa"}
    assert all(name in before for name in names)
    assert not [name for name in names if name.casefold() in after.casefold()]
    assert len(after.splitlines()) == len(before.splitlines())


def test_one_key_gives_one_pseudonym_and_another_key_another() -> None:
    found = person("Ann Long", words="Long said it was a long day, Ann Long's day.")
    one = text_of(found)
    assert one == text_of(found)
    assert one != text_of(found, Rule(b"another"))
    assert "a long day" in one
    assert "Long" not in one
    assert one.count("person-") == 3


@pytest.mark.parametrize(
    ("role", "body", "stays"),
    [
        ("US Secretary of State", None, True),
        ("a spokesman", None, True),
        ("generals", None, True),
        (None, "Red Cross", True),
        ("a teacher", "Springfield School", False),
        ("a farmer", None, False),
        ("Mr", None, False),
        (None, None, False),
    ],
)
def test_an_office_or_a_body_makes_public(role: str | None, body: str | None, stays: bool) -> None:
    assert ("Ann Long" in text_of(person("Ann Long", role=role, body=body, words="Ann Long spoke."))) is stays


def test_a_list_goes_before_the_rule(tmp_path: Path) -> None:
    listed = tmp_path / "names.txt"
    listed.write_text("# who asked\n+ Ann Long\n- Bo Short\n", encoding="utf-8")
    by = rule(KEY, listed)
    assert "Ann Long" not in text_of(person("Ann Long", role="president", words="Ann Long spoke."), by)
    assert "Bo Short" in text_of(person("Bo Short", words="Bo Short spoke."), by)
    listed.write_text("Ann Long\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"\+ Name"):
        rule(KEY, listed)
    with pytest.raises(InputError):
        rule(KEY, tmp_path / "nowhere")


def test_a_part_of_a_name_that_another_bears_too_stays() -> None:
    public = person("Kim Jong Un", role="leader", words="Kim Jong Un met Kim Lee. Lee left.")
    after = text_of([*public, *person("Kim Lee")])
    assert "Kim Jong Un met" in after
    assert "Lee" not in after


def test_addresses_and_hostile_names() -> None:
    found = person("Ann Long", words="see https://example.org/ann-long-tells")
    address = ox.Quad(
        ox.NamedNode(ARTICLE),
        ox.NamedNode(NC + "url"),
        ox.NamedNode("https://example.org/Ann_Long"),
        found[0].graph_name,
    )
    after = text_of([*found, address])
    assert "long" not in after.casefold()


@pytest.mark.parametrize("name", ["(", "a.*", "[x", "b\\", "x" * 5_000, "\u202eevil", "", " "])
def test_hostile_names_break_nothing(name: str) -> None:
    found = person("Ann Long", words=f"{name} met Ann Long")
    strange = ox.Quad(found[0].subject, ox.NamedNode(NC + "alias"), ox.Literal(name), found[0].graph_name)
    assert "Ann Long" not in text_of([*found, strange])


def test_the_switch_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(Settings()) is None
    monkeypatch.setenv("NEWSCLAIMS_PRIVATE_PERSONS", "pseudonyms")
    one, other = chosen(Settings()), chosen(Settings())
    assert one and other and one.key != other.key
    monkeypatch.setenv("NEWSCLAIMS_PSEUDONYM_KEY", "s3cret")
    assert chosen(Settings()) == Rule(b"s3cret")
