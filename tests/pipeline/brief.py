"""Any number of short dispatches, of 30 to 60 words: names, places, numbers and wording differ in every one."""

from __future__ import annotations

import random
from collections.abc import Iterator

from kg.readers import article
from kg.types import Article
from tests.pipeline.varied import word

_REAL = (
    "Aleppo,Kathmandu,Manila,Khartoum,Sirte,Mosul,Lima,Nairobi,Dhaka,Kabul,Quito,Lagos,Izmir,Osaka,Chengdu,Guwahati,"
    "Port-au-Prince,Beirut,Kharkiv,Bamako,Cebu,Peshawar,Sulawesi,Chiapas,Goma,Maiduguri,Hodeidah,Mandalay,Tripoli,Gaza"
).split(",")
_CAUSES = (
    "floods,a landslide,a fire,an earthquake,shelling,an air strike,a storm,a mudslide,a gas explosion,a bus crash,"
    "a bomb,an ambush,clashes,a stampede,an avalanche,a wildfire,a cyclone,a building collapse,a mine blast"
).split(",")
_WHERE = (
    "in the {side} of {place},near {place},in {place},outside the town of {place},in the district of {place},"
    "on the road from {place} to {other},in the village of {place},along the {other} river,in two suburbs of {place}"
).split(",")
_SIDES = "north,south,east,west,north-east,hills,outskirts,old centre".split(",")
_DAYS = "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday".split(",")
_TIMES = "on {day},early on {day},late on {day},on {day} morning,overnight,at dawn on {day},this week".split(",")
_PEOPLE = "people,villagers,civilians,miners,passengers,fishermen,soldiers,residents,students,workers".split(",")
_SPEAKERS = (
    "the {place} police,the army,{name}{comma} the mayor of {place}{comma},a spokeswoman for the {other} hospital,"
    "the interior ministry,the Red Cross,{name} of the {place} fire brigade,local officials,two witnesses,"
    "{name}{comma} a farmer{comma},the governor{comma} {name}{comma},UNICEF,the {other} Observatory"
).split(",")
_SAID = "said,told reporters,announced,reported,confirmed,told {paper}".split(",")
_DEATHS = (
    "At least {n} {people} were killed and {m} injured by {cause} {where} {time}, {speaker} {said}.",
    "{cap} killed {n} {people} {where} {time} and wounded {m} others, according to {speaker}.",
    "{speaker_cap} {said} {time} that {n} {people} had died in {cause} {where}.",
    "The number of dead from {cause} {where} has risen to {n}, with {m} {people} missing, {speaker} {said} {time}.",
    "{n_cap} bodies were recovered {where} {time} after {cause}, {speaker} {said}.",
)
_MOVES = (
    "Some {big} {people} were evacuated to {other}, most of them by {vehicle}.",
    "More than {big} families have fled to {other} since {day}, {speaker} {said}.",
    "{speaker_cap} {said} that {big} {people} had left their homes for shelters in {other}.",
    "Up to {big} {people} remain displaced in {m} camps around {other}.",
    "{big} residents were told to leave the {side} of {other} by {vehicle}.",
)
_VEHICLES = "bus,boat,helicopter,lorry,train,army truck,ferry,foot".split(",")
_WORDS = (
    '"We {verb} the {thing} and {verb2}," {speaker} {said}.',
    "{speaker_cap} {said} that the {thing} would stay closed for {m} days.",
    "{name}, {age}, lost a {thing} and {n} goats, and blamed {speaker}.",
    "Rescuers with {thing}s searched for {m} missing {people} {time}.",
    "The {place} {thing} was damaged, and repairs will cost ${m} million, {speaker} {said}.",
    "{speaker_cap} denied {time} that anyone had warned {place} of {cause}.",
)
_VERBS = "heard,saw,left,crossed,lost,found,opened,shut,reached,watched".split(",")
_VERBS2 = "ran,prayed,hid,waited,shouted,climbed,swam,called for help,drove away,stayed".split(",")
_THINGS = "bridge,school,road,clinic,market,dam,pump,mosque,church,boat,tractor,radio,mast,wall,well,bakery".split(",")


def articles(count: int, start: int = 0) -> Iterator[Article]:
    """Numbers `start` to `count` of them; each is the same whenever it is made."""
    return (article(dispatch(n), id=f"b{n}") for n in range(start, count))


def dispatch(number: int) -> str:
    """The text of one: a headline, and one to three sentences."""
    chance = random.Random(number * 7_919 + 13)
    pick = chance.choice
    kinds = (_DEATHS, _MOVES, _WORDS)
    wanted = (*chance.sample(kinds, chance.choices((1, 2, 3), (1, 4, 3))[0]),)
    place, other = (pick(_REAL) if chance.random() < 0.3 else word(chance) for _ in range(2))
    facts = {"place": place, "other": other, "cause": pick(_CAUSES)}
    told = [_sentence(chance, pick(ways), facts) for ways in sorted(wanted, key=kinds.index)]
    while sum(len(s.split()) for s in told) < 26:
        told.append(_sentence(chance, pick(pick(kinds)), facts))
    headline = f"{facts['cause'].removeprefix('a ').removeprefix('an ').capitalize()} {pick(('in', 'near'))}"
    return f"{headline} {facts['place']}\n\n{' '.join(told)}\n"


def _sentence(chance: random.Random, way: str, facts: dict[str, str]) -> str:
    pick = chance.choice
    speaker, few = pick(_SPEAKERS), chance.randint(3, 99)
    inner = facts | {
        "name": f"{word(chance)} {word(chance)}", "comma": ",", "paper": f"the {word(chance)} Times",
        "day": pick(_DAYS), "side": pick(_SIDES),
    }  # fmt: skip
    speaker = speaker.format(**inner)
    told = way.format(
        **inner, n=few, m=chance.randint(2, 400), big=f"{chance.randint(120, 90_000):,}", n_cap=few,
        cap=_capital(facts["cause"]), people=pick(_PEOPLE), where=pick(_WHERE).format(**inner),
        time=pick(_TIMES).format(**inner), said=pick(_SAID).format(**inner),
        speaker=speaker, speaker_cap=_capital(speaker), vehicle=pick(_VEHICLES),
        verb=pick(_VERBS), verb2=pick(_VERBS2), thing=pick(_THINGS), age=chance.randint(19, 90),
    )  # fmt: skip
    return told.replace(",.", ".")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
