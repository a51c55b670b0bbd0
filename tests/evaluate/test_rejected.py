"""Figures beside a trigger that became no claim."""

from __future__ import annotations

from kg.evaluate.readings import Reader, read_all
from kg.evaluate.rejected import candidates
from kg.readers import article

TEXT = (
    "Twelve people were killed in Aleppo on Monday. "
    "Some 40 doctors watched from the hill as villagers fled the town.\n\n"
    "About 70 members of parliament met in May."
)


def test_figures_beside_a_trigger() -> None:
    (read,) = read_all(Reader("en_newsclaims", "https://w3id.org/newsclaims/"), [article(TEXT, id="a")])
    (found,) = candidates(read)
    assert found.figure.of(TEXT) == "Some 40 doctors" and found.trigger.of(TEXT) == "fled" and found.reason
