"""Scores of predictions against gold records: attachment, words, relations, names, sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.train.records import NAME_TYPES, Record, Span, spans_of_tags

RELATIONS = (
    "nsubj",
    "nsubj:pass",
    "obj",
    "obl",
    "ccomp",
    "xcomp",
    "conj",
    "appos",
    "parataxis",
    "advcl",
    "acl:relcl",
    "nmod",
)


@dataclass(frozen=True)
class Parsed:
    """What was predicted for one gold sentence, token by token; heads count from 1, 0 is the root."""

    heads: Sequence[int]
    labels: Sequence[str]
    upos: Sequence[str]
    xpos: Sequence[str]
    feats: Sequence[str]
    lemmas: Sequence[str]
    names: Sequence[Span]


@dataclass
class Tally:
    """Counts behind an F score."""

    right: int = 0
    gold: int = 0
    found: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Both counts together."""
        return Tally(self.right + other.right, self.gold + other.gold, self.found + other.found)

    @property
    def f(self) -> float:
        """F1 in per cent."""
        return round(200 * self.right / max(1, self.gold + self.found), 2)


@dataclass
class Score:
    """Sums over sentences; `figures` turns them into per cent."""

    tokens: Counter[str] = field(default_factory=Counter)
    relations: dict[str, Tally] = field(default_factory=dict)
    names: dict[str, Tally] = field(default_factory=dict)

    def add(self, gold: Record, parsed: Parsed) -> None:
        """Count one sentence."""
        if gold.heads is not None:
            self._add_tree(gold, parsed)
        if gold.names is not None:
            self._add_names(gold.names, parsed.names)

    def _add_tree(self, gold: Record, parsed: Parsed) -> None:
        layers = (gold.heads, gold.labels, gold.upos, gold.xpos, gold.feats, gold.lemmas)
        for i, (head, label, upos, xpos, feats, lemma) in enumerate(zip(*layers, strict=True)):  # type: ignore[arg-type]
            attached = parsed.heads[i] == head
            same = attached and parsed.labels[i] == label
            self.tokens["all"] += 1
            self.tokens["UAS"] += attached
            self.tokens["LAS"] += same
            self.tokens["UPOS"] += parsed.upos[i] == upos
            self.tokens["XPOS"] += parsed.xpos[i] == xpos
            self.tokens["FEATS"] += parsed.feats[i] == feats
            right = parsed.lemmas[i].lower() == lemma.lower()
            self.tokens["LEMMA"] += right
            if upos == "VERB":
                self.tokens["verbs"] += 1
                self.tokens["VERB-LEMMA"] += right
            self.relations.setdefault(label, Tally()).gold += 1
            found = self.relations.setdefault(parsed.labels[i], Tally())
            found.found += 1
            found.right += same

    def _add_names(self, tags: Sequence[str | None], found: Iterable[Span]) -> None:
        gold = set(spans_of_tags(tags))
        judged = {s for s in found if None not in tags[s[0] : s[1]]}
        for kind in NAME_TYPES:
            tally = self.names.setdefault(kind, Tally())
            wanted = {s for s in gold if s[2] == kind}
            got = {s for s in judged if s[2] == kind}
            tally.right += len(wanted & got)
            tally.gold += len(wanted)
            tally.found += len(got)

    def __add__(self, other: Score) -> Score:
        """Both scores together."""
        return Score(self.tokens + other.tokens, added(self.relations, other.relations), added(self.names, other.names))

    def figures(self) -> dict[str, float]:
        """Per cent by measure; NER is over PERSON, ORG and LOC."""
        n = max(1, self.tokens["all"])
        out = {k: round(100 * self.tokens[k] / n, 2) for k in ("LAS", "UAS", "UPOS", "XPOS", "FEATS", "LEMMA")}
        out["VERB-LEMMA"] = round(100 * self.tokens["VERB-LEMMA"] / max(1, self.tokens["verbs"]), 2)
        out |= {f"rel {k}": self.relations[k].f for k in RELATIONS if k in self.relations}
        total = Tally()
        for kind, tally in self.names.items():
            out[f"NER {kind}"] = tally.f
            if kind != "NORP":
                total = total + tally
        return out | {"NER": total.f}


def added(one: Mapping[str, Tally], two: Mapping[str, Tally]) -> dict[str, Tally]:
    """Counts of two sets together."""
    return {k: one.get(k, Tally()) + two.get(k, Tally()) for k in dict.fromkeys([*one, *two])}
