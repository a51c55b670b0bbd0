"""From corpora to records."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.train import gum, name_corpora
from kg.train.conllu import Row, read_trees, space_before
from kg.train.names import Gazetteer, is_people, places_of, settle
from kg.train.records import Record, read_records, spans_of_tags, tags_of_spans, write_records

SAMPLE = """# newdoc id = d1
# newpar
# sent_id = d1-1
# text = They don't know.
1	They	they	PRON	PRP	Case=Nom	4	nsubj	_	_
2-3	don't	_	_	_	_	_	_	_	_
2	do	do	AUX	VBP	_	4	aux	_	_
3	n't	not	PART	RB	_	4	advmod	_	_
4	know	know	VERB	VB	VerbForm=Inf	0	root	_	SpaceAfter=No
4.1	ghost	ghost	X	X	_	_	_	4:dep	_
5	.	.	PUNCT	.	_	4	punct	_	_

# newpar
# sent_id = d1-2
1	Yes	yes	INTJ	UH	_	0	root	_	_

"""


def test_trees_are_read_with_spaces_and_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(SAMPLE, encoding="utf8")
    first, second = read_trees(path)
    assert [r.form for r in first.rows] == ["They", "do", "n't", "know", "."]
    assert space_before(first.rows) == (True, True, False, True, False)
    assert (first.doc, second.sent_id) == ("d1", "d1-2")
    assert first.paragraph != second.paragraph


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="CoNLL-U"):
        list(read_trees(tmp_path / "none.conllu"))


def _row(form: str, upos: str = "PROPN", xpos: str = "NNP", head: int = 0, label: str = "root", misc: str = "_") -> Row:
    return Row(form, form, upos, xpos, "", head, label, misc, True)


def test_gum_names_are_headed_by_proper_nouns() -> None:
    rows = (
        _row("President", head=2, label="compound", misc="Entity=(1-person-new-nn-cf1-2-sgl"),
        _row("Assad", misc="Entity=1)"),
        _row("met", "VERB", "VBD", 0),
        _row("the", "DET", "DT", 5, misc="Entity=(2-person-new-nn-cf2-2-sgl"),
        _row("rebels", "NOUN", "NNS", 3, misc="Entity=2)"),
        _row("Syrian", "ADJ", "JJ", 3, "amod"),
    )
    spans, unsure = gum.names(rows)
    assert spans == [(0, 2, "PERSON"), (5, 6, "NORP")]
    assert unsure == []
    assert settle([r.form for r in rows], spans, Gazetteer(frozenset())) == [(1, 2, "PERSON"), (5, 6, "NORP")]


def test_uner_names_follow_characters() -> None:
    rows = (_row("al-Zaman"), _row("said", "VERB", "VBD"), _row("Iraqis", "PROPN", "NNPS"), _row("Qaim"))
    tagged = [("al", "B-ORG"), ("-", "I-ORG"), ("Zaman", "I-ORG"), ("said", "O"), ("Iraqis", "B-OTH"), ("Qaim", "B-O")]
    assert name_corpora.uner_names(rows, tagged) == ([(0, 1, "ORG"), (2, 3, "NORP")], [3])
    assert name_corpora.uner_names(rows, tagged[1:]) is None


def test_re3d_keeps_names_and_judges_no_other_capitals() -> None:
    words = "The rebels in the city of Mosul met Foreign Minister Sergei Lavrov and Smith".split()
    starts = [sum(len(w) + 1 for w in words[:i]) for i in range(len(words))]

    def entity(first: int, last: int, kind: str) -> dict[str, object]:
        return {"begin": starts[first], "end": starts[last] + len(words[last]), "type": kind}

    entities = [entity(0, 1, "Organisation"), entity(3, 6, "Location"), entity(8, 11, "Person")]
    spans, unjudged = name_corpora.re3d_names(words, starts, entities)
    assert spans == [(6, 7, "LOC"), (10, 12, "PERSON")]
    assert words.index("Smith") in unjudged


def test_one_convention_for_names() -> None:
    words = "Huntsville , Alabama and Turkey ; the Red Cross 's".split()
    raw = [(0, 3, "LOC"), (4, 5, "ORG"), (7, 10, "ORG")]
    places = places_of([("Turkey", "LOC")])
    assert settle(words, raw, places) == [(0, 1, "LOC"), (2, 3, "LOC"), (4, 5, "LOC"), (7, 9, "ORG")]


@pytest.mark.parametrize(("word", "people"), [("Iraqi", True), ("Kurds", True), ("Lebanese", True), ("Aleppo", False)])
def test_peoples(word: str, people: bool) -> None:
    assert is_people([word]) is people


def test_records_survive_writing(tmp_path: Path) -> None:
    record = Record("ewt", "d", 1, ("Aleppo", "fell"), (True, True), names=("B-LOC", None))
    path = tmp_path / "r.jsonl"
    assert write_records(path, [record]) == 1
    assert list(read_records(path)) == [record]


def test_tags_and_spans_are_inverse() -> None:
    spans = [(0, 2, "ORG"), (2, 3, "LOC"), (4, 5, "LOC")]
    assert spans_of_tags(tags_of_spans(6, spans)) == spans
    assert tags_of_spans(2, [], unjudged=[1]) == ("O", None)
