"""The lemma lexicon: forms the treebanks have shown, and irregular verbs; the model's scripts serve the rest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from kg.nlp.lemmas import PROPER
from kg.train.records import Record

TRUSTED = 5  # sightings from which a treebank's lemma outweighs the list of irregular verbs (typos occur once or twice)
_LIST = Path(__file__).parent / "lists" / "irregular_verbs.txt"


def lexicon_of(records: Iterable[Record]) -> dict[str, dict[str, str]]:
    """Penn tag -> lower-cased form -> lemma. Proper names and rests of broken words are left out."""
    seen: dict[tuple[str, str], Counter[str]] = {}
    for record in records:
        rows = zip(record.words, record.xpos or (), record.lemmas or (), strict=False)
        for word, tag, lemma in rows:
            if tag not in PROPER:
                seen.setdefault((tag, word.lower()), Counter())[lemma] += 1
    lexicon: dict[str, dict[str, str]] = {}
    for tag, form, lemma in irregular_verbs():
        if seen.get((tag, form), Counter()).total() < TRUSTED:
            seen[tag, form] = Counter({lemma: TRUSTED})
    for (tag, form), lemmas in sorted(seen.items()):
        lexicon.setdefault(tag, {})[form] = min(lemmas, key=lambda m: (-lemmas[m], m))
    return lexicon


def irregular_verbs() -> Iterable[tuple[str, str, str]]:
    """(Penn tag, form, base) for the past and the participle of each listed verb."""
    for line in _LIST.read_text(encoding="utf8").splitlines():
        if line.startswith("#"):
            continue
        base, past, participle = line.split()
        for tag, forms in (("VBD", past), ("VBN", participle)):
            for form in forms.split("/"):
                yield tag, form, base


def write_lexicon(records: Iterable[Record], path: Path) -> None:
    """Write the lexicon as JSON."""
    text = json.dumps(lexicon_of(records), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf8")
