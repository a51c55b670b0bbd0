"""Who says what: the cue lexicon's own examples, and articles of many ways of reporting speech."""

# ruff: noqa: E501

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import LexiconError
from kg.nlp import encoder
from kg.nlp.attribution import statements
from kg.nlp.attribution.lexicon import cue_lexicon, read
from kg.nlp.records import put
from kg.settings import resource
from kg.types import QuotationMode, Resolution, Span, Status, TimeScope

EXAMPLES = cue_lexicon().examples


@pytest.fixture(scope="module")
def language():
    return encoder.load()


@pytest.fixture(scope="module")
def said(language):
    """Statements of a text as (source, cue, content)."""

    def read_text(text):
        return [
            (s.source.name if s.source else None, s.cue.of(text) if s.cue else None, s.content.of(text))
            for s in statements(language(text))
        ]

    return read_text


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.cue}: {e.text[:40]}" for e in EXAMPLES])
def test_examples_of_the_lexicon(example, said):
    names = {example.source, f"the {example.source}", f"The {example.source}"}
    assert any(
        content == example.content and (cue or "").endswith(example.cue) and source in names
        for source, cue, content in said(example.text)
    ), said(example.text)


def test_lexicon_names_the_entry_with_the_fault(tmp_path):
    good = (resource("ontology") / "lexicons" / "cues.toml").read_text(encoding="utf-8")
    broken = tmp_path / "cues.toml"
    broken.write_text(good.replace('frames = ["of"]', 'frames = ["off"]'), encoding="utf-8")
    with pytest.raises(LexiconError, match=r"unknown frame 'off' of 'accuse'.*frames are"):
        read(broken)


def test_one_subject_two_cues(said):
    found = said("Maria Lopez said the bridge was closed, but warned that the tunnel was worse.")
    assert found == [
        ("Maria Lopez", "said", "the bridge was closed"),
        ("Maria Lopez", "warned", "the tunnel was worse"),
    ]


def test_participle_shares_the_speaker(said):
    found = said("The mill would reopen on Monday, Paul Weber said, adding that nobody had been hurt.")
    assert ("Paul Weber", "said", "The mill would reopen on Monday") in found
    assert ("Paul Weber", "adding", "nobody had been hurt") in found


def test_cue_in_the_middle_of_a_quotation(said):
    found = said('"We have water," said Ana Ruiz, a nurse at the camp. "We have no bread."')
    assert found == [("Ana Ruiz", "said", '"We have water,"'), ("Ana Ruiz", None, '"We have no bread."')]


def test_quotation_over_paragraphs_stays_with_its_speaker(said):
    found = said('"We walked for nine days," Ana Ruiz said.\n"Nobody helped us.\n"Then the bus came."')
    assert [source for source, _, _ in found] == ["Ana Ruiz"] * 3
    assert found[1][2] == '"Nobody helped us.'


def test_cue_between_commas(said):
    found = said("As it nears the coast, forecasters said, the storm will lose strength.")
    assert ("forecasters", "said", "the storm will lose strength") in found


def test_second_half_behind_the_cue(said):
    found = said("The dam was safe, the engineer added, and the villages below it had nothing to fear.")
    assert ("the engineer", "added", "The dam was safe") in found
    assert ("the engineer", None, "the villages below it had nothing to fear") in found


def test_time_place_and_hearer_are_no_content(said):
    found = said("The minister told a news conference in Lima on Tuesday that the strike was over.")
    assert found == [("The minister", "told", "the strike was over")]


def test_statement_inside_a_statement(language):
    text = "President Ines Prado called for calm, the news agency Andina reported."
    outer, inner = sorted(statements(language(text)), key=lambda s: s.content.start - s.content.end)
    assert outer.content.of(text) == "President Ines Prado called for calm"
    assert (inner.source.name, inner.content.of(text), inner.parent) == ("Ines Prado", "calm", 0)


def test_citing(said):
    found = said("Ten miners were missing, Xinhua reported, citing local officials.")
    assert ("Xinhua", "reported", "Ten miners were missing") in found
    assert ("local officials", "citing", "Ten miners were missing") in found


def test_headline(said):
    assert said("Harbour 'a ruin', says mayor as ships leave\nThe quay is empty.")[0] == (
        "mayor",
        "says",
        "Harbour 'a ruin'",
    )


def test_sentence_that_is_only_its_cue(said):
    found = said("“Where is the money?” Ana Ruiz asked. The minister left the room.")
    assert found == [("Ana Ruiz", "asked", "“Where is the money?”")]


def test_name_behind_a_dash(said):
    assert said("“We were never asked.”― Ana Ruiz") == [("Ana Ruiz", None, "“We were never asked.”")]


def test_quotation_far_from_any_speaker_has_none(said):
    filler = "\nThe valley has four towns.\nThey lie on the river.\nSnow fell in May."
    found = said("The road is shut, Ana Ruiz said." + filler + '\n"A lovely place to stay in all seasons."')
    assert [c for _, _, c in found] == ["The road is shut"]


def test_colon_before_a_quotation(said):
    found = said("Ana Ruiz described the night: “The water came from everywhere.”")
    assert any(s == "Ana Ruiz" and c == "“The water came from everywhere.”" for s, _, c in found)


