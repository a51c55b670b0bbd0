"""Lexicons: what is shipped loads, and faults are told with file, line and the nearest known name."""

import pytest

from kg.errors import LexiconError
from kg.lexicon import event_lexicon, events, people

GOOD = """
event = "strike"
class = "Casualty"
measures = ["killed"]
[[trigger]]
measure = "killed"
lemmas = ["bomb"]
frame = "transitive"
"""


def test_shipped_lexicons_load():
    assert {"evacuation", "casualty"} <= {e.event for e in events()}
    assert people().counts["rebel"] == "fighters"
    assert not set(people().measures) & {"people", "person", "civilian"}


def test_a_lexicon_is_read(tmp_path):
    path = tmp_path / "strike.toml"
    path.write_text(GOOD)
    lexicon = event_lexicon(path)
    assert (lexicon.event, lexicon.cls, lexicon.default_measure) == ("strike", "Casualty", "killed")


@pytest.mark.parametrize(
    ("old", "new", "line", "hint"),
    [
        ('measure = "killed"', 'measure = "kiled"', ":6", "did you mean 'killed'?"),
        ('class = "Casualty"', 'class = "Casulty"', ":3", "did you mean 'Casualty'?"),
        ('measures = ["killed"]', 'measures = ["kiled"]', ":4", "did you mean 'killed'?"),
        ('frame = "transitive"', 'frame = "transitve"', ":8", "did you mean 'transitive'?"),
        ("lemmas =", "lemas =", ":7", "did you mean 'lemmas'?"),
    ],
)
def test_faults_name_line_and_nearest(tmp_path, old, new, line, hint):
    path = tmp_path / "strike.toml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(LexiconError) as raised:
        event_lexicon(path)
    assert f"strike.toml{line}" in str(raised.value)
    assert hint in str(raised.value)


def test_broken_toml_is_told(tmp_path):
    path = tmp_path / "strike.toml"
    path.write_text("event = \n")
    with pytest.raises(LexiconError, match="TOML expected"):
        event_lexicon(path)
