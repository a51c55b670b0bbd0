"""The cue lexicon: `ontology/lexicons/cues.toml` as a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import LexiconError
from kg.lexicon import read_toml
from kg.nlp.inflection import verb_forms
from kg.settings import resource
from kg.types import Status

WORD_LISTS = (
    "adverbs",
    "openers",
    "media",
    "mute",
    "anonymity",
    "claims",
    "measures",
    "shows",
    "retold",
    "polls",
    "naming",
)
FRAMES = frozenset(
    {
        "quote",
        "clause",
        "trailing",
        "noun",
        "infinitive",
        "as",
        "of",
        "quote_trailing",
        "passive_as",
        "citing",
        "owner_needed",
        "for",
        "gerund",
        "by",
        "claims",
        "hearer",
        "quoted",
        "counted",
    }
)


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the statement that is to be found in it."""

    text: str
    source: str
    cue: str
    content: str


@dataclass(frozen=True, slots=True)
class Verb:
    """How one reporting verb takes its content."""

    lemma: str
    particles: tuple[str, ...]  # words after the verb that belong to it: ("point",) "out"
    frames: frozenset[str]
    prepositions: frozenset[str]
    addressee: bool
    force: str
    status: Status | None
    speaker: bool
    weight: float
    tellers: frozenset[str] = frozenset()  # sorts of subject that tell by it; empty: all


@dataclass(frozen=True, slots=True)
class Figure:
    """ "put the figure at 8,000"."""

    lemmas: frozenset[str]
    objects: frozenset[str]
    prepositions: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Light:
    """ "issued warnings for strong winds": verb and object are the cue."""

    verbs: frozenset[str]
    objects: frozenset[str]
    prepositions: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Fixed:
    """A cue that is no verb: "according to"."""

    words: tuple[str, ...]
    citing: bool
    weight: float
    strict: bool = False  # only with a speaker or a document behind it


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """All cues and the small words around them."""

    verbs: Mapping[str, tuple[Verb, ...]]  # by lemma of the first word, longest first
    forms: Mapping[str, str]  # any form of a verb of this lexicon -> its lemma
    triggers: frozenset[str]  # every form a cue can begin with
    nouns: Mapping[str, float]  # noun lemma -> weight
    figures: tuple[Figure, ...]
    lights: tuple[Light, ...]
    fixed: tuple[Fixed, ...]
    adverbs: frozenset[str]
    openers: frozenset[str]
    media: frozenset[str]
    mute: frozenset[str]
    anonymity: frozenset[str]
    leads: frozenset[str]  # forms of verbs whose infinitive took place: "was forced to admit"
    makes: frozenset[str]  # forms of verbs by which somebody makes a document that speaks for him: "signed a letter"
    claims: frozenset[str]  # nouns that can be said, and so denied, dismissed or rejected as untrue
    shows: frozenset[str]  # verbs by which things too can tell that something is so: "the tests confirm that"
    retold: frozenset[str]  # verbs by which speakers tell what they said before
    naming: frozenset[str]  # verbs that tell a name or an age, not what was said: "a man surnamed Oh"
    polls: frozenset[str]  # documents that tell only where they count: "the poll found that 40 families had left"
    measures: frozenset[str]  # "according to size": nouns that say nothing
    shortest_quotation: int
    examples: tuple[Example, ...]


@cache
def cue_lexicon() -> CueLexicon:
    """The installed cue lexicon. Raises LexiconError if the file has a fault."""
    return read(resource("ontology") / "lexicons" / "cues.toml")


