"""Named private persons under pseudonyms: in every label, quotation and address, so that nothing served tells more.

Private is a person without a public office, unless a body that the person speaks for is named; a list can add names and
take names out. Positions in the text stay those of the article as it was printed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import InputError
from kg.export.sorting import value_of
from kg.ontology import RDF, nc
from kg.settings import Settings

_TYPE = NamedNode(RDF + "type")
_PERSON, _UNNAMED, _ACTOR, _PLACE = nc("Person"), nc("UnnamedPerson"), nc("Actor"), nc("Location")
_NAME, _ALIAS, _ROLE, _BODY = nc("name"), nc("alias"), nc("role"), nc("affiliationName")
_MENTION, _EXACT, _IDENTIFIED = nc("mention"), nc("exact"), nc("identifiedAs")
_SLUG = re.compile(r"(?<!\w)((?:person|organization|state|armed[-_]group)-[\w\-.~%]+)")
_WORD = re.compile(r"[^\W_]+")
_TITLES = frozenset("mr mrs ms miss dr sir dame lord lady prof professor rev father sister haji hajji ustad".split())
_SHORTEST = 3  # letters of a part of a name that is replaced where it stands alone


@dataclass(frozen=True, slots=True)
class Rule:
    """How persons are veiled. `key` decides the pseudonyms: the same key gives the same ones in every export."""

    key: bytes
    always: frozenset[str] = field(default_factory=frozenset)  # names in lower case
    never: frozenset[str] = field(default_factory=frozenset)


def rule(key: bytes, listed: Path | None = None) -> Rule:
    """The rule with a list of exceptions: lines `+ Name` (always veiled) and `- Name` (never). Raises InputError."""
    if listed is None:
        return Rule(key)
    try:
        lines = listed.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"a list of names in UTF-8 was expected: {error}", where=str(listed)) from error
    names: dict[str, set[str]] = {"+": set(), "-": set()}
    for number, line in enumerate(lines, 1):
        sign, _, name = line.strip().partition(" ")
        if not sign or sign.startswith("#"):
            continue
        if sign not in names or not name.strip():
            raise InputError(f"`+ Name` or `- Name` was expected, found {line[:80]!r}", where=f"{listed}:{number}")
        names[sign].add(_folded(name))
    return Rule(key, frozenset(names["+"]), frozenset(names["-"]))


def chosen(settings: Settings) -> Rule | None:
    """The rule of the settings; None where persons are shown by their names. Raises InputError."""
    if settings.private_persons == "named":
        return None
    key = settings.pseudonym_key.encode("utf-8") if settings.pseudonym_key else secrets.token_bytes(32)
    return rule(key, settings.pseudonym_list)


def veiled(quads: Iterable[Quad], by: Rule) -> Iterator[Quad]:
    """The quads with the names of private persons replaced, one by one and in the same order."""
    everything = list(quads)
    found = _found(everything, by)
    for quad in everything:
        words = found.of(value_of(quad.graph_name))
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode):
            subject = NamedNode(_address(subject.value, found, words))
        if isinstance(value, NamedNode):
            value = NamedNode(_address(value.value, found, words))
        elif isinstance(value, Literal):
            text = _SLUG.sub(lambda m: _address(m.group(0), found, _NOTHING), words.replaced(value.value))
            kind = None if value.language else value.datatype
            value = Literal(text, language=value.language) if value.language else Literal(text, datatype=kind)
        yield Quad(subject, quad.predicate, value, quad.graph_name)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is replaced in one graph: names and parts of names in lower case, each with its pseudonym."""

    pattern: re.Pattern[str] | None
    first: frozenset[str]
    names: dict[str, str]

    def replaced(self, text: str, slug: bool = False) -> str:
        """The text with pseudonyms, written as parts of an address if `slug` or the text is one."""
        if self.pattern is None or not self.first.intersection(_WORD.findall(text.casefold())):
            return text
        slug = slug or text.startswith(("http://", "https://"))

        def other(found: re.Match[str]) -> str:
            name = _folded(found.group(0))
            if " " not in name and not slug and not found.group(0)[0].isupper():
                return found.group(0)  # "long" is no Mr Long
            return _slug(self.names[name]) if slug else self.names[name]

        return self.pattern.sub(other, text)


@dataclass(frozen=True, slots=True)
class _Found:
    """The private persons of a dataset: by slug of their IRIs, and the words to replace by graph."""

    slugs: dict[str, str]
    graphs: dict[str, _Words]
    shared: _Words

    def of(self, graph: str) -> _Words:
        """The words of a graph: those of its own persons in an article's, full names of all elsewhere."""
        return self.graphs.get(graph, _NOTHING if "/graph/article/" in graph else self.shared)


_NOTHING = _Words(None, frozenset(), {})


