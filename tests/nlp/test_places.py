"""Places: names widened, resolved in the light of the article, led back from "the city"."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from kg.nlp.areas import areas, direction, preposition
from kg.nlp.places import dominant, nearest, places, within
from kg.types import Place, Span

NLP = spacy.blank("en")


def read(text: str, **labels: str) -> Doc:
    """A Doc without a parse, in which the words of `labels` (underscores for spaces) are entities."""
    doc = NLP(text)
    found = []
    for name, label in labels.items():
        words = name.replace("__", "-").replace("_", " ")
        at = text.find(words)
        while at >= 0:
            found.append(doc.char_span(at, at + len(words), label=label))
            at = text.find(words, at + 1)
    doc.ents = spacy.util.filter_spans([f for f in found if f is not None])
    for token in doc:
        token.pos_ = "PROPN" if token.text[0].isupper() and token.i else "NOUN"
        token.lemma_ = token.lower_.removesuffix("s")
    return doc


def names(doc: Doc) -> list[tuple[str, str | None]]:
    return [(p.name, p.gazetteer_id) for p in places(doc)]


def test_the_kind_words_are_part_of_the_name() -> None:
    doc = read("Floods hit Shizuoka Prefecture and Wasit governorate.", Shizuoka="LOC", Wasit="LOC")
    assert names(doc) == [("Shizuoka Prefecture", "iso3166:JP-22"), ("Wasit governorate", "iso3166:IQ-WA")]


def test_a_container_places_the_name_before_it() -> None:
    doc = read("Waves hit Paris, Texas, on Monday.", Paris="LOC", Texas="LOC")
    assert names(doc)[0] == ("Paris", "geonames:4717560")


def test_a_possessive_holds_the_name_after_it() -> None:
    doc = read("A quake hit Iran's Kerman province.", Iran="LOC", Kerman="LOC")
    assert names(doc)[1] == ("Kerman province", "iso3166:IR-08")


def test_plural_kinds_cover_all_names() -> None:
    doc = read("It straddles Nagano and Gifu prefectures.", Nagano="LOC", Gifu="LOC")
    assert [i for _, i in names(doc)] == ["iso3166:JP-20", "iso3166:JP-21"]


def test_a_side_of_a_country_is_not_the_country() -> None:
    (found,) = places(read("Rain fell in southern China.", China="LOC"))
    assert (found.name, found.gazetteer_id, found.country, found.feature) == ("southern China", None, "CN", "part")


def test_the_articles_countries_decide() -> None:
    in_lebanon = read("Lebanese soldiers fled Tripoli.", Lebanese="NORP", Tripoli="LOC")
    assert names(in_lebanon) == [("Tripoli", "geonames:266826")]
    in_libya = read("Libyan soldiers fled Tripoli.", Libyan="NORP", Tripoli="LOC")
    assert names(in_libya) == [("Tripoli", "geonames:2210247")]


def test_an_adjective_before_the_kind_names_the_country() -> None:
    doc = read("He left the Syrian city of Homs.", Homs="LOC", Syrian="NORP")
    assert names(doc) == [("Homs", "geonames:169577")]


def test_a_district_is_not_its_namesake() -> None:
    (found,) = places(read("Rain hit Supaul district.", Supaul="LOC"))
    assert (found.name, found.gazetteer_id, found.feature) == ("Supaul district", None, "district")


def test_unknown_places_stay_unresolved() -> None:
    (found,) = places(read("Fire broke out in Xanaduville.", Xanaduville="LOC"))
    assert (found.gazetteer_id, found.latitude, found.country) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Typhoon Phanfone hit. Phanfone moved on.", {"Phanfone": "LOC"}),
        ("The Nepalese army left.", {"Nepalese": "LOC"}),
        ("Islamic State attacked.", {"Islamic_State": "LOC"}),
        ("It cost 19 million U.S. dollars.", {"U.S.": "LOC"}),
    ],
)
def test_strangers_are_no_places(text: str, labels: dict[str, str]) -> None:
    assert places(read(text, **labels)) == ()


def test_states_missed_by_the_model_are_found() -> None:
    assert names(read("A ship from Turkey sank.")) == [("Turkey", "geonames:298795")]


def test_spans_hold_the_printed_words() -> None:
    doc = read(
        "Floods hit the city of Homs, Mount Ontake and north-western Syria.", Homs="LOC", Ontake="LOC", Syria="LOC"
    )
    found = places(doc)
    assert [p.span.of(doc.text) for p in found if p.span] == [p.name for p in found]
    assert [p.name for p in found] == ["Homs", "Mount Ontake", "north-western Syria"]


def test_dominant_place_stands_out_or_is_none() -> None:
    doc = read("Aleppo falls. Thousands left Aleppo. Buses left Aleppo for Idlib.", Aleppo="LOC", Idlib="LOC")
    best = dominant(doc, places(doc))
    assert best is not None
    assert (best.name, best.inherited) == ("Aleppo", "article")
    two = read("Floods hit Iran and Iraq. Iran and Iraq mourn.", Iran="LOC", Iraq="LOC")
    assert dominant(two, places(two)) is None


def test_the_city_is_led_back_and_unnamed_areas_keep_their_words() -> None:
    doc = read("Thousands fled Aleppo. They left the city for camps.", Aleppo="LOC")
    named = places(doc)
    found = areas(doc, named)
    assert [(a.name, a.inherited, a.gazetteer_id) for a in found] == [
        ("Aleppo", "article", "geonames:170063"),
        ("camps", None, None),
    ]


def test_prepositions_give_directions() -> None:
    doc = read("They fled from Aleppo to Idlib in Syria.", Aleppo="LOC", Idlib="LOC", Syria="LOC")
    found = [direction(preposition(doc, p)) for p in places(doc)]
    assert found == ["origin", "destination", "place"]
    assert direction("about") is None


def test_helpers_pick_by_position() -> None:
    far, near = Place("A", Span(0, 1)), Place("B", Span(10, 11))
    assert nearest((far, near), Span(8, 9)) == near
    assert nearest((), Span(0, 1)) is None
    assert within((far, near), Span(5, 20)) == (near,)


def test_towns_that_agree_on_one_country_are_believed_together() -> None:
    doc = read("Shelters opened in Onslow, Exmouth and Carnarvon.", Onslow="LOC", Exmouth="LOC", Carnarvon="LOC")
    assert {p.country for p in places(doc)} == {"AU"}
    alone = read("Shelters opened in Exmouth.", Exmouth="LOC")
    assert names(alone) == [("Exmouth", None)]


def test_a_named_province_tells_twin_towns_apart() -> None:
    doc = read(
        "Fires in California forced residents of Paradise to flee to Chico.",
        California="LOC",
        Paradise="LOC",
        Chico="LOC",
    )
    assert dict(names(doc))["Paradise"] == "geonames:5381002"


def test_a_part_of_a_town_is_no_district_of_that_name() -> None:
    doc = read("Rebels left the last opposition-held district of Homs in Syria.", Homs="LOC", Syria="LOC")
    assert dict(names(doc))["Homs"] == "geonames:169577"


def test_a_side_in_a_name_stays() -> None:
    doc = read("Homes were buried in East Nusa Tenggara province.", East_Nusa_Tenggara="LOC")
    assert names(doc) == [("East Nusa Tenggara province", "iso3166:ID-NT")]
