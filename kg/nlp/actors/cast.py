"""Who is who in one article: names joined to entities, and the noun phrases that may stand for them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.linking.typing import kind_of
from kg.nlp import syntax
from kg.nlp.actors.lexicon import ActorWords, actor_words
from kg.nlp.actors.names import Name, key_of, names
from kg.nlp.inflection import singulars
from kg.nlp.sentences import Layout, layout
from kg.types import ActorKind

COLLECTIVE = frozenset({ActorKind.ORGANIZATION, ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.DOCUMENT})


@dataclass(frozen=True, slots=True)
class Entity:
    """One named actor or place of an article."""

    name: str  # the fullest form printed
    kind: ActorKind | None  # None: a place
    gender: str | None
    words: frozenset[str]  # all words of all its names
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an entity, or an unnamed actor, is spoken of."""

    start: int  # tokens
    end: int
    head: int
    entity: int | None  # index in Cast.entities; None: a noun phrase without a name
    kind: ActorKind | None
    gender: str | None
    plural: bool
    subject: bool
    lemma: str  # of the head, lower case


@dataclass(frozen=True, slots=True)
class Cast:
    """The actors of an article, with the Doc's layout."""

    layout: Layout
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]  # in text order
    starts: tuple[int, ...]  # start tokens of `mentions`
    quoted: frozenset[int]  # tokens inside quotation marks

    def within(self, start: int, end: int) -> Sequence[Mention]:
        """Mentions that begin in the token range [start, end)."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def before(self, i: int) -> Iterable[Mention]:
        """Mentions that begin before token `i`, the nearest first."""
        return reversed(self.mentions[: bisect_left(self.starts, i)])


def cast(doc: Doc) -> Cast:
    """All entities and mentions of a parsed Doc."""
    found = _agreed(names(doc))
    plan = layout(doc)
    words = actor_words()
    groups = _groups(found, words)
    entities = tuple(_entity([found[i] for i in group], words) for group in groups)
    owner = {i: e for e, group in enumerate(groups) for i in group}
    mentions = [_named(doc, name, owner[i], entities[owner[i]]) for i, name in enumerate(found)]
    mentions += _nominals(doc, mentions, words)
    mentions.sort(key=lambda m: (m.start, -m.end))
    return Cast(plan, entities, tuple(mentions), tuple(m.start for m in mentions), _quoted(doc))


def _quoted(doc: Doc) -> frozenset[int]:
    """Tokens between double quotation marks; a mark that its paragraph does not close holds to the paragraph's end."""
    inside, found = False, []
    for token in doc:
        if token.is_space and "\n" in token.text:
            inside = False
        elif token.text in ("“", "„", "«", "``"):
            inside = True
        elif token.text in ("”", "»", "''"):
            inside = False
        elif token.text == '"':
            inside = not inside
        elif inside:
            found.append(token.i)
    return frozenset(found)


def _agreed(found: Sequence[Name]) -> tuple[Name, ...]:
    """Names printed alike are one kind: the kind most of them have, a typed one before none."""
    surnames = {n.key[-1] for n in found if n.kind is ActorKind.PERSON and len(n.key) > 1}
    votes: dict[tuple[str, ...], Counter[ActorKind]] = defaultdict(Counter)
    places = Counter(n.key for n in found if n.kind is None)
    for name in found:
        if name.kind is not None:
            votes[name.key][name.kind] += 1
        if len(name.key) == 1 and name.key[0] in surnames and name.kind is not ActorKind.STATE:
            votes[name.key][ActorKind.PERSON] += 2  # "the Assad regime" names the man all the same
    for key in [k for k in votes if _is_place(k, votes[k], places[k], surnames)]:
        del votes[key]
        found = [replace(n, kind=None, gender=None) if n.key == key else n for n in found]
    return tuple(replace(n, kind=votes[n.key].most_common(1)[0][0]) if n.key in votes else n for n in found)


def _is_place(key: tuple[str, ...], votes: Counter[ActorKind], places: int, surnames: set[str]) -> bool:
    """True for a town that the model sometimes takes for a person: a place elsewhere in the article, or well known."""
    if len(key) > 2 or key[-1] in surnames or set(votes) != {ActorKind.PERSON}:
        return False
    return places >= votes[ActorKind.PERSON] or kind_of(" ".join(key).title(), "").how == "place"


def _groups(found: Sequence[Name], words: ActorWords) -> list[list[int]]:
    """Indexes of names that mean one actor, each group in text order, groups by first mention."""
    full = sorted({_form(n, words) for n in found}, key=lambda k: (-len(k[0]), k[0], k[1]))
    target: dict[tuple[tuple[str, ...], str], list[tuple[tuple[str, ...], str]]] = {}
    acronyms = {n.acronym.lower(): _form(n, words) for n in found if n.acronym}
    heads: list[tuple[tuple[str, ...], str]] = []
    for form in full:
        longer = [h for h in heads if _short_for(form, h)]
        initials = [h for h in heads if len(form[0]) == 1 and _initials(form[0][0], h[0], words)]
        known = acronyms.get("".join(form[0]))
        target[form] = [known] if known and known != form else longer or initials
        if not target[form]:
            heads.append(form)
    last: dict[tuple[tuple[str, ...], str], int] = {}
    groups: dict[tuple[tuple[str, ...], str], list[int]] = defaultdict(list)
    forms = [_form(n, words) for n in found]
    first = {form: i for i, form in reversed(list(enumerate(forms)))}
    for i, form in enumerate(forms):
        head = _nearest(target[form], last, first) if target[form] else form
        while target[head]:
            head = _nearest(target[head], last, first)
        groups[head].append(i)
        last[head] = i
    return sorted((sorted(g) for g in groups.values()), key=lambda g: g[0])