def _found(quads: list[Quad], by: Rule) -> _Found:
    facts: defaultdict[NamedNode, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    homes: defaultdict[NamedNode, set[str]] = defaultdict(set)
    spans: dict[NamedNode, str] = {}
    shared: dict[NamedNode, NamedNode] = {}
    for quad in quads:
        subject, value = quad.subject, value_of(quad.object)
        if not isinstance(subject, NamedNode):
            continue
        if quad.predicate in _WANTED:
            facts[subject][quad.predicate.value].add(value)
            homes[subject].add(value_of(quad.graph_name))
        elif quad.predicate == _EXACT:
            spans[subject] = value
        elif quad.predicate == _IDENTIFIED and isinstance(quad.object, NamedNode):
            shared[subject] = quad.object
    private = _private(facts, shared, by)
    others = _parts_of_others(facts, private)
    slugs: dict[str, str] = {}
    by_graph: defaultdict[str, dict[str, str]] = defaultdict(dict)
    everywhere: dict[str, str] = {}
    for node, pseudonym in private.items():
        slug = _SLUG.search(node.value)
        if slug:
            slugs[slug.group(1)] = _slug(pseudonym)
        names = facts[node][_NAME.value] | facts[node][_ALIAS.value]
        names |= {spans[m] for m in map(NamedNode, facts[node][_MENTION.value]) if m in spans}
        for name in names:
            for words in _variants(name, whole=name in facts[node][_NAME.value]):
                for graph in homes[node]:
                    if words not in others.get(graph, frozenset()):
                        by_graph[graph][words] = pseudonym
                if " " in words:
                    everywhere[words] = pseudonym
    articles = {graph: _words(names) for graph, names in by_graph.items() if "/graph/article/" in graph}
    return _Found(slugs, articles, _words(everywhere))


_WANTED = frozenset({_TYPE, _NAME, _ALIAS, _ROLE, _BODY, _MENTION})


def _private(
    facts: dict[NamedNode, defaultdict[str, set[str]]], shared: dict[NamedNode, NamedNode], by: Rule
) -> dict[NamedNode, str]:
    """The private persons with their pseudonyms: what any article says of a shared person counts for all."""
    groups: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
    for node, known in facts.items():
        kinds = known[_TYPE.value]
        listed = _ACTOR.value in kinds and any(_folded(name) in by.always for name in known[_NAME.value])
        if listed or (_PERSON.value in kinds and _UNNAMED.value not in kinds and known[_NAME.value]):
            groups[shared.get(node, node)].append(node)
    out: dict[NamedNode, str] = {}
    for head, members in groups.items():
        names = {_folded(name) for node in members for name in facts[node][_NAME.value]}
        roles = {role for node in members for role in facts[node][_ROLE.value]}
        body = any(facts[node][_BODY.value] for node in members)
        if names & by.never or (not names & by.always and _public(roles, body)):
            continue
        seed = _folded(min(facts[head][_NAME.value] or {n for node in members for n in facts[node][_NAME.value]}))
        digest = hmac.new(by.key, seed.encode("utf-8"), hashlib.sha256).digest()
        out |= dict.fromkeys([head, *members], "Person " + base64.b32encode(digest)[:6].decode())
    return out


def _public(roles: Iterable[str], body: bool) -> bool:
    words = {word.rstrip("s") for role in roles for word in re.findall(r"[\w-]+", role.casefold())}
    offices, everyday = _roles()
    return bool(words & offices) or (body and not words & everyday)


@cache
def _roles() -> tuple[frozenset[str], frozenset[str]]:
    table = tomllib.loads(Path(__file__).with_name("persons.toml").read_text(encoding="utf-8"))
    lists = (table[name].split() for name in ("offices", "everyday"))
    offices, everyday = (frozenset(word.rstrip("s") for word in words) for words in lists)
    return offices, everyday


def _parts_of_others(
    facts: dict[NamedNode, defaultdict[str, set[str]]], private: dict[NamedNode, str]
) -> dict[str, frozenset[str]]:
    """By article graph: words of the names of other actors and places there; alone, they may mean those."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for node, known in facts.items():
        if node not in private and "#" in node.value and {_ACTOR.value, _PLACE.value} & known[_TYPE.value]:
            graph = node.value.partition("#")[0].replace("/id/article/", "/graph/article/")
            found[graph] |= {word for name in known[_NAME.value] for word in _folded(name).split()}
    return {graph: frozenset(words) for graph, words in found.items()}


def _variants(name: str, whole: bool) -> Iterator[str]:
    """The name without titles, and its parts where they may stand alone: capitalised, not too short."""
    words = [word for word in re.findall(r"[\w’'\-]+", name) if word.casefold().strip(".") not in _TITLES]
    proper = [word for word in words if word[:1].isupper() or word in ("de", "al", "bin", "van", "von", "la", "el")]
    if not proper or (not whole and len(proper) < len(words)):
        return
    yield _folded(" ".join(words))
    for word in words:
        bare = re.sub(r"['’]s$", "", word)
        if len(bare) >= _SHORTEST and bare[:1].isupper():
            yield _folded(bare)


def _words(names: dict[str, str]) -> _Words:
    if not names:
        return _NOTHING
    ordered = sorted(names, key=lambda name: (-len(name), name))
    choices = "|".join(r"[\s\-_+]+".join(re.escape(word) for word in name.split()) for name in ordered)
    first = frozenset(_WORD.findall(name)[0] for name in ordered)
    return _Words(re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE), first, names)


def _address(iri: str, found: _Found, words: _Words) -> str:
    """An IRI with the slugs of private persons replaced, and their names where they stand in a foreign address."""

    def other(match: re.Match[str]) -> str:
        slug = match.group(1)
        while slug and slug not in found.slugs:
            slug = slug.rpartition("-")[0]
        rest = match.group(1)[len(slug) :]
        return f"{found.slugs[slug]}{rest}" if slug else match.group(0)

    own = _SLUG.sub(other, iri)
    return own if own != iri or "/id/" in iri else words.replaced(iri, slug=True)


def _folded(name: str) -> str:
    return " ".join(re.sub(r"[\s\-_+]+", " ", name.casefold()).split())


def _slug(pseudonym: str) -> str:
    return pseudonym.casefold().replace(" ", "-")
