"""A made-up corpus with known truth: articles on events, with updates, rivals, forecasts, parts and wire copies."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.linking.gazetteer import lookup
from kg.reconcile.records import Amount, Claim, Where
from kg.types import Exactness, Status

# Names and their countries; some names stand in two.
PLACES = tuple(
    tuple(line.strip().split("/"))
    for line in """Aleppo/SY|Homs/SY|Tripoli/LY|Tripoli/LB|Hama/SY|Mosul/IQ|Kabul/AF|Kunduz/AF|Lahore/PK|Hyderabad/PK
    |Hyderabad/IN|Patna/IN|Cebu City/PH|Tacloban/PH|Valencia/VE|Valencia/ES|Cordoba/AR|Cordoba/ES|Guwahati/IN
    |Kathmandu/NP|Goma/CD|Bujumbura/BI|Mogadishu/SO|Padang/ID|Palu/ID|Osaka/JP|Hiroshima/JP|Chengdu/CN|Kunming/CN
    |Da Nang/VN|Santiago/CL|San Salvador/SV|Port-au-Prince/HT|Kharkiv/UA|Mariupol/UA|Donetsk/UA|Maiduguri/NG|Bangui/CF
    |Bamako/ML|Sanaa/YE|Aden/YE|Gaza/PS|Beirut/LB|Baghdad/IQ|Basra/IQ|Karachi/PK|Dhaka/BD|Chittagong/BD|Yangon/MM
    |Sittwe/MM""".split("|")
)
CAUSES = ("flood", "flooding", "earthquake", "typhoon", "landslide", "attack", "bombing", "wildfire")
SPEAKERS = (
    ("the Interior Ministry", "Organization"),
    ("Red Cross", "Organization"),
    ("the governor", "Person"),
    (None, None),
)


@dataclass(frozen=True)
class Truth:
    """Claims, the event of each, and the pairs that are conflicts."""

    claims: tuple[Claim, ...]
    event: dict[str, int]
    conflicts: frozenset[frozenset[str]]


@dataclass(frozen=True)
class Happening:
    number: int
    kind: str
    place: Where
    day: date
    cause: str
    totals: tuple[int, ...]  # by days after the event


def place(name: str, country: str) -> Where:
    entry = lookup(name, {country: 1.0}, within=country)[0].entry
    ident = f"https://example.org/id/place/{entry.id.replace(':', '-')}"
    return Where(ident, name, entry.country, entry.area, entry.feature, entry.latitude, entry.longitude, None, entry.id)


def happenings(count: int, rng: random.Random) -> list[Happening]:
    places = [place(name, country) for name, country in PLACES]
    found = []
    for number in range(count):
        total = rng.randint(5, 400)
        totals = [total]
        for _ in range(4):
            total += rng.randint(0, total // 2 + 2)
            totals.append(total)
        day = date(2020, 1, 1) + timedelta(days=rng.randrange(900))
        kind = rng.choice(("casualty", "evacuation"))
        found.append(Happening(number, kind, rng.choice(places), day, rng.choice(CAUSES), tuple(totals)))
    return found


def corpus(articles: int, events: int, seed: int = 1) -> Truth:
    """`articles` articles on `events` events; the same seed gives the same corpus."""
    rng = random.Random(seed)
    held = happenings(events, rng)
    claims: list[Claim] = []
    event: dict[str, int] = {}
    conflicts: set[frozenset[str]] = set()
    for n in range(articles):
        what = held[rng.randrange(events)] if n >= events else held[n]
        made, rival = _article(n, what, rng)
        if rng.random() < 0.1 and claims and event[claims[-1].id] == what.number:
            made = [replace(made[0], sentence=claims[-1].sentence)]
        claims += made
        event |= {c.id: what.number for c in made}
        conflicts |= rival
    return Truth(tuple(claims), event, frozenset(conflicts))


def _article(n: int, what: Happening, rng: random.Random) -> tuple[list[Claim], set[frozenset[str]]]:
    later = rng.randrange(4)
    published = what.day + timedelta(days=later)
    source, source_kind = rng.choice(SPEAKERS)
    measure = "killed" if what.kind == "casualty" else "evacuated"
    number = what.totals[later]
    dated = rng.random() < 0.4
    cause = what.cause if rng.random() < 0.7 else None
    base = Claim(
        id=f"https://example.org/id/article/{n:08x}#report-{measure}-100-110",
        article=f"https://example.org/id/article/{n:08x}", kind=what.kind, measure=measure, status=Status.HAPPENED,
        counts="people", amount=Amount(f"f{n}-0", str(number), number, number, number, Exactness.EXACT),
        source=source, actor=None, source_kind=source_kind, where=what.place, published=published,
        earliest=what.day if dated else None, latest=what.day if dated else None, cause=cause,
        sentence=f"Article {n} says that {number} people were {measure} in {what.place.name} {rng.random():.6f}",
    )  # fmt: skip
    made = [base]
    rival: set[frozenset[str]] = set()
    if rng.random() < 0.15:  # another source gives another number for the same time in the same article
        other = number * 2 + 7
        amount = Amount(f"f{n}-1", str(other), other, other, other, Exactness.EXACT)
        made.append(replace(base, id=f"{base.article}#report-{measure}-200-210", amount=amount, source="a monitor"))
        rival.add(frozenset({base.id, made[-1].id}))
    if rng.random() < 0.15:
        part = Amount(
            f"f{n}-2", str(number // 2), number // 2, number // 2, number // 2, Exactness.EXACT, whole=f"f{n}-0"
        )
        made.append(replace(base, id=f"{base.article}#report-{measure}-120-130", amount=part, counts="children"))
    if rng.random() < 0.15:
        guess = Amount(f"f{n}-3", str(number * 5), number * 5, None, number * 5, Exactness.UP_TO)
        made.append(replace(base, id=f"{base.article}#report-{measure}-300-310", amount=guess, status=Status.POSSIBLE))
    return made, rival
