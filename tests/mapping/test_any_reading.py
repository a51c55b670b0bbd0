"""Whatever a reading holds, its graph conforms to the shapes and is the same each time."""

from __future__ import annotations

import dataclasses
import random

import pytest

from kg.mapping import article_quads, shared_quads
from kg.types import (
    Actor,
    ActorKind,
    Exactness,
    Figure,
    Place,
    QuotationMode,
    Reading,
    Rejected,
    Report,
    Resolution,
    Role,
    Source,
    Span,
    Statement,
    Status,
    TimeScope,
)
from kg.validate import check
from tests.gold_readings import BASE, RUN, article_of

WORDS = (
    "Ana Ruiz",
    "ana ruiz",
    "Al-Assad",
    "al Assad",
    "the mayor",
    "Turkey",
    "U.S.",
    "Vila",
    "rebels",
    "حلب",
    "—",
    "5",
    'it\'s "so"',
)
TEXT = (
    'Ana Ruiz said al Assad, the mayor of Vila, had "left" Turkey.\n\nRebels killed 5 people — 3 in حلب. It\'s so.\t'
    * 4
).strip()
SENTENCES = tuple(Span(start, min(start + 40, len(TEXT))) for start in range(0, len(TEXT), 40))


def span(rng: random.Random) -> Span:
    start = rng.randrange(len(TEXT) - 40)
    return Span(start, start + rng.randint(1, 39))


def maybe(rng: random.Random, value: object) -> object:
    return value if rng.random() < 0.5 else None


def source(rng: random.Random, kind: ActorKind | None = None) -> Source:
    return Source(
        rng.choice(WORDS), kind or rng.choice(list(ActorKind)), maybe(rng, span(rng)), rng.choice(list(Resolution)),
        maybe(rng, span(rng)), maybe(rng, "mayor"), maybe(rng, "Lusa"),
    )  # type: ignore[arg-type]  # fmt: skip


def role(rng: random.Random) -> Role:
    return Role(rng.choice(WORDS), span(rng), maybe(rng, rng.choice(WORDS)), maybe(rng, "sentence"))  # type: ignore[arg-type]


def place(rng: random.Random) -> Place:
    name = rng.choice(WORDS)
    if rng.random() < 0.5:
        return Place(name, maybe(rng, span(rng)), maybe(rng, "article"))  # type: ignore[arg-type]
    rival = maybe(rng, "geonames:9")
    return Place(name, None, None, "geonames:1", 1.5, -2.25, "PT", "city", rival)  # type: ignore[arg-type]


def time(rng: random.Random) -> TimeScope:
    where = span(rng)
    return TimeScope(where.of(TEXT), where, timex="XXXX-WXX-4")


def figure(rng: random.Random) -> Figure:
    where, low = span(rng), rng.choice([None, 1, 5])
    high = rng.choice([None, 5, 9])
    exactness = rng.choice(list(Exactness))
    counts = rng.choice(["people", "beekeepers"])
    return Figure(where, where.of(TEXT), rng.choice([None, 5]), low, high, exactness, counts, rng.random() < 0.2)


def statement(rng: random.Random) -> Statement:
    said = dataclasses.replace(
        Statement(span(rng), rng.choice(list(QuotationMode)), source(rng), span(rng), "r", round(rng.random(), 3)),
        status=maybe(rng, Status.POSSIBLE), conveyed_by=maybe(rng, source(rng)),
        document=maybe(rng, source(rng, ActorKind.DOCUMENT)), addressee=maybe(rng, role(rng)),
        responsible=maybe(rng, role(rng)), said_at=maybe(rng, time(rng)),
    )  # type: ignore[arg-type]  # fmt: skip
    return said if rng.random() < 0.8 else dataclasses.replace(said, source=None)


def report(rng: random.Random, statements: int) -> Report:
    event, measure = rng.choice([("evacuation", "evacuated"), ("evacuation", "fled"), ("casualty", "killed")])
    made = Report(event, measure, rng.choice(list(Status)), span(rng), "r", round(rng.random(), 3))
    return dataclasses.replace(
        made, figure=maybe(rng, figure(rng)), statement=maybe(rng, rng.randrange(statements)),
        source=maybe(rng, source(rng)), origin=maybe(rng, place(rng)), destination=maybe(rng, place(rng)),
        place=maybe(rng, place(rng)), agent=maybe(rng, role(rng)), cause=maybe(rng, role(rng)),
        vehicle=maybe(rng, role(rng)), time=maybe(rng, time(rng)),
    )  # type: ignore[arg-type]  # fmt: skip


def reading(rng: random.Random) -> Reading:
    statements = [statement(rng) for _ in range(rng.randint(1, 6))]
    for index in range(1, len(statements)):
        if rng.random() < 0.3:
            statements[index] = dataclasses.replace(statements[index], parent=index - 1)
    reports = [report(rng, len(statements)) for _ in range(rng.randint(0, 8))]
    twice = (*statements, *statements[:1]), (*reports, *reports[:1])
    names = rng.sample(WORDS, 4)
    actors = tuple(
        Actor(f"a{i}", name, rng.choice(list(ActorKind)), (span(rng),), maybe(rng, "mayor"), (rng.choice(WORDS),))  # type: ignore[arg-type]
        for i, name in enumerate(names)
    )
    rejected = (Rejected("report", span(rng), "no people", "r"),)
    article = article_of(TEXT, "any", language=rng.choice(["en", "pt-BR", "not a tag!"]))
    return Reading(article, SENTENCES, *twice, actors, (place(rng), place(rng)), rejected)


@pytest.mark.parametrize("seed", range(60))
def test_any_reading_gives_a_sound_graph(seed: int) -> None:
    made = reading(random.Random(seed))
    quads = article_quads(made, RUN, BASE) + shared_quads(made, RUN, BASE)
    again = reading(random.Random(seed))
    assert quads == article_quads(again, RUN, BASE) + shared_quads(again, RUN, BASE)
    assert check(quads).findings == ()
