"""Single sentences of many kinds of crises: what is counted, what became of them, and where."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.nlp import claims, pipeline
from kg.readers import article
from kg.types import Reading

HEAD = "Thousands evacuated, dozens killed\n\n"

# sentence, then rows: measure, status, words of the figure, low, high
FIGURES = [
    ("Fire crews pulled 14 people from the rubble of a collapsed apartment block in Mombasa on Sunday.", "rescued happened 14 people|14|14"),
    ("A quake flattened homes near Petrinja, killing at least seven people and leaving more than two dozen with injuries.", "killed happened at least seven people|7|None; injured happened more than two dozen|25|None"),
    ("The toll climbed to 85 after five more deaths were reported on Monday.", "killed happened 85|85|85; killed happened five more deaths|5|5"),
    ("Two firefighters suffered minor burns and a woman in her 70s was taken to hospital.", "injured happened Two firefighters|2|2; injured happened a woman|1|1"),
    ("Some 300 families were being moved from Fallujah to a camp, an Iraqi officer told AFP.", "evacuated happened Some 300 families|None|None"),
    ("We evacuated all 187 pupils and nobody was hurt.", "evacuated happened all 187 pupils|187|187; injured happened nobody|0|0"),
    ("As many as 700,000 Rohingya have fled Myanmar for Bangladesh since August 25.", "fled happened As many as 700,000 Rohingya|None|700000"),
    ("Rescuers found both bodies on Friday.", "killed happened both bodies|2|2"),
    ("Between 3,000 and 5,000 people are still stuck in the besieged town of Madaya.", "remaining happened Between 3,000 and 5,000 people|3000|5000"),
    ("Plans to evacuate 1,500 patients from eastern Ghouta were called off, a WHO spokesman said.", "evacuated cancelled 1,500 patients|1500|1500"),
    ("Up to half a million people could be forced from their homes, aid agencies warned.", "displaced possible Up to half a million people|None|500000"),
    ("Another 177,000 are thought to remain trapped inside El Fasher.", "remaining possible Another 177,000|177000|177000"),
    ("\"We expect the number of dead to rise, perhaps to 20,000,\" the mayor said.", "killed expected 20,000|20000|20000"),
    ("Officials revised the toll down from 46 to 39.", "killed happened 46|46|46; killed happened 39|39|39"),
    ("The hospital gave a lower figure of 5,500 deaths.", "killed happened 5,500 deaths|5500|5500"),
    ("The dead included eight children.", "killed happened eight children|8|8"),
    ("He was one of 270 killed in the 1988 Lockerbie bombing.", "killed happened 270 killed|270|270"),
    ("The mayor ordered 12,000 residents in low-lying districts to evacuate by noon.", "evacuated ordered 12,000 residents|12000|12000"),
    ("Nine more bodies were pulled from the mud on Thursday, taking the toll to 84, with 30 still unaccounted for.", "killed happened Nine more bodies|9|9; killed happened 84|84|84; missing happened 30|30|30"),
    ("The strike left 42 dead, among them 14 staff members and 24 patients.", "killed happened 42 dead|42|42; killed happened 14 staff members|14|14; killed happened 24 patients|24|24"),
    ("The avalanche struck at dawn; seven were dug out alive.", "rescued happened seven|7|7"),
    ("Eleven sailors were plucked to safety by a Royal Navy helicopter off Cornwall.", "rescued happened Eleven sailors|11|11"),
    ("Ten were killed in the attack, including an 81-year-old man.", "killed happened Ten|10|10; killed happened an 81-year-old man|1|1"),
    ("In 2011 a boat overturned with the loss of 79 lives.", "killed happened 79 lives|79|79"),
    ("Two workers fell to their deaths on Monday.", "killed happened Two workers|2|2"),
    ("M6.4 quake leaves 2 dead, dozens hurt in Ishikawa", "killed happened 2 dead|2|2; injured happened dozens|24|None"),
    ("12,450 people (3,110 households) have been moved to the new site.", "evacuated happened 12,450 people|12450|12450; evacuated happened 3,110 households|3110|3110"),
    ("Nearly 400 workers at a chlorine plant in Tarnaveni were overcome by fumes on Monday, and 37 of them were kept in hospital overnight.", "injured happened Nearly 400 workers|None|399; injured happened 37 of them|37|37"),
    ("Rioting prisoners are holding seven guards hostage.", "abducted happened seven guards hostage|7|7"),
    ("Doctors said 180 patients and 60 staff were still inside the besieged hospital in Taiz.", "remaining happened 180 patients|180|180; remaining happened 60 staff|60|60"),
    ("Another 3,800 have yet to leave.", "remaining happened Another 3,800|3800|3800"),
    ("The train plunged off a viaduct near Ovar; rescuers cut free 31 survivors.", "rescued happened 31 survivors|31|31"),
    ("The coastguard picked up 74 migrants from a sinking dinghy off Lampedusa.", "rescued happened 74 migrants|74|74"),
    ("Around 16,000 holidaymakers were evacuated by land and 3,000 by sea on Rhodes.", "evacuated happened Around 16,000 holidaymakers|None|None; evacuated happened 3,000|3000|3000"),
    ("Israel told 1.1 million people in the northern Gaza Strip to relocate south within 24 hours.", "evacuated ordered 1.1 million people|1100000|1100000"),
    ("At least one student was killed and 20 others wounded when a bomb exploded outside a school in Quetta.", "killed happened At least one student|1|None; injured happened 20 others|20|20"),
    ("The number of fatalities rose to 43 from 37.", "killed happened 43|43|43; killed happened 37|37|37"),
    ("The number of people killed has risen from 38 to 53.", "killed happened 38|38|38; killed happened 53|53|53"),
    ("An estimated 143,000 people have crossed from West Darfur into Chad, up from 119,000 two weeks ago.", "fled happened An estimated 143,000 people|None|None; fled happened 119,000|119000|119000"),
    ("Bulgaria has reported 16 deaths, Serbia nine.", "killed happened 16 deaths|16|16; killed happened nine|9|9"),
    ("Cyclone Idai killed 38 people in Malawi. The government put the figure at 56.", "killed happened 38 people|38|38; killed happened 56|56|56"),
    ("More than 300 people were evacuated from Tripoli. Of these, 102 were patients.", "evacuated happened More than 300 people|301|None; evacuated happened 102|102|102"),
    ("Ten were buried on Tuesday.", "killed happened Ten|10|10"),
    ("A mother and her teenage son were killed.", "killed happened A mother|1|1; killed happened her teenage son|1|1"),
    ("Two residents were hurt and a third suffered burns.", "injured happened Two residents|2|2; injured happened a third|1|1"),
    ("Four of the victims were firefighters.", "killed happened Four of the victims|4|4"),
    ("At least three camp-dwellers lost their lives.", "killed happened At least three camp-dwellers|3|None"),
    ("Dead: 14.", "killed happened 14|14|14"),
    ("How many people died? At least 14.", "killed happened At least 14|14|None"),
    ("Twelve women are among those killed in the blast.", "killed happened Twelve women|12|12"),
    ("Those killed included a pregnant woman.", "killed happened a pregnant woman|1|1"),
    ("The victims were two sisters aged 9 and 11.", "killed happened two sisters|2|2"),
    ("The official death count climbed past 300 overnight.", "killed happened 300|300|300"),
    ("Officials fear the toll could top 1,000.", "killed possible 1,000|None|1000"),
    ("The attack cost nine villagers their lives.", "killed happened nine villagers|9|9"),
    ("Three of the wounded later died.", "killed happened Three of the wounded|3|3"),
    ("Nearly half of the town's 30,000 residents have left.", "evacuated happened Nearly half of the town's 30,000 residents|None|None"),
    ("The order emptied the town of its 12,000 inhabitants.", "evacuated happened 12,000 inhabitants|12000|12000"),
    ("Soldiers forced 300 families out of Tawila.", "displaced happened 300 families|300|300"),
    ("Contact was lost with 14 fishermen on Tuesday.", "missing happened 14 fishermen|14|14"),
    ("The floods triggered 470,000 internal displacements across Pakistan.", "displaced happened 470,000 internal displacements|470000|470000"),
    ("Fewer than 200 people are left in the village.", "remaining happened Fewer than 200 people|None|199"),
    ("Firefighters led dozens of patients out of the hospital.", "evacuated happened dozens of patients|24|None"),
    ("A plan to move 55 residents out of the town has been shelved.", "evacuated cancelled 55 residents|55|55"),
    ("He denied reports that seven people had perished.", "killed denied seven people|7|7"),
]  # fmt: skip

NOTHING = [
    "By midnight half of the island's 4,000 people had voted.",
    "A public body said the bill died in committee.",
    "How many people must die before somebody acts?",
    "He was treated for the flu and left an ambitious legacy.",
    "If anyone is killed, the deal is off.",
    "If you had a group that went round killing people, nobody would listen.",
    "In the event the pilot was hurt, a second one would land the plane.",
    "The party is hurting with younger voters.",
    "Three men captured on camera at the till had paid in cash.",
    "Officers searched for two men, suspects in the robbery.",
    "The union was cut out of the new contract.",
    "The general was released from house arrest in May.",
    "The army fired two missiles into the sea on Monday.",
    "Thousands were left without power on Sunday.",
    "Of the 212 passengers, 198 walked away unhurt.",
    "Forty-six leaders of the gang will be moved to federal prisons.",
    "The company killed off two brands.",
]

# sentence, words of the figure, origin, destination, place
PLACES = [
    ("Three Indian workers were killed when a wall collapsed in Doha.", "Three Indian workers", None, None, "Doha"),
    ("Russian television said 1,231 fighters had been bused out of Daraya to Idlib.", "1,231 fighters", "Daraya", "Idlib", None),
    ("China evacuated 571 of its citizens by ship to Djibouti.", "571 of its citizens", None, "Djibouti", None),
    ("Two people died when a small plane came down near Ballarat.", "Two people", None, None, "Ballarat"),
    ("LA PAZ, Aug 24 (EFN) - Eleven people died on Monday when a bus crashed near Oruro.", "Eleven people", None, None, "Oruro"),
    ("The army airlifted 61 tourists to Lukla by helicopter.", "61 tourists", None, "Lukla", None),
    ("Some 900 evacuees spent the night in a sports hall.", "Some 900 evacuees", None, "sports hall", None),
    ("A gas leak killed four pupils in a classroom.", "four pupils", None, None, "classroom"),
    ("Three miners died in an accident at the Severnaya-2 coal mine.", "Three miners", None, None, "Severnaya-2 coal mine"),
    ("Buses with 300 evacuees arrived in Zaporizhzhia.", "300 evacuees", None, "Zaporizhzhia", None),
    ("Some 200 tourists were evacuated to the airport in Split.", "Some 200 tourists", None, "Split", None),
    ("Seven people died, the minister told reporters in Nairobi.", "Seven people", None, None, None),
    ("Seventy patients died in the Saudi Maternity Hospital.", "Seventy patients", None, None, "Saudi Maternity Hospital"),
]  # fmt: skip


@pytest.fixture(scope="module")
def read() -> Callable[[str], Reading]:
    nlp = pipeline.load()
    return lambda sentence: claims.read(nlp, article(f"{HEAD}{sentence}\n", id="one"))


def _rows(reading: Reading) -> set[str]:
    return {
        f"{r.measure} {r.status.value} {r.figure.text}|{r.figure.low}|{r.figure.high}"
        for r in reading.reports
        if r.figure and r.trigger.start >= len(HEAD)
    }


@pytest.mark.parametrize(("sentence", "rows"), FIGURES, ids=[s[:30] for s, _ in FIGURES])
def test_figures_of_a_sentence(read: Callable[[str], Reading], sentence: str, rows: str) -> None:
    assert _rows(read(sentence)) == set(rows.split("; "))


@pytest.mark.parametrize("sentence", NOTHING)
def test_sentences_that_tell_of_no_event(read: Callable[[str], Reading], sentence: str) -> None:
    found = [r for r in read(sentence).reports if r.trigger.start >= len(HEAD)]
    assert not found


@pytest.mark.parametrize(("sentence", "words", "origin", "destination", "place"), PLACES)
def test_where_it_was(
    read: Callable[[str], Reading],
    sentence: str,
    words: str,
    origin: str | None,
    destination: str | None,
    place: str | None,
) -> None:
    report = next(r for r in read(sentence).reports if r.figure and r.figure.text == words)
    found = tuple(p.name if p else None for p in (report.origin, report.destination, report.place))
    assert found == (origin, destination, place)


def test_what_is_only_derived_is_told_without_a_figure(read: Callable[[str], Reading]) -> None:
    found = read(
        "The Red Cross said 1,000 civilians were evacuated, a total it expected to double by day's end."
    ).reports
    told = [
        (r.measure, r.status.value, r.figure, r.source.name if r.source else None) for r in found if "derived" in r.rule
    ]
    assert told == [("evacuated", "expected", None, "Red Cross")]
    assert not [r for r in read("The death toll from the quake has doubled to 40.").reports if "derived" in r.rule]


@pytest.mark.parametrize(
    ("sentence", "agent"),
    [
        ("The Sudan Doctors Network accused the RSF of killing 1,500 people in three days.", "RSF"),
        ("Kyiv accused Russian forces of shelling the town and killing nine civilians.", "Russian forces"),
        ("The ministry blamed the rebels for the deaths of 40 soldiers in Idlib.", "rebels"),
    ],
)
def test_who_is_accused_is_who_did_it(read: Callable[[str], Reading], sentence: str, agent: str) -> None:
    found = [r.agent.text for r in read(sentence).reports if r.measure == "killed" and r.figure and r.agent]
    assert found == [agent]


@pytest.mark.parametrize(
    ("sentence", "agent"),
    [
        (
            "The authorities have ordered the total evacuation of everyone within ten kilometres of the crater.",
            "authorities",
        ),
        ("The governor ordered the immediate evacuation of all low-lying villages.", "governor"),
    ],
)
def test_who_orders_people_out(read: Callable[[str], Reading], sentence: str, agent: str) -> None:
    found = [r for r in read(sentence).reports if r.status.value == "ordered" and r.measure == "evacuated"]
    assert [r.agent.text.removeprefix("The ") for r in found if r.agent] == [agent]


def test_bodies_are_not_rescued(read: Callable[[str], Reading]) -> None:
    found = read("Rescuers were still pulling bodies from the mud on Tuesday.").reports
    assert "rescued" not in {r.measure for r in found if r.trigger.start >= len(HEAD)}


def test_a_place_that_only_rules_is_no_origin(read: Callable[[str], Reading]) -> None:
    told = read("About 17,000 people are being moved out of the areas controlled by Kyiv.").reports
    (found,) = [r for r in told if r.figure and r.figure.text == "About 17,000 people"]
    assert found.origin is None and found.place is None
