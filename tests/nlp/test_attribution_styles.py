"""Ways of reporting speech by agencies, broadcasters, local papers and organisations, as tables of statements."""

# ruff: noqa: E501

import pytest

from kg.nlp import encoder
from kg.nlp.attribution import statements

# Text, then (source, cue, content) of each statement; a cue of None: the speaker goes on. All made up.
STYLES = [
    ("Mayor Ana Ruiz said the bridge had collapsed and that two cars had fallen into the river.",
     [("Ana Ruiz", "said", "the bridge had collapsed"), ("Ana Ruiz", "said", "two cars had fallen into the river")]),
    ("The ministry's spokesman, Anton Gelder, declared on his Telegram channel that 40 drones had been shot down overnight.",
     [("Anton Gelder", "declared", "40 drones had been shot down overnight")]),
    ("A fisherman, who was quoted by the newspaper as saying that the boat had turned over within seconds, was treated for shock.",
     [("A fisherman", "was quoted by the newspaper as saying", "the boat had turned over within seconds")]),
    ("Interfax quoted a police source as saying that the driver had fled.",
     [("a police source", "quoted a police source as saying", "the driver had fled")]),
    ("In Geneva, a spokeswoman for the UN refugee agency, Babar Lind, told a briefing that 2,000 people were crossing each day.",
     [("Babar Lind", "told", "2,000 people were crossing each day")]),
    ("One of the rescuers, Omar Haddad, 34, said that he could hear voices under the concrete.",
     [("Omar Haddad", "said", "he could hear voices under the concrete")]),
    ('"I thought it was thunder," said one of them, Elif Kaya, 19.',
     [("Elif Kaya", "said", '"I thought it was thunder,"')]),
    ('"Who will pay for this?" asked shopkeeper Musa Bello, pointing at his stall.',
     [("Musa Bello", "asked", '"Who will pay for this?"')]),
    ("The operator should have warned people, argued lawyer Peter Ong, who represents 40 families.",
     [("Peter Ong", "argued", "The operator should have warned people")]),
    ("According to a report by the broadcaster NPO, which cited two officials, the tunnel had no exits.",
     [("NPO", "According to", "the tunnel had no exits")]),
    ('The president, Luis Arce Gómez, expressed "profound sadness" at the deaths.',
     [("Luis Arce Gómez", "expressed", '"profound sadness" at the deaths')]),
    ('"I told them to run, and they ran," teacher Olga Hrytsenko recalled.',
     [("Olga Hrytsenko", "recalled", '"I told them to run, and they ran,"'), ("Olga Hrytsenko", "told", "to run")]),
    ('"We said in May that the wall was cracked," engineer Tomas Vrba said.',
     [("Tomas Vrba", "said", '"We said in May that the wall was cracked,"'), ("Tomas Vrba", "said", "the wall was cracked")]),
    ("“The fire came over the hill at noon.\n\n“We had five minutes to get out,” said farmer Bob Ellery.",
     [("Bob Ellery", None, "“The fire came over the hill at noon."), ("Bob Ellery", "said", "“We had five minutes to get out,”")]),
    ("‘The wall just went,’ said lorry driver Gary Pitt. ‘I have never seen anything like it.’",
     [("Gary Pitt", "said", "‘The wall just went,’"), ("Gary Pitt", None, "‘I have never seen anything like it.’")]),
    ("Human Rights Watch has documented 18 attacks on clinics, it said in a report published on Tuesday.",
     [("Human Rights Watch", "said", "Human Rights Watch has documented 18 attacks on clinics")]),
    ("Minister: 'We will rebuild every house'\n\nThe minister of housing toured the coast on Sunday.",
     [("Minister", None, "'We will rebuild every house'")]),
    ("Authorities announced on Friday the arrest of a man suspected of setting the fire.",
     [("Authorities", "announced", "the arrest of a man suspected of setting the fire")]),
    ("Sheriff Dale Bowen (@SheriffBowen) tweeted: \"Road 12 is closed.\"",
     [("Dale Bowen", "tweeted", '"Road 12 is closed."')]),
    ("Xinhua news agency, citing the provincial fire brigade, said that six miners had been lifted out alive.",
     [("Xinhua", "said", "six miners had been lifted out alive")]),
    ("An estimated 5,000 families have been displaced, per the provincial council.",
     [("the provincial council", "per", "An estimated 5,000 families have been displaced")]),
    ("As per the latest data of the ministry, 14,000 people remain in the three camps, at a cost of 3 euros per day.",
     [("ministry", "As per", "14,000 people remain in the three camps, at a cost of 3 euros per day")]),
    ("Figures released by the interior ministry showed that 41 people had drowned.",
     [("interior ministry", "showed", "41 people had drowned")]),
    ("The study found that the wells were dry. The divers found that the hatch was open.",
     [("The study", "found", "the wells were dry")]),
    ("The local branch of the Red Crescent registered 1,900 newly displaced families.",
     [("The local branch of the Red Crescent", "registered", "1,900 newly displaced families")]),
    ("Kenya, which leads the mission, called on both sides to return to the talks.",
     [("Kenya", "called on", "both sides to return to the talks")]),
    ("The envoy replied that the trucks had been ready, that the crews had been paid, and that \"those you call friends\" had opened fire.",
     [("The envoy", "replied", "the trucks had been ready"), ("The envoy", "replied", "the crews had been paid"),
      ("The envoy", "replied", '"those you call friends" had opened fire')]),
    ("The wall had been inspected in May, the press service of the Transport Ministry told reporters. It would be rebuilt, the press service added.",
     [("Transport Ministry", "told", "The wall had been inspected in May"), ("Transport Ministry", "added", "It would be rebuilt")]),
    ("A Western diplomat in Kinshasa said both sides were lying. \"Multiply by three,\" the envoy said.",
     [("A Western diplomat in Kinshasa", "said", "both sides were lying"), ("A Western diplomat in Kinshasa", "said", '"Multiply by three,"')]),
    ("\"It was like a drum,\" a taxi driver surnamed Oh said by phone.",
     [("Oh", "said", '"It was like a drum,"')]),
    ("Fires burn on\n\n14:32 The dam is holding, Mayor Paula Reis says.\n\n4:47 p.m. Mayor Paula Reis at the command post: \"Stay inside until you hear it from me.\"",
     [("Paula Reis", "says", "The dam is holding"), ("Paula Reis", None, '"Stay inside until you hear it from me."')]),
    ("Captain Rosa Lima spoke to us on the quay.\n\nQ: How many were on board?\n\nA: We counted 210 before we left.\n\nQ: Will the search go on?\n\nA: The divers go down again at first light.\n\nQ: Who pays?\n\nA: The owner does, I hope.",
     [("Rosa Lima", None, "We counted 210 before we left."), ("Rosa Lima", None, "The divers go down again at first light."),
      ("Rosa Lima", None, "The owner does, I hope.")]),
    ("The rebels declared that 19 soldiers had been killed — a claim that nobody could check.",
     [("The rebels", "declared", "19 soldiers had been killed")]),
    ("An eyewitness asked us not to use her name. She said the gate had been locked.",
     [("An eyewitness", "said", "the gate had been locked")]),
    ("As reported by the ministry on 5 May, about 12,000 people live in the camp.",
     [("the ministry", "reported", "about 12,000 people live in the camp")]),
    ("Turkish media say nine of the dead were children, while the private DHA news agency put the toll at 14.",
     [("Turkish media", "say", "nine of the dead were children"), ("DHA", "put", "the toll at 14")]),
    ("The mayor took to Twitter to say that the tunnel was closed.",
     [("The mayor", "to say", "the tunnel was closed")]),
    ("While speaking to Dawn, Deputy Commissioner Hina Baloch told that 17 villages were under water.",
     [("Hina Baloch", "told", "17 villages were under water")]),
    ("The fire service said 12 boats had been found so far, warning that the wind could grow.",
     [("fire service", "said", "12 boats had been found so far"), ("fire service", "warning", "the wind could grow")]),
    ("Asmara accused its neighbour of arming the rebels, a charge Addis Ababa rejects.",
     [("Asmara", "accused", "its neighbour of arming the rebels")]),
    ("Lima accused the miners of poisoning the lake, an allegation union officials denied.",
     [("Lima", "accused", "the miners of poisoning the lake")]),
    ("State television spoke of at least 30 wounded.",
     [("State television", "spoke of", "at least 30 wounded")]),
    ("The mayor of Lorca put the number of residents moved to the old railway station at 300.",
     [("The mayor of Lorca", "put", "the number of residents moved to the old railway station at 300")]),
    ("He promised my mother a new roof by December.",
     [("He", "promised", "my mother a new roof by December")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def docs():
    language = encoder.load()
    return dict(zip((t for t, _ in STYLES), language.pipe(t for t, _ in STYLES), strict=True))


def _plain(name):
    return name.casefold().removeprefix("the ")


@pytest.mark.parametrize(("text", "wanted"), STYLES, ids=[t[:50] for t, _ in STYLES])
def test_style(text, wanted, docs):
    found = [
        (_plain(s.source.name), s.cue.of(text) if s.cue else None, s.content.of(text).strip(".,"))
        for s in statements(docs[text])
    ]
    for source, cue, content in wanted:
        assert any(
            (c == cue and said == content.strip(".,") and (_plain(source) in name or name in _plain(source)))
            for name, c, said in found
        ), found
