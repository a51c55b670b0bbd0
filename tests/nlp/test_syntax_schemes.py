"""The same questions, and the same claims, from Universal Dependencies and from ClearNLP trees."""

import pytest
import spacy
from spacy.tokens import Doc

from kg.nlp.reports import reports
from kg.nlp.syntax import agent, negated, objects, obliques, patients, subject

# word / tag / pos / lemma / UD head, UD label / ClearNLP head, ClearNLP label; heads are positions, 0-based
SENTENCES = {
    "passive": [
        ("Three", "CD", "NUM", "three", 1, "nummod", 1, "nummod"),
        ("people", "NNS", "NOUN", "people", 3, "nsubj:pass", 3, "nsubjpass"),
        ("were", "VBD", "AUX", "be", 3, "aux:pass", 3, "auxpass"),
        ("killed", "VBN", "VERB", "kill", 3, "ROOT", 3, "ROOT"),
        ("by", "IN", "ADP", "by", 5, "case", 3, "agent"),
        ("rebels", "NNS", "NOUN", "rebel", 3, "obl:agent", 4, "pobj"),
        (".", ".", "PUNCT", ".", 3, "punct", 3, "punct"),
    ],
    "active": [
        ("The", "DT", "DET", "the", 1, "det", 1, "det"),
        ("army", "NN", "NOUN", "army", 2, "nsubj", 2, "nsubj"),
        ("evacuated", "VBD", "VERB", "evacuate", 2, "ROOT", 2, "ROOT"),
        ("900", "CD", "NUM", "900", 4, "nummod", 4, "nummod"),
        ("civilians", "NNS", "NOUN", "civilian", 2, "obj", 2, "dobj"),
        ("from", "IN", "ADP", "from", 7, "case", 2, "prep"),
        ("coastal", "JJ", "ADJ", "coastal", 7, "amod", 7, "amod"),
        ("town", "NN", "NOUN", "town", 2, "obl", 5, "pobj"),
        (".", ".", "PUNCT", ".", 2, "punct", 2, "punct"),
    ],
    "copula": [
        ("Twelve", "CD", "NUM", "twelve", 1, "nummod", 1, "nummod"),
        ("hikers", "NNS", "NOUN", "hiker", 3, "nsubj", 2, "nsubj"),
        ("are", "VBP", "AUX", "be", 3, "cop", 2, "ROOT"),
        ("missing", "JJ", "ADJ", "missing", 3, "ROOT", 2, "acomp"),
        (".", ".", "PUNCT", ".", 3, "punct", 2, "punct"),
    ],
    "noun": [
        ("Floods", "NNS", "NOUN", "flood", 1, "nsubj", 1, "nsubj"),
        ("forced", "VBD", "VERB", "force", 1, "ROOT", 1, "ROOT"),
        ("the", "DT", "DET", "the", 3, "det", 3, "det"),
        ("evacuation", "NN", "NOUN", "evacuation", 1, "obj", 1, "dobj"),
        ("of", "IN", "ADP", "of", 6, "case", 3, "prep"),
        ("60", "CD", "NUM", "60", 6, "nummod", 6, "nummod"),
        ("families", "NNS", "NOUN", "family", 3, "nmod", 4, "pobj"),
        (".", ".", "PUNCT", ".", 1, "punct", 1, "punct"),
    ],
}


def tree(name, scheme):
    rows = SENTENCES[name]
    offset = 4 if scheme == "ud" else 6
    return Doc(
        spacy.blank("en").vocab,
        words=[r[0] for r in rows],
        spaces=[i + 2 != len(rows) for i, _ in enumerate(rows)],
        tags=[r[1] for r in rows],
        pos=[r[2] for r in rows],
        lemmas=[r[3] for r in rows],
        heads=[r[offset] for r in rows],
        deps=[r[offset + 1] for r in rows],
    )


def found(doc):
    return [
        (
            r.event,
            r.measure,
            r.status,
            r.figure and r.figure.text,
            r.counts,
            r.agent and r.agent.text,
            r.origin and r.origin.name,
        )
        for r in reports(doc)
    ]


EXPECTED = {
    "passive": ("casualty", "killed", "happened", "Three people", "people", "rebels", None),
    "active": ("evacuation", "evacuated", "happened", "900 civilians", "civilians", "army", "coastal town"),
    "copula": ("casualty", "missing", "happened", "Twelve hikers", "people", None, None),
    "noun": ("evacuation", "evacuated", "happened", "60 families", "households", None, None),
}


@pytest.mark.parametrize("name", SENTENCES)
@pytest.mark.parametrize("scheme", ["ud", "clearnlp"])
def test_same_claims(name, scheme):
    assert found(tree(name, scheme)) == [EXPECTED[name]]


@pytest.mark.parametrize("scheme", ["ud", "clearnlp"])
def test_questions(scheme):
    passive, active, copula = (tree(n, scheme) for n in ("passive", "active", "copula"))
    assert subject(passive[3]).text == "people"
    assert agent(passive[3]).text == "rebels"
    assert [p.text for p in patients(passive[3])] == ["people"]
    assert agent(active[2]).text == "army"
    assert [o.text for o in objects(active[2])] == ["civilians"]
    assert [(p, n.text) for p, n in obliques(active[2])] == [("from", "town")]
    assert subject(copula[3]).text == "hikers"
    assert not negated(passive[3])
