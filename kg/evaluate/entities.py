"""Mentions of actors and places on re3d and UNER, and whether places are led to the right country on IDMC."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import InputError
from kg.evaluate.conventions import is_pronoun
from kg.evaluate.entity_gold import Marked, re3d, uner
from kg.evaluate.idmc import FILE, english
from kg.evaluate.readings import Read, Reader, read_all
from kg.evaluate.tables import Section, Tally, at_least, share
from kg.linking.states import state_named
from kg.readers import article
from kg.types import ActorKind, Article, Span

LEAST = 75.0
KINDS = ("actor", "place")
CLASSES = ("name", "common noun", "pronoun")
COUNTED = ("all", "names")
Table = dict[tuple[str, str, str], Tally]  # by kind, gold counted, match


def entities(reader: Reader, shared: Path) -> Section:
    """Precision, recall and F1 of mentions, exact and overlapping, on all gold and on gold that is names."""
    corpora = {
        "re3d": list(re3d(shared / "corpora" / "re3d")),
        "UNER dev": list(uner(shared / "corpora" / "uner-ewt" / "en_ewt-ud-dev.iob2")),
    }
    rows, checks, notes, differences = [], [], [], []
    for name, documents in corpora.items():
        table, gold, missed = _corpus(reader, documents)
        rows += [(name, *key, *t.cells()) for key, t in table.items() if key[1] == "names" or has_nominals(documents)]
        checks += [
            at_least(f"{name} {kind} mentions (names, overlap) F1", table[kind, "names", "overlap"].f1, LEAST)
            for kind in KINDS
        ]
        notes += [f"{name} gold of {kind}s: " + ", ".join(f"{gold[kind, c]} {c}s" for c in CLASSES) for kind in KINDS]
        differences += [f"{name} {line}" for line in missed]
    return Section(
        "Actor and place mentions",
        ("corpus", "kind", "gold counted", "match", "P", "R", "F1", "right", "gold", "found"),
        tuple(rows),
        (
            *notes,
            "re3d's texts are among those that the shipped model learned names from; UNER dev's are not",
            "a state is an actor and a place to us: where the gold has the place alone, the actor is set aside",
            "gold counted, names: what meets a pronoun or common noun of the gold is neither right nor wrong",
            *linked(reader, shared),
        ),
        tuple(checks),
        tuple(differences),
    )


def has_nominals(documents: Sequence[Marked]) -> bool:
    """True if the gold marks more than names."""
    return any(d.has_nominals for d in documents)


def _corpus(reader: Reader, documents: Sequence[Marked]) -> tuple[Table, Counter[tuple[str, str]], list[str]]:
    table: Table = {(k, g, m): Tally() for k in KINDS for g in COUNTED for m in ("exact", "overlap")}
    gold: Counter[tuple[str, str]] = Counter()
    lines: list[str] = []
    for document, read in _read(reader, documents):
        found = mentions(read)
        found["actor"] -= states_as_places(read, document)
        for kind in KINDS:
            marked = [_trimmed(document.text, s) for k, s in document.stretches if k == kind]
            classes = {s: class_of(s.of(document.text)) if document.has_nominals else "name" for s in marked}
            gold.update((kind, classes[s]) for s in dict.fromkeys(marked))
            for counted in COUNTED:
                wanted = {s for s in marked if counted == "all" or classes[s] == "name"}
                set_aside = set(marked) - wanted
                ours = {s for s in found[kind] if s in wanted or not any(s.overlaps(a) for a in set_aside)}
                for match, right in (("exact", _exact(wanted, ours)), ("overlap", _overlapping(wanted, ours))):
                    table[kind, counted, match] += Tally(right, len(wanted), len(ours))
                if counted == "names":
                    lines += list(_differences(document, kind, wanted, ours))
    return table, gold, lines


def _read(reader: Reader, documents: Sequence[Marked]) -> Iterator[tuple[Marked, Read]]:
    """The documents that our readers take for English articles, each as it was read."""
    taken: list[tuple[Marked, Article]] = []
    for document in documents:
        try:
            taken.append((document, article(document.text, id=document.id)))
        except InputError:
            continue
    return zip((d for d, _ in taken), read_all(reader, [a for _, a in taken]), strict=True)


def mentions(read: Read) -> dict[str, set[Span]]:
    """Where the reading has an actor or a place, by kind, without leading articles."""
    text = read.reading.article.text
    actors = {_trimmed(text, span) for actor in read.reading.actors for span in actor.mentions}
    places = {_trimmed(text, p.span) for p in read.reading.places if p.span is not None}
    return {"actor": actors, "place": places}


def states_as_places(read: Read, document: Marked) -> set[Span]:
    """Mentions of states that the gold marks as places and not as actors: to us a state is both."""
    marked = {k: [s for kind, s in document.stretches if kind == k] for k in KINDS}
    spans = [m for actor in read.reading.actors if actor.kind is ActorKind.STATE for m in actor.mentions]
    return {
        _trimmed(document.text, m)
        for m in spans
        if any(m.overlaps(p) for p in marked["place"]) and not any(m.overlaps(a) for a in marked["actor"])
    }


def _trimmed(text: str, span: Span) -> Span:
    """The stretch without a leading "the", "a" or "an"."""
    lead = re.match(r"(?:the|an?)\s+(?=\S)", text[span.start : span.end], re.IGNORECASE)
    return Span(span.start + lead.end(), span.end) if lead else span


def class_of(words: str) -> str:
    """ "pronoun", "name" (some word has a capital) or "common noun"."""
    if is_pronoun(words):
        return "pronoun"
    return "name" if any(w[:1].isupper() for w in words.split()) else "common noun"


def _exact(wanted: set[Span], found: set[Span]) -> int:
    return len(wanted & found)


def _overlapping(wanted: set[Span], found: set[Span]) -> int:
    """How many of the gold meet one of the found, each of which counts once."""
    free, right = sorted(found), 0
    for span in sorted(wanted):
        met = next((f for f in free if f.overlaps(span)), None)
        if met is not None:
            free.remove(met)
            right += 1
    return right


def _differences(document: Marked, kind: str, wanted: set[Span], found: set[Span]) -> Iterator[str]:
    for word, ones, others in (("missed", wanted, found), ("spurious", found, wanted)):
        for span in sorted(s for s in ones if not any(s.overlaps(o) for o in others)):
            around = document.text[max(0, span.start - 40) : span.end + 40]
            yield f"{document.id} {kind} {word}: {span.of(document.text)!r} in {' '.join(around.split())!r}"


def linked(reader: Reader, shared: Path) -> tuple[str, ...]:
    """How the places of IDMC's excerpts are linked: the share with an entry, and whether in the labelled country."""
    lines = (shared / "corpora" / "idmc-labelled" / FILE).read_text(encoding="utf-8").splitlines()
    chosen = list(english(map(json.loads, lines)))
    count: Counter[str] = Counter()
    for (label, _), read in zip(chosen, read_all(reader, [a for _, a in chosen]), strict=True):
        count.update(link_verdict(str(label["country"]).split(";")[0], read))
    return (
        f"places of IDMC excerpts: {count['linked']} of {count['places']} linked"
        f" ({share(count['linked'], count['places'])} %)",
        f"in the labelled country: {count['right']} of {count['countries']} linked places that have a country"
        f" ({share(count['right'], count['countries'])} %)",
    )


def link_verdict(country: str, read: Read) -> Counter[str]:
    """Counts of places, of linked ones, of those with a country where the label's is known, and of those in it."""
    state = state_named(country)
    count: Counter[str] = Counter()
    for place in read.reading.places:
        count["places"] += 1
        count["linked"] += place.gazetteer_id is not None
        if state is not None and place.country is not None:
            count["countries"] += 1
            count["right"] += place.country == state.iso
    return count
