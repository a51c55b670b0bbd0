"""Sentences written another way with their trees: cues moved behind the content, numbers made vague."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.train.records import Record, spans_of_tags

SPEECH = frozenset(
    "say tell add announce report warn state declare explain insist claim argue note confirm write".split()
)
LAYERS = ("labels", "upos", "xpos", "feats", "lemmas")


@dataclass(frozen=True)
class New:
    """A word to put in: its layers and its head, an old word number from 1 or another `New`."""

    word: str
    head: int | New
    label: str
    upos: str
    xpos: str
    feats: str = ""
    space: bool = True
    name: str = "O"


Item = int | New  # an old word number (from 1) or a new word


def rebuild(record: Record, items: Sequence[Item]) -> Record:
    """The record with its words in the order of `items`; old words left out must head none that stay."""
    place = {item if isinstance(item, int) else id(item): n for n, item in enumerate(items, start=1)}
    place[0] = 0
    heads = record.heads or ()
    tags = record.names

    def row(item: Item) -> dict[str, Any]:
        if isinstance(item, New):
            head = place[item.head if isinstance(item.head, int) else id(item.head)]
            made = {"labels": item.label, "upos": item.upos, "xpos": item.xpos, "feats": item.feats}
            return {
                **made,
                "words": item.word,
                "lemmas": _lemma(item),
                "heads": head,
                "space_before": item.space,
                "names": item.name,
            }
        i = item - 1
        old = {layer: getattr(record, layer)[i] for layer in ("words", "space_before", *LAYERS)}
        return {**old, "heads": place[heads[i]], "names": tags[i] if tags else "O"}

    rows = [row(item) for item in items]
    fields: dict[str, Any] = {k: tuple(r[k] for r in rows) for k in ("words", "space_before", "heads", *LAYERS)}
    fields["names"] = tuple(r["names"] for r in rows) if tags else None
    return replace(record, **fields)


def _lemma(item: New) -> str:
    if item.upos != "PROPN":
        return item.word.lower()
    return item.word.title() if len(item.word) > 4 else item.word


def subtree(record: Record, root: int) -> list[int]:
    """Numbers (from 1) of a word and all below it, in order."""
    below = {root}
    grew = True
    while grew:
        more = {i for i, h in enumerate(record.heads or (), start=1) if h in below} - below
        below |= more
        grew = bool(more)
    return sorted(below)


# a number's companions as the treebanks annotate them: (word, label, upos, xpos, feats); the first
# hangs on the number, the others on the first
_VAGUE: tuple[tuple[tuple[str, str, str, str, str], ...], ...] = (
    (("nearly", "advmod", "ADV", "RB", ""),),
    (("almost", "advmod", "ADV", "RB", ""),),
    (("about", "advmod", "ADV", "RB", ""),),
    (("around", "advmod", "ADV", "RB", ""),),
    (("roughly", "advmod", "ADV", "RB", ""),),
    (("approximately", "advmod", "ADV", "RB", ""),),
    (("over", "advmod", "ADV", "RB", ""),),
    (("some", "advmod", "ADV", "RB", ""),),
    (("more", "advmod", "ADJ", "JJR", "Degree=Cmp"), ("than", "fixed", "ADP", "IN", "")),
    (("fewer", "advmod", "ADJ", "JJR", "Degree=Cmp"), ("than", "fixed", "ADP", "IN", "")),
    (("up", "advmod", "ADP", "IN", "ExtPos=ADV"), ("to", "fixed", "ADP", "IN", "")),
    (("close", "advmod", "ADV", "RB", "ExtPos=ADV"), ("to", "fixed", "ADP", "IN", "")),
    (
        ("as", "advmod", "ADV", "RB", "ExtPos=ADV"),
        ("many", "fixed", "ADJ", "JJ", "Degree=Pos"),
        ("as", "fixed", "ADP", "IN", ""),
    ),
)


def make_vague(record: Record, dice: random.Random) -> Record:
    """Put "nearly", "close to", "as many as" … before a bare number that counts something."""
    upos, labels, heads = record.upos or (), record.labels or (), record.heads or ()
    bare = [
        i
        for i, tag in enumerate(upos, start=1)
        if tag == "NUM"
        and labels[i - 1] == "nummod"
        and heads[i - 1] > i
        and i not in heads
        and (
            i == 1
            or (
                upos[i - 2] in ("VERB", "ADP", "AUX", "PUNCT", "SCONJ", "CCONJ")
                and record.words[i - 2] not in ("$", "to", "-")
            )
        )
    ]
    if not bare:
        return record
    number = dice.choice(bare)
    rows = dice.choice(_VAGUE)
    first = rows[0]
    made = [New(first[0], number, *first[1:])]
    made += [New(word, made[0], *rest) for word, *rest in rows[1:]]  # type: ignore[arg-type]
    if number == 1:
        made[0] = replace(made[0], word=made[0].word.title())
        made[1:] = [replace(m, head=made[0]) for m in made[1:]]
    items: list[Item] = [*range(1, number), *made, *range(number, len(record.words) + 1)]
    return rebuild(record, items)


def move_cue(record: Record, dice: random.Random) -> Record:
    """ "X said (that) Y." becomes "Y, X said." or "Y, said X.", with quotation marks now and then."""
    labels, heads, words = record.labels or (), record.heads or (), record.words
    root = next((i for i, h in enumerate(heads, start=1) if h == 0), 0)
    if not root or (record.lemmas or ())[root - 1] not in SPEECH or words[-1] != ".":
        return record
    children = [i for i, h in enumerate(heads, start=1) if h == root]
    content = [i for i in children if labels[i - 1] == "ccomp" and i > root]
    subject = [i for i in children if labels[i - 1] == "nsubj" and i < root]
    others = [i for i in children if i not in content + subject and i != len(words)]
    if len(content) != 1 or len(subject) != 1:
        return record
    if any(labels[i - 1] not in ("obl", "advmod", "obl:unmarked") or i < root for i in others):
        return record
    body = subtree(record, content[0])
    if body != list(range(body[0], len(words))) or any(w in '"“”``' for w in words[body[0] - 1 :]):
        return record
    that = {
        i for i in body if labels[i - 1] == "mark" and heads[i - 1] == content[0] and words[i - 1].lower() == "that"
    }
    body = [i for i in body if i not in that]
    if not 3 <= len(body) <= 60:
        return record
    return rebuild(record, _moved(record, dice, root, subject[0], content[0], body))


def _moved(record: Record, dice: random.Random, root: int, subject: int, content: int, body: list[int]) -> list[Item]:
    who = subtree(record, subject)
    rest = [i for i in range(1, len(record.words)) if i not in body and i not in who and i != root]
    rest = [i for i in rest if i > root and record.words[i - 1].lower() != "that"]
    inverted = dice.random() < 0.4 and (record.upos or ())[subject - 1] != "PRON"
    cue: list[Item] = [root, *who, *rest] if inverted else [*who, root, *rest]
    comma = New(",", content, "punct", "PUNCT", ",", space=False)
    if dice.random() < 0.5:
        opening = New('"', content, "punct", "PUNCT", "``")
        closing = New('"', content, "punct", "PUNCT", "''", space=False)
        return [opening, *body, comma, closing, *cue, len(record.words)]
    return [*body, comma, *cue, len(record.words)]


AGENCIES = ("Reuters", "AP", "AFP", "UPI", "Xinhua", "IRIN", "TASS", "dpa", "Anadolu", "BBC")


def add_dateline(record: Record, pool: Pool, dice: random.Random) -> Record:
    """Put "CITY, Country (Agency) -" before a sentence; the sentence keeps its root."""
    root = next((i for i, h in enumerate(record.heads or (), start=1) if h == 0), 0)
    if not root or (record.upos or ())[root - 1] not in ("VERB", "NOUN", "ADJ") or len(record.words) < 6:
        return record
    capitals = dice.random() < 0.6
    city = _names(dice.choice(pool["LOC", dice.choice((1, 1, 1, 2))]), root, "parataxis", "LOC", capitals)
    head = city[0]
    items: list[Item] = [*city]
    if dice.random() < 0.5:
        country = _names(dice.choice(pool["LOC", 1]), head, "appos", "LOC", False)
        items += [New(",", country[0], "punct", "PUNCT", ",", space=False), *country]
    if dice.random() < 0.8:
        agency = New(dice.choice(AGENCIES), head, "list", "PROPN", "NNP", "Number=Sing", False, "B-ORG")
        opening = New("(", agency, "punct", "PUNCT", "-LRB-")
        items += [opening, agency, New(")", agency, "punct", "PUNCT", "-RRB-", space=False)]
    items.append(New(dice.choice("-–—"), head, "punct", "PUNCT", ":"))
    return rebuild(record, [*items, *range(1, len(record.words) + 1)])


def _names(words: Sequence[str], head: int | New, label: str, kind: str, capitals: bool) -> list[New]:
    made: list[New] = []
    for word in words:
        spelt = word.upper() if capitals else word
        part = ("flat", made[0], f"I-{kind}") if made else (label, head, f"B-{kind}")
        made.append(New(spelt, part[1], part[0], "PROPN", "NNP", "Number=Sing", True, part[2]))
    return made


Pool = Mapping[tuple[str, int], Sequence[tuple[str, ...]]]  # (type, number of words) -> names


def pool_of(records: Iterable[Record]) -> Pool:
    """The capitalised names of all records, by type and length."""
    found: dict[tuple[str, int], list[tuple[str, ...]]] = {}
    for record in records:
        for start, end, kind in spans_of_tags(record.names or ()):
            words = record.words[start:end]
            if words[0][:1].isupper() and kind != "NORP":
                found.setdefault((kind, end - start), []).append(words)
    return found


def swap_name(record: Record, pool: Pool, dice: random.Random) -> Record:
    """Put another name of the same type and length in the place of one name."""
    spans = [s for s in spans_of_tags(record.names or ()) if (s[2], s[1] - s[0]) in pool]
    if not spans:
        return record
    start, end, kind = dice.choice(spans)
    if not record.words[start][:1].isupper():
        return record
    words = dice.choice(pool[kind, end - start])
    fields: dict[str, Any] = {"words": (*record.words[:start], *words, *record.words[end:])}
    if record.lemmas:
        fields["lemmas"] = (*record.lemmas[:start], *words, *record.lemmas[end:])
    return replace(record, **fields)


def varied(record: Record, pool: Pool, dice: random.Random, swapped: float) -> Record:
    """The record, now and then with another name, a moved cue or a vague number."""
    if dice.random() < swapped:
        record = swap_name(record, pool, dice)
    if record.heads is None:
        return record
    if dice.random() < 0.5:
        moved = move_cue(record, dice)
        if moved is not record:
            return _capitalised(moved)
    return make_vague(record, dice) if dice.random() < 0.25 else record


def _capitalised(record: Record) -> Record:
    """First letter of the sentence in capitals; a word that stood first and is no name in small letters."""
    words = list(record.words)
    at = 1 if words[0] == '"' else 0
    for i, word in enumerate(words[at + 1 :], start=at + 1):
        if word in ("The", "A", "An", "He", "She", "They", "It", "We", "His", "Her", "Their", "One", "Some"):
            words[i] = word.lower()
    words[at] = words[at][:1].upper() + words[at][1:]
    spaces = list(record.space_before)
    spaces[0] = True
    if at:
        spaces[1] = False
    return replace(record, words=tuple(words), space_before=tuple(spaces))
