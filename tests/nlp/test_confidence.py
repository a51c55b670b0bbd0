"""The table from ratings to confidences."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kg.errors import LexiconError
from kg.nlp.confidence import between, confidence, points, rating


def test_straight_between_points_and_level_outside() -> None:
    table = [(0.2, 0.1), (0.6, 0.5), (1.0, 0.9)]
    assert [round(between(table, x), 3) for x in (0.0, 0.2, 0.4, 0.6, 0.8, 1.2)] == [0.1, 0.1, 0.3, 0.5, 0.7, 0.9]


@pytest.mark.parametrize("kind", ["statement", "report"])
def test_a_better_rating_is_a_higher_confidence(kind: str) -> None:
    first, last = points(kind)[0][0], points(kind)[-1][0]
    found = [confidence(kind, first + (last - first) * n / 20) for n in range(21)]
    assert all(a < b for a, b in itertools.pairwise(found)) and found[0] >= 0 and found[-1] <= 1


@pytest.mark.parametrize("kind", ["statement", "report"])
def test_ratings_come_back(kind: str) -> None:
    middle = (points(kind)[0][0] + points(kind)[-1][0]) / 2
    assert rating(kind, confidence(kind, middle)) == pytest.approx(middle, abs=0.005)


@pytest.mark.parametrize(
    "text", ["[report]\npoints = [[0.1, 0.5], [0.9, 0.4]]", "[other]\npoints = [[0, 0]]", "[report]\npoints = [[0, 2]]"]
)
def test_tables_that_make_no_sense(text: str, tmp_path: Path) -> None:
    file = tmp_path / "confidence.toml"
    file.write_text(text)
    with pytest.raises(LexiconError, match="expected"):
        points("report", file)
