"""Base forms of regular English inflections: -ed, -ing, -s. For words that no lexicon has seen."""

from __future__ import annotations

import re
from collections.abc import Container

TAGS = frozenset({"VBD", "VBN", "VBG", "VBZ", "NNS"})
_VOWELS = "aeiouy"
_KEEPS_DOUBLE = re.compile(r"(ll|ss|zz|ff)$")
# stems that lost an "e" before -ed and -ing: after these endings, or a stressed vowel and one consonant
_LOST_E = re.compile(
    r"([cvzu]|[^s]s|[^n]g|rg|dg|[^aeiou]l|ang|[aeiou]th|[^aeo]at|[^aeiou]it[aeiou]t|[^eaiou]ut|[^aeo]i[rbdknmlp]|"
    r"[^aeiou][au]r|[^aeou]in|[^aeiou][aou][kdbnlmp]|lor|tor|nor|hor|[^aeiou]ot)$"
)
_PLAIN = re.compile(
    r"(limit|visit|edit|open|offer|er|on|en|et|el|op|or|om|ow|aw|ew|ix|ax|ox|it|ul|al|il|im|ip|up|ap|od|an)$"
)


def regular_base(form: str, tag: str, known: Container[str]) -> str | None:
    """The base of a regularly inflected `form` with Penn tag `tag`, or None if the form is not regular.

    `known` holds base forms; where several bases would fit, a known one wins, else spelling decides.
    """
    word = form.lower()
    if tag not in TAGS or not word.isalpha() or len(word) < 4:
        return None
    if tag in ("VBZ", "NNS"):
        return _without_s(word, known) if word.endswith("s") and not word.endswith("ss") else None
    ending = "ing" if tag == "VBG" else "ed"
    if not word.endswith(ending) or not any(v in word[: -len(ending)] for v in _VOWELS):
        return None
    return _stem(word[: -len(ending)], ending, known)


def _without_s(word: str, known: Container[str]) -> str:
    candidates = [word[:-1]]
    if word.endswith("ies") and len(word) > 4:
        candidates.insert(0, word[:-3] + "y")
    elif re.search(r"(ss|x|ch|sh|[^e]o|zz)es$", word):
        candidates.insert(0, word[:-2])
    elif word.endswith("ves"):
        candidates += [word[:-3] + "f", word[:-3] + "fe"]
    elif word.endswith("es"):
        candidates.append(word[:-2])
    return next((c for c in candidates if c in known), candidates[0])


def _stem(stem: str, ending: str, known: Container[str]) -> str:
    if ending == "ed" and stem.endswith("i") and len(stem) > 2:
        return stem[:-1] + "y"
    doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS
    candidates = [stem[:-1], stem, stem + "e"] if doubled else [stem + "e", stem]
    found = next((c for c in candidates if c in known), None)
    if found:
        return found
    if doubled:
        return stem if _KEEPS_DOUBLE.search(stem) else stem[:-1]
    syllables = len(re.findall(r"[aeiouy]+", stem))
    if syllables > 1 and _PLAIN.search(stem):
        return stem
    return stem + "e" if _LOST_E.search(stem) else stem
