"""Lemma scripts: how a word form becomes its lemma, small enough to be a class of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.nlp.morph_rules import regular_base

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


@lru_cache(maxsize=20_000)
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


@dataclass(frozen=True)
class Lexicon:
    """Lemmas seen: Penn tag -> lower-cased form -> lemma; `verbs` are the base forms among them."""

    lemmas: Mapping[str, Mapping[str, str]]
    verbs: frozenset[str]
    nouns: frozenset[str]


def lexicon_from(lemmas: Mapping[str, Mapping[str, str]]) -> Lexicon:
    """A lexicon with its base forms collected."""
    verbs = frozenset(m for tag in ("VB", "VBP", "VBD", "VBN", "VBG", "VBZ") for m in lemmas.get(tag, {}).values())
    return Lexicon(lemmas, verbs, frozenset(lemmas.get("NN", {}).values()))


def lemma_of(form: str, tag: str, script: str, lexicon: Lexicon) -> str:
    """The lemma of `form` with Penn tag `tag`: from the lexicon, by rule if regular, else by the model's script."""
    if tag in PROPER:
        return apply_script(script, form)
    seen = lexicon.lemmas.get(tag, {}).get(form.lower())
    if seen is not None:
        return seen
    regular = regular_base(form, tag, lexicon.nouns if tag == "NNS" else lexicon.verbs)
    return apply_script(script, form) if regular is None else regular
