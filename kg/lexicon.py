"""The event lexicons: how each type of event appears in text. Data in `ontology/lexicons/*.toml`.

A file with a top-level `event` is an event lexicon; others hold word lists for the extractors.
Every fault is a LexiconError that names file and line, what was expected and the nearest known name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process

from kg.errors import LexiconError
from kg.ontology import codes, event_classes
from kg.settings import resource

FRAMES = (
    "transitive", "either", "self", "noun", "person", "state", "given", "object", "complement", "toll", "noun-of",
    "state-of", "mention", "inside", "borne", "act", "undergo", "sought",
)  # fmt: skip
NEEDS = ("people", "way", "origin", "figure")
_KEYS = (
    "measure", "lemmas", "frame", "strong", "needs", "particle", "object", "of", "place", "to", "complements",
    "examples", "negated", "object_name", "status_needs", "otherwise", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that name an event, and where its participants stand."""

    event: str
    measure: str
    lemmas: frozenset[str]
    frame: str
    strong: frozenset[str]  # lemmas that name the event by themselves
    needs: frozenset[str] = frozenset()
    particle: frozenset[str] = frozenset()
    object: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()
    to: frozenset[str] = frozenset()
    complements: frozenset[str] = frozenset()
    status_needs: frozenset[str] = frozenset()
    negated: bool = False  # "did not survive": the words tell of the event only with their negation
    object_name: bool = False  # the object must be a named place: "reached Chad"
    otherwise: str | None = None  # measure when `status_needs` is not met
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventLexicon:
    """One event type: its class in the ontology, its measures, its triggers in file order."""

    event: str
    cls: str
    default_measure: str
    measures: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class People:
    """What head nouns count, and which nouns are measures of something else."""

    counts: Mapping[str, str]  # lemma -> what it counts
    measures: frozenset[str]


def read_toml(path: Path) -> dict[str, Any]:
    """The contents of a TOML file. Raises LexiconError with file and line if it does not parse."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"TOML expected, found a fault: {error}", where=str(path)) from error


def _fault(path: Path, text: str, found: str, expected: str, known: Iterable[str]) -> LexiconError:
    line = next((n for n, row in enumerate(text.splitlines(), 1) if found in row), 1)
    nearest = process.extractOne(found, list(known))
    hint = f"did you mean {nearest[0]!r}?" if nearest else None
    return LexiconError(f"{expected} expected, found {found!r}", where=f"{path}:{line}", hint=hint)


def event_lexicon(path: Path) -> EventLexicon:
    """Read and check one event lexicon. Raises LexiconError on the first fault."""
    data, text = read_toml(path), path.read_text(encoding="utf-8")
    for key in ("event", "class", "measures"):
        if key not in data:
            raise LexiconError(f"an event lexicon needs the key {key!r}", where=str(path))
    measures = tuple(data["measures"])
    classes = {c.value.partition("#")[2] for c in event_classes().values()}
    if data["class"] not in classes:
        raise _fault(path, text, data["class"], "a subclass of nc:Event", classes)
    for measure in measures:
        if measure not in codes("measure"):
            raise _fault(path, text, measure, "a measure of the ontology", codes("measure"))
    triggers = tuple(_trigger(entry, data["event"], measures, path, text) for entry in data.get("trigger", ()))
    if not triggers:
        raise LexiconError("an event lexicon needs at least one [[trigger]]", where=str(path))
    default = data.get("default_measure", measures[0])
    return EventLexicon(data["event"], data["class"], default, measures, triggers, path)


def _trigger(entry: Mapping[str, Any], event: str, measures: tuple[str, ...], path: Path, text: str) -> Trigger:
    for key in entry:
        if key not in _KEYS:
            raise _fault(path, text, key, "a key of a trigger", _KEYS)
    for key in ("measure", "lemmas", "frame"):
        if key not in entry:
            raise LexiconError(f"every [[trigger]] needs {key!r}, found {dict(entry)!r}", where=str(path))
    if entry["measure"] not in measures:
        raise _fault(path, text, entry["measure"], "a measure of this event", measures)
    if entry["frame"] not in FRAMES:
        raise _fault(path, text, entry["frame"], "a frame", FRAMES)
    for need in entry.get("needs", ()):
        if need not in NEEDS:
            raise _fault(path, text, need, "a need", NEEDS)
    strong = entry.get("strong", False)
    lemmas = frozenset(entry["lemmas"])
    word_sets = ("needs", "particle", "object", "of", "place", "to", "complements", "status_needs")
    return Trigger(
        event=event,
        measure=entry["measure"],
        lemmas=lemmas,
        frame=entry["frame"],
        strong=lemmas if strong is True else frozenset(strong or ()),
        otherwise=entry.get("otherwise"),
        object_name=bool(entry.get("object_name", False)),
        negated=bool(entry.get("negated", False)),
        examples=tuple(entry.get("examples", ())),
        **{key: frozenset(entry.get(key, ())) for key in word_sets},
    )


def lexicon_folder() -> Path:
    """Where the lexicons lie."""
    return resource("ontology") / "lexicons"


@cache
def events(folder: Path | None = None) -> tuple[EventLexicon, ...]:
    """All event lexicons of a folder, in the order of their file names."""
    paths = sorted((folder or lexicon_folder()).glob("*.toml"))
    return tuple(event_lexicon(p) for p in paths if "event" in read_toml(p))


@cache
def people(folder: Path | None = None) -> People:
    """The head nouns of counts of people."""
    data = read_toml((folder or lexicon_folder()) / "people.toml")
    counts: dict[str, str] = {}
    for name, entry in data["counts"].items():
        for word in entry["words"]:
            counts.setdefault(word, name)
    return People(counts, frozenset(data["measures"]["words"]))


@cache
def vocabulary(folder: Path | None = None) -> frozenset[str]:
    """Every word that some lexicon lists, in lower case."""
    found: set[str] = set()
    for path in sorted((folder or lexicon_folder()).glob("*.toml")):
        found.update(_strings(read_toml(path)))
    return frozenset(found)


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        if " " not in value:
            yield value.lower()
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


@cache
def irregular(folder: Path | None = None) -> Mapping[str, str]:
    """Irregular form -> lemma, from `forms.toml`."""
    data = read_toml((folder or lexicon_folder()) / "forms.toml")
    return {form: lemma for table in ("forms", "nouns") for lemma, forms in data[table].items() for form in forms}


@lru_cache(maxsize=20_000)
def base_form(word: str, lemma: str, noun: bool = False) -> str:
    """The lemma of a word as the lexicons list it: the model's `lemma` where listed, else by rule.

    "evacuated" with the lemma "evacuat" is "evacuate"; a word that no lexicon lists keeps its lemma.
    """
    known = vocabulary()
    if noun and word in irregular():
        return irregular()[word]
    if lemma in known:
        return lemma
    if word in irregular():
        return irregular()[word]
    for option in _stripped(word):
        if option in known:
            return option
    return word if word in known else lemma or word


def _stripped(word: str) -> Iterable[str]:
    for ending, restored in (
        ("ies", "y"),
        ("ied", "y"),
        ("es", ""),
        ("s", ""),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
    ):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word[: -len(ending)]
            yield stem + restored
            if ending in ("ed", "ing") and not restored and stem[-1] == stem[-2]:
                yield stem[:-1]
