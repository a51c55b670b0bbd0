"""Made-up news stories, and what becomes of them on their way through agencies and papers."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_PLACES = (
    "Baran Dara Kelmes Orsk Telfan Vareda Sumbe Iringa Lokot Naryn Odeka Pelun Quibe Rastan Sahar Tolmin Ulva Zirka "
    "Abeka Borlen Cordin Delmat Elvas Farsen Gorim Haltu Ikelu Jasper Korvan Lutsen Mirow Nador Obrin Pastal Rudnik"
).split()
_FIRST = "Amina Peter Rosa Tariq Jun Olga Samuel Mei Ivan Lucia Omar Grete".split()
_LAST = "Kolo Lind Marquez Haddad Sato Brandt Otieno Lin Petrov Ferrer Aziz Holm Banda Costa Novak Ruiz".split()
_ROLES = ("the mayor", "a district officer", "the head of the rescue service", "a spokesman of the army", "a nurse")
_CAUSES = ("flood", "landslide", "fire", "storm", "shelling", "earthquake", "dam burst", "mudslide")
# Ways to tell each fact. A story tells each fact once; another writer tells it in another way.
_WAYS = (
    (
        "At least {dead} people were killed and {hurt} injured when a {cause} hit {place} on {day}, officials said.",
        "A {cause} in {place} has left {dead} dead and {hurt} in hospital, local authorities reported on {day}.",
        "The death toll from the {cause} that struck {place} rose to {dead} on {day}, with {hurt} more wounded.",
        "Rescuers in {place} pulled {dead} bodies from the ruins after the {cause} of {day}; {hurt} people were hurt.",
    ),
    (
        "Some {moved} residents were evacuated overnight in buses and army trucks to the town of {other}.",
        "More than {moved} people have had to leave their homes, most of them for shelters in {other}.",
        "Buses brought {moved} inhabitants to {other}, where schools and sports halls were opened for them.",
        "Authorities in {other} said that {moved} evacuees had been registered there by the evening.",
    ),
    (
        '"We heard a noise and ran, there was no time to take anything," said {name}, {role}.',
        '{name}, {role}, said that "nobody had expected the water so early in the year".',
        'According to {name}, {role}, the warning came "an hour too late for the lower streets".',
        "{name}, {role}, told reporters that the road to {other} would stay closed for several days.",
    ),
    (
        "Electricity and telephone lines were cut in large parts of the province, and the hospital ran on generators.",
        "Power failed across the region on {day}, and doctors at the only clinic worked by the light of torches.",
        "The bridge over the river has collapsed, so that the eastern districts can be reached only by boat.",
        "Two of the three roads into the valley are blocked, the transport ministry said in a statement.",
    ),
    (
        "The government promised {money} million in aid and sent soldiers with tents, blankets and drinking water.",
        "Parliament is to vote on {money} million for repairs next week, the finance minister announced.",
        "Neighbouring states offered help; a first plane with {money} tonnes of food landed late on {day}.",
        "Aid agencies asked donors for {money} million, of which a tenth had been pledged by the weekend.",
    ),
    (
        "It was the worst disaster in the district since the great flood of {year}, when whole villages vanished.",
        "Floods and slides are frequent in the hills around {place}, where forests were cleared after {year}.",
        "The area had been declared unsafe in {year}, but poor families kept building along the slopes.",
        "Since {year} the province has seen four such events, and engineers blame the building of new roads.",
    ),
    (
        "Search teams with dogs went on through the night for {missing} people who were still missing.",
        "{missing} persons are unaccounted for, among them children of a village school, the police said.",
        "Relatives of the {missing} missing waited at the gates of the town hall for a list of names.",
        "Hopes of finding the {missing} missing alive faded as rain set in again on {day} evening.",
    ),
    (
        "Schools in the province will remain shut until further notice, and exams have been put off to the autumn.",
        "The weather service expects more rain in the coming days and has kept its highest warning in force.",
        "Farmers fear for the harvest: rice fields on both banks of the river stand under a metre of mud.",
        "A team of engineers from the capital is to inspect the dam before anybody may return to the valley.",
    ),
)
_AGENCIES = ("Reuters", "AFP", "AP", "Xinhua")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened."""

    facts: dict[str, str]

    def told(self, ways: tuple[int, ...], order: tuple[int, ...]) -> list[str]:
        """The paragraphs of one telling."""
        return [_WAYS[fact][ways[fact]].format(**self.facts) for fact in order]


def event(chance: random.Random) -> Event:
    place, other = chance.sample(_PLACES, 2)
    numbers = {
        "dead": chance.randint(2, 90), "hurt": chance.randint(3, 300), "moved": chance.randint(110, 9_000),
        "money": chance.randint(2, 80), "year": chance.randint(1950, 2010), "missing": chance.randint(4, 60),
    }  # fmt: skip
    words = {
        "place": place, "other": other, "cause": chance.choice(_CAUSES),
        "name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
        "role": chance.choice(_ROLES), "day": chance.choice(("Monday", "Tuesday", "Thursday", "Friday", "Sunday")),
    }  # fmt: skip
    return Event(words | {k: f"{v:,}" if k == "moved" else str(v) for k, v in numbers.items()})


def telling(chance: random.Random, *, unlike: tuple[int, ...] | None = None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How a writer tells: a way for each fact (another than those of `unlike`), and the order of facts."""
    ways = tuple(
        chance.choice([w for w in range(len(_WAYS[f])) if unlike is None or w != unlike[f]]) for f in range(len(_WAYS))
    )
    rest = list(range(1, len(_WAYS)))
    chance.shuffle(rest)
    return ways, (0, *rest)


def page(title: str, paragraphs: list[str], dateline: str = "") -> str:
    return "\n\n".join([title, dateline + paragraphs[0], *paragraphs[1:]]) + "\n"


def copied(chance: random.Random, title: str, paragraphs: list[str], place: str) -> str:
    """What a paper prints of an agency's story: cut from below, with another headline, dateline and credit."""
    kept = paragraphs[: chance.randint(max(4, len(paragraphs) - 3), len(paragraphs))]
    if chance.random() < 0.5:
        local = (
            f"Readers from {chance.choice(_PLACES)} have collected clothes and blankets, our town's fire brigade said."
        )
        kept.insert(chance.randint(1, len(kept)), local)
    if chance.random() < 0.4:
        at = chance.randrange(len(kept))
        kept[at] = kept[at].replace(" said", " added").replace("people", "persons")
    agency = chance.choice(_AGENCIES)
    dateline = chance.choice((f"{place.upper()} ({agency}) - ", f"{place}, {agency} - ", ""))
    return page(chance.choice((title, f"{place} in shock", "Disaster in the hills")), [*kept, f"({agency})"], dateline)


def updated(chance: random.Random, paragraphs: list[str]) -> str:
    """The same writer's later version: the figures of the event have grown."""
    more = chance.randint(2, 30)

    def grown(match: re.Match[str]) -> str:
        value = int(match.group().replace(",", ""))
        return match.group() if 1900 < value < 2100 else f"{value + more:,}"

    return page("More victims feared", [re.sub(r"\d[\d,]*", grown, p) for p in paragraphs])
