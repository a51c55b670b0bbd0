"""Lemma scripts: how a word form becomes its lemma, small enough to be a class of the model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

KEEP = "K0|"


def script_of(form: str, lemma: str) -> str:
    """The script that turns `form` into `lemma`.

    `L2|y`: lower-case, drop two letters, add "y"; `K` keeps the case, `T` makes it a title;
    `=be`: the whole lemma, where form and lemma share no first letter.
    """
    for case, base in (("L", form.lower()), ("K", form), ("T", form.title())):
        same = _shared(base, lemma)
        if same:
            rest = lemma[same:]
            if rest == rest.lower() or case == "K":
                return f"{case}{len(base) - same}|{rest}"
    return f"={lemma}"


def _shared(one: str, two: str) -> int:
    count = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        count += 1
    return count


@lru_cache(maxsize=50_000)
def apply_script(script: str, form: str) -> str:
    """Apply a script to a form; a script that cuts more letters than there are leaves the lower-cased form."""
    if script.startswith("="):
        return script[1:]
    rule, _, ending = script.partition("|")
    base = {"L": form.lower(), "K": form, "T": form.title()}[rule[0]]
    cut = int(rule[1:])
    if cut >= len(base) and cut:
        return form.lower()
    return base[: len(base) - cut] + ending


# Penn tags whose lemmas are no matter of a lexicon: names, foreign words, addresses, parts of broken words
PROPER = frozenset({"NNP", "NNPS", "FW", "ADD", "GW", "AFX", "XX"})


def lemma_of(form: str, tag: str, script: str, lexicon: Mapping[str, Mapping[str, str]]) -> str:
    """The lemma of `form` with Penn tag `tag`: from the lexicon (tag -> form -> lemma), else by the script."""
    known = lexicon.get(tag, {}).get(form.lower()) if tag not in PROPER else None
    return apply_script(script, form) if known is None else known
