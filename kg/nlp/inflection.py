"""Regular English inflection, so that word lists match whatever lemma a model gives a rare verb."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

VOWELS = frozenset("aeiou")


def verb_forms(lemma: str, irregular: Mapping[str, list[str]]) -> frozenset[str]:
    """All forms of a verb. Forms with and without a doubled consonant are both given; one of them is no word."""
    if lemma in irregular:
        return frozenset([lemma, _s_form(lemma), _ing(lemma), *irregular[lemma]])
    past = {lemma + "d"} if lemma.endswith("e") else {lemma + "ed"}
    forms = {lemma, _s_form(lemma), _ing(lemma)}
    if lemma.endswith("y") and lemma[-2] not in VOWELS:
        past = {lemma[:-1] + "ied"}
    elif lemma[-1] not in "aeiouwxy":
        past.add(lemma + lemma[-1] + "ed")
        forms.add(lemma + lemma[-1] + "ing")
    return frozenset(forms | past)


def _s_form(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2] not in VOWELS:
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _ing(lemma: str) -> str:
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    return (lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma) + "ing"


@lru_cache(maxsize=10_000)
def singulars(form: str) -> tuple[str, ...]:
    """What a noun's lower-case form may be the plural of, the form itself first."""
    found = [form]
    if form.endswith("ies"):
        found.append(form[:-3] + "y")
    if form.endswith("es"):
        found.append(form[:-2])
    if form.endswith("s") and not form.endswith("ss"):
        found.append(form[:-1])
    if form.endswith("men"):
        found.append(form[:-2] + "an")
    return tuple({"children": "child", "people": "people"}.get(f, f) for f in found)