@pytest.mark.parametrize(
    "text",
    [
        "The government wants to rebuild the harbour and plans to hire 400 workers.",
        "The floods claimed 30 lives in the valley.",
        "The river threatened to burst its banks.",
        "Residents were advised to leave and were told to take warm clothes.",
        "It was reported that the road was closed.",
        "The army attacked the town and the rebels answered with rockets.",
        "The official did not say when the road would open.",
        "She would say nothing about it if asked.",
        "The “Green House” cafe on Main Street burned down.",
        "He asked not to be named.",
    ],
)
def test_beliefs_plans_and_other_meanings_are_no_statements(text, said):
    assert said(text) == []


def test_mode_and_status(language):
    text = "The mine's owner denied that the lift was “a death trap”."
    (found,) = statements(language(text))
    assert (found.mode, found.status) == (QuotationMode.MIXED, Status.DENIED)
    assert 0.5 < found.confidence < 1
    assert found.rule == "leading-that"


def test_addressee_and_elided_source(language):
    text = "Ana Ruiz told Radio Sur that the road was open and said buses were running."
    first, second = statements(language(text))
    assert first.addressee is not None
    assert first.addressee.text == "Radio Sur"
    assert second.source.resolution is Resolution.ELIDED
    assert second.source.name == "Ana Ruiz"


def test_who_is_blamed_and_who_passes_it_on(language):
    text = "The union accused the mine's owners of ignoring warnings."
    (found,) = statements(language(text))
    assert found.responsible.text == "the mine's owners"
    text = "The pilot was quoted by Xinhua as saying that both engines had failed."
    (found,) = statements(language(text))
    assert (found.source.name, found.conveyed_by.name) == ("The pilot", "Xinhua")
    text = "Ten miners were missing, Xinhua reported, citing local officials."
    assert [s.conveyed_by.name for s in statements(language(text)) if s.conveyed_by] == ["Xinhua"]


def test_letter_that_speaks_and_when(language):
    text = "A letter from the Coast Guard said on Tuesday that the buoys were gone."
    doc = language(text)
    start = text.index("on Tuesday")
    put(doc, "times", [TimeScope("on Tuesday", Span(start, start + 10))])
    (found,) = statements(doc)
    assert found.source.name == "Coast Guard"
    assert found.document.name == "A letter from the Coast Guard"
    assert found.said_at.text == "on Tuesday"


def test_spans_hold_the_words(language):
    text = (
        "“We will stay,” said the baker, Jo Vance.\nShe added that the shop had flour.\n\nPolice confirmed 3 arrests."
    )
    for s in statements(language(text)):
        assert s.content.of(text).strip() == s.content.of(text)
        assert s.cue is None or s.cue.of(text).strip()
        assert s.source.span is None or not s.content.overlaps(s.source.span) or s.parent is None


def test_text_without_words(language):
    assert statements(language("")) == ()
    assert statements(language("\n \n")) == ()


WORDS = [
    "said", "told", "accused", "was urged by", "according to", "citing", "“", "”", '"', "'", ",", ".", ":", "—", "(", ")",
    "\n", "he", "it", "who", "which", "that", "and", "but", "of", "the ministry", "Ana Ruiz", "US", "3", "X",
]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_heap_of_words_is_read_without_fault(language, words):
    text = " ".join(words)
    for s in statements(language(text)):
        assert s.content.end <= len(text)
        assert s.content.of(text).strip() == s.content.of(text)
        assert 0 < s.confidence <= 1


def test_unparsed_text_gives_no_error():
    blank = spacy.blank("en")
    assert isinstance(statements(blank('"We will stay," he said.')), tuple)


def test_clause_with_as(said):
    assert ("many engineers", "have pointed out", "the dam is too low") in said(
        "As many engineers have pointed out, the dam is too low."
    )
    assert ("police", "have said", "The driver had fled") in said("The driver had fled, as police have said.")


def test_each_that_is_a_statement_of_its_own(said):
    found = said("The inquiry concluded that at least 61 miners had died, and that gas had caused the blast.")
    assert [content for _, _, content in found] == ["at least 61 miners had died", "gas had caused the blast"]


def test_cue_between_subject_and_predicate(said):
    found = said("The bridge over the Moss river, the mayor said, was closed to lorries in March.")
    assert found == [("the mayor", "said", "was closed to lorries in March")]


def test_source_in_a_relative_clause(said):
    found = said("Parents protested against the new rules, which doctors say harm the weakest children.")
    assert ("doctors", "say", "harm the weakest children") in found


def test_headline_with_its_source_behind_a_dash(said):
    text = "Toll of the mine blast climbs to 12 – Emergencies Ministry\nRescuers found three more bodies on Monday."
    assert ("Emergencies Ministry", None, "Toll of the mine blast climbs to 12") in said(text)


def test_name_of_the_site_is_no_source(said):
    assert said("Toll of the mine blast climbs to 12 - Daily News\nRescuers found three more bodies on Monday.") == []


def test_interview_with_unquoted_answers(said):
    text = (
        "The mayor, Otilia Cuc, spoke to us in the hall. The conversation has been shortened.\n"
        "How many are dead?\nOfficially, 38. I know of more.\n"
        "Where are the others?\nIn the school and in the church.\n"
        "Will they return?\nSome have gone back already."
    )
    assert ("Otilia Cuc", None, "In the school and in the church.") in said(text)
    assert len(said(text)) == 3


def test_second_half_of_a_quotation_behind_other_words(said):
    found = said('"I love the lake," Ana Ruiz said, pointing at the shore, "but the fish are gone."')
    assert ("Ana Ruiz", None, '"but the fish are gone."') in found


def test_dateline_is_no_content(said):
    found = said("LA PAZ, Aug 24 (EFN).- At least 26 people died when a bus left the road, police said.")
    assert found == [("police", "said", "At least 26 people died when a bus left the road")]
