"""Bins, error and a fitted table of confidences; judged claims of one article."""

from __future__ import annotations

import pytest

from kg.evaluate.calibration import bins, error, fitted, judged_reports, judged_statements, report_row, statement_row
from kg.evaluate.readings import Reader, read_all
from kg.readers import article

TEXT = "Twelve people were killed in Aleppo on Monday, Ada Lind said."


def test_a_table_that_tells_the_truth_has_no_error() -> None:
    honest = [(0.8, True)] * 8 + [(0.8, False)] * 2 + [(0.3, True)] * 3 + [(0.3, False)] * 7
    assert error(honest) == pytest.approx(0.0)
    assert [(n, round(right, 2)) for _, _, n, _, right in bins(honest)] == [(10, 0.3), (10, 0.8)]


def test_boasting_is_an_error() -> None:
    assert error([(0.95, False)] * 10) == pytest.approx(0.95)
    assert error([]) == 0.0


def test_a_fitted_table_rises_and_pools_what_falls() -> None:
    judged = [(0.5, n < 5) for n in range(20)] + [(0.7, n < 18) for n in range(20)] + [(0.9, n < 14) for n in range(20)]
    assert fitted(judged) == [(0.5, 0.25), (0.8, 0.8)]


def test_a_fitted_table_rests_on_enough_claims() -> None:
    assert fitted([(0.2, False), (0.9, True)]) == [(0.55, 0.5)]


def test_claims_are_judged_by_the_gold() -> None:
    (read,) = read_all(Reader("en_newsclaims", "https://w3id.org/newsclaims/"), [article(TEXT, id="a")])
    (said,), (told,) = read.reading.statements, read.reading.reports
    gold = {"statements": [{"id": "s1", **statement_row(said)}], "reports": [{"id": "r1", **report_row(told)}]}
    assert list(judged_statements(gold, read)) == [(said.confidence, True)]
    assert list(judged_reports(gold, read.reading)) == [(told.confidence, True)]
    wrong = {
        "statements": [{**gold["statements"][0], "source": "Bo Ek"}],
        "reports": [{**gold["reports"][0], "status": "denied"}],
    }
    assert list(judged_statements(wrong, read)) == [(said.confidence, False)]
    assert list(judged_reports(wrong, read.reading)) == [(told.confidence, False)]
