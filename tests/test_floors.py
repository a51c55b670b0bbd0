"""The quality gate: floors go up by a command and never down without a word."""

import pytest

from kg.errors import LexiconError
from kg.floors import MARGIN, Floor, floors, raised, text

ONE = Floor("seeds", "figure claim", 75.0, 75.0)


def test_shipped_floors_hold_together():
    known = floors()
    assert {f.group for f in known} == {"seeds", "others", "check", "written dev", "written held"}
    assert all(0 < f.at_least <= 100 for f in known)


def test_a_floor_is_raised_to_what_was_reached_less_the_margin():
    assert raised((ONE,), {("seeds", "figure claim"): 90.0}) == (
        Floor("seeds", "figure claim", 90 - MARGIN, 90 - MARGIN),
    )


def test_a_floor_is_never_lowered_by_the_command():
    assert raised((ONE,), {("seeds", "figure claim"): 40.0}) == (ONE,)
    assert raised((ONE,), {}) == (ONE,)


def test_text_and_back(tmp_path):
    file = tmp_path / "floors.toml"
    known = (ONE, Floor("check", "figure", 50.0, 60.0, "the gold was corrected"))
    file.write_text(text(known))
    assert floors(file) == known


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("at_least = 75", "at_least = 60", "say why it is lowered"),
        ('group = "seeds"', 'group = "sedes"', "a group"),
    ],
)
def test_faults(tmp_path, old, new, message):
    file = tmp_path / "floors.toml"
    file.write_text(text((ONE,)).replace(old, new))
    with pytest.raises(LexiconError, match=message):
        floors(file)