def _form(name: Name, words: ActorWords) -> tuple[tuple[str, ...], str]:
    """What names are compared by: their words and sort; all names of one state are one."""
    state = words.states.get(name.text) if name.kind is ActorKind.STATE else None
    return (key_of(state) if state else name.key), _sort(name)


def _nearest(options: Sequence[tuple[tuple[str, ...], str]], last: dict[tuple[tuple[str, ...], str], int],
             first: dict[tuple[tuple[str, ...], str], int]) -> tuple[tuple[str, ...], str]:  # fmt: skip
    """Of several fuller names the one printed last before this place, or else first in the article."""
    return max(options, key=lambda o: (last.get(o, -1), -first.get(o, 1 << 30)))


def _sort(name: Name) -> str:
    """Names are compared within one sort only, so that "Washington" the man is not Washington the city."""
    if name.kind is ActorKind.PERSON:
        return "person"
    return "group" if name.kind in (ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP) else "place"


def _short_for(form: tuple[tuple[str, ...], str], head: tuple[tuple[str, ...], str]) -> bool:
    short, long = form[0], head[0]
    if form[1] != head[1] or len(short) >= len(long):
        return False
    if form[1] == "person":
        return short == long[-len(short) :] or (short == long[: len(short)]) or (
            len(short) > 1 and short[0] == long[0] and short[-1] == long[-1])  # fmt: skip
    if form[1] == "group":
        if " ".join(short) in actor_words().never_short:
            return False
        inside = any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))
        return inside and (len(short) > 1 or short[0] not in actor_words().organizations)
    return False


def _initials(short: str, long: tuple[str, ...], words: ActorWords) -> bool:
    """ "irc" for "international rescue committee"."""
    big = [w for w in long if w not in ("of", "the", "for", "and", "de", "in", "on")]
    return len(short) > 1 and len(big) > 1 and short in ("".join(w[0] for w in big), "".join(w[0] for w in long))


def _entity(group: Sequence[Name], words: ActorWords) -> Entity:
    fullest = max(group, key=lambda n: (len(n.key), n.text.isupper() is False, -n.start))
    kind = next((n.kind for n in group if n.kind is not None), None)
    name = fullest.text
    gender = next((n.gender for n in sorted(group, key=lambda n: -len(n.key)) if n.gender), None)
    return Entity(name, kind, gender, frozenset(w for n in group for w in n.key), tuple(group))


def _named(doc: Doc, name: Name, entity: int, known: Entity) -> Mention:
    head = doc[name.start : name.end].root
    plural = known.kind is not ActorKind.PERSON and head.tag_ == "NNPS"
    return Mention(
        name.start, name.end, head.i, entity, known.kind, known.gender, plural, _is_subject(head), head.lower_
    )


def _is_subject(token: Token) -> bool:
    return syntax.relation(token) in syntax.SUBJECTS | syntax.PASSIVE_SUBJECTS


def _nominals(doc: Doc, named: Sequence[Mention], words: ActorWords) -> list[Mention]:
    """Noun phrases headed by a word for people or organisations, outside names."""
    taken = {i for m in named for i in range(m.start, m.end)}
    heads = {m.head for m in named}
    found = []
    for token in doc:
        if (
            token.i in taken
            or token.pos_ not in ("NOUN", "PROPN")
            or token.i in heads
            or syntax.relation(token) == "compound"
        ):
            continue
        lemma = noun_lemmas(token)[0]
        kind, plural = nominal_kind(token, words), token.tag_ in ("NNS", "NNPS")
        if kind is None or (token.pos_ == "NOUN" and token.lower_ in words.name_only):
            continue
        start, end = syntax.phrase(token)
        if doc[start].lower_ in ("no", "not", "neither"):
            continue
        gender = "m" if lemma in words.male else "f" if lemma in words.female else None
        found.append(Mention(start, end, token.i, None, kind, gender, plural, _is_subject(token), lemma))
    return found


def nominal_kind(token: Token, words: ActorWords | None = None) -> ActorKind | None:
    """What a common noun speaks of: a person, a group, an organisation, a document; None for anything else."""
    words = words or actor_words()
    forms = {token.lower_, *noun_lemmas(token)}
    plural = token.tag_ in ("NNS", "NNPS")
    if forms & words.roles:
        return ActorKind.UNNAMED_GROUP if plural else ActorKind.UNNAMED_PERSON
    if forms & words.groups:
        return ActorKind.UNNAMED_GROUP
    if forms & words.armed:
        return ActorKind.ARMED_GROUP
    if forms & words.documents and token.pos_ == "NOUN":
        return ActorKind.DOCUMENT
    if forms & words.organizations:
        return ActorKind.UNNAMED_GROUP if plural else ActorKind.ORGANIZATION
    return None


def person_like(token: Token) -> bool:
    """True for nouns that by their ending name people: "questioner", "motorist", "tradeswoman"."""
    endings = ("er", "or", "ist", "man", "men", "ian", "ant", "ee", "eer", "woman", "women", "ster")
    return any(form.endswith(endings) for form in singulars(token.lower_))


def noun_lemmas(token: Token) -> tuple[str, ...]:
    """Possible singulars of a noun, the likeliest first."""
    listed = actor_words().nouns
    forms = singulars(token.lower_) if token.tag_ in ("NNS", "NNPS") else (token.lower_,)
    return tuple(sorted(forms, key=lambda f: (f not in listed, -len(f))))