def read(path: Path) -> CueLexicon:
    """A cue lexicon from a TOML file. Raises LexiconError naming the file and the entry with the fault."""
    data = read_toml(path)
    try:
        words = data["words"]
        verbs = _verbs(data, path)
        forms = _forms(data, verbs)
        nouns = [form for g in data["noun"] for lemma in g["lemmas"] for form in (lemma, lemma + "s")]
        return CueLexicon(
            verbs=verbs,
            forms=forms,
            triggers=frozenset([*forms, *nouns, *(w.split()[0] for g in data["fixed"] for w in g["words"])]),
            nouns={lemma: float(g["weight"]) for g in data["noun"] for lemma in g["lemmas"]},
            figures=tuple(
                Figure(frozenset(g["lemmas"]), frozenset(g["objects"]), frozenset(g["preposition"]), float(g["weight"]))
                for g in data["figure"]
            ),
            lights=tuple(
                Light(frozenset(g["verbs"]), frozenset(g["objects"]), frozenset(g["prepositions"]), float(g["weight"]))
                for g in data["light"]
            ),
            fixed=tuple(
                Fixed(tuple(w.split()), bool(g.get("citing")), float(g["weight"]), bool(g.get("strict")))
                for g in data["fixed"]
                for w in g["words"]
            ),
            **{k: frozenset(words[k]) for k in WORD_LISTS},
            leads=frozenset(f for v in words["leads"] for f in verb_forms(v, words["irregular"])),
            makes=frozenset(f for v in words["makes"] for f in verb_forms(v, words["irregular"])),
            shortest_quotation=int(words["shortest_quotation"]),
            examples=tuple(_examples(data)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LexiconError(
            f"a table or key of the cue lexicon is missing or wrong: {error}", where=str(path)
        ) from error


def _verbs(data: Mapping[str, Any], path: Path) -> dict[str, tuple[Verb, ...]]:
    found: dict[str, dict[tuple[str, ...], Verb]] = {}
    for group in data["verb"]:
        unknown = set(group["frames"]) - FRAMES
        if unknown:
            hint = f"frames are {', '.join(sorted(FRAMES))}"
            raise LexiconError(
                f"unknown frame {sorted(unknown)[0]!r} of {group['lemmas'][0]!r}", where=str(path), hint=hint
            )
        for words in group["lemmas"]:
            lemma, *particles = words.split()
            verb = _verb(group, lemma, tuple(particles))
            known = found.setdefault(lemma, {})
            known[verb.particles] = _joined(known[verb.particles], verb) if verb.particles in known else verb
    return {lemma: tuple(sorted(known.values(), key=lambda v: -len(v.particles))) for lemma, known in found.items()}


def _forms(data: Mapping[str, Any], verbs: Mapping[str, tuple[Verb, ...]]) -> dict[str, str]:
    lemmas = {
        *verbs,
        *(v for g in data["figure"] for v in g["lemmas"]),
        *(v for g in data["light"] for v in g["verbs"]),
    }
    return {form: lemma for lemma in sorted(lemmas) for form in verb_forms(lemma, data["words"]["irregular"])}


def _verb(group: Mapping[str, Any], lemma: str, particles: tuple[str, ...]) -> Verb:
    return Verb(
        lemma=lemma,
        particles=particles,
        frames=frozenset(group["frames"]),
        prepositions=frozenset(group.get("with", ())),
        addressee=bool(group.get("addressee")),
        force=str(group["force"]),
        status=Status(group["status"]) if "status" in group else None,
        speaker=bool(group.get("speaker")),
        weight=float(group["weight"]),
        tellers=frozenset(group.get("tellers", ())),
    )


def _joined(one: Verb, two: Verb) -> Verb:
    """One verb listed in two groups: the frames of both, the rest of the first."""
    return replace(
        one,
        frames=one.frames | two.frames,
        prepositions=one.prepositions | two.prepositions,
        addressee=one.addressee or two.addressee,
        weight=max(one.weight, two.weight),
    )


def _examples(data: Mapping[str, Any]) -> Iterator[Example]:
    for table in ("verb", "noun", "figure", "light", "fixed"):
        for group in data[table]:
            for example in group.get("example", ()):
                yield Example(example["text"], example["source"], example["cue"], example["content"])
