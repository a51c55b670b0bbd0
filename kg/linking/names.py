"""Names made comparable: one folding for tables and for the words of articles."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(dict(zip("ıøłđðħə", "iolddha", strict=True)) | {"þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"})
_DROPPED = re.compile(r"[.'’‘ʿʾʻʼ`´]")
_GAPS = re.compile(r"[^\w&]+")
# Forms of the Arabic article that transliterations write in many ways (al-Raqqah, ar-Raqqa, Raqqa).
_ARTICLE = re.compile(r"^(?:al|el|ad|ar|as|at|an|ash|az|ed|er|es|esh|et|ez) ")


@lru_cache(maxsize=16_384)
def fold(name: str) -> str:
    """`name` in lower case without marks, dots, apostrophes, hyphens and "the"; "st" is "saint"; "" for no letters."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)
    plain = _GAPS.sub(" ", _DROPPED.sub("", plain)).strip()
    plain = plain.removeprefix("the ")
    return f"saint {plain[3:]}" if plain.startswith("st ") else plain


def loosened(key: str) -> tuple[str, ...]:
    """Weaker keys for a folded name, best first: without an Arabic article, final -ah as -a."""
    out: list[str] = []
    bare = _ARTICLE.sub("", key)
    if bare != key and len(bare) > 3:
        out.append(bare)
    for one in (key, bare):
        if one.endswith("ah") and len(one) > 4:
            out.append(one[:-1])
        elif one.endswith("a") and len(one) > 3:
            out.append(one + "h")
    return tuple(dict.fromkeys(k for k in out if k != key))
