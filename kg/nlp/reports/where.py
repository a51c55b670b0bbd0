"""From where, to where and where: places of a report, and how each was found.

Order: the phrases of the trigger, of who is counted and of the clause; another place of the sentence;
the last report's place; the place the article is about; the sentence before. A place that the words of
the clause do not name is marked with where it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.lexicon import people
from kg.nlp.figures import Candidate
from kg.nlp.heads import is_person, lemma, text_of
from kg.nlp.reports.inherit import joined
from kg.nlp.reports.roles import role_words, text_range
from kg.nlp.reports.words import HEARERS, SAYING
from kg.nlp.syntax import children, coordinated, full_range, is_passive, is_verb, obliques, relation
from kg.types import Place, Span

FROM = frozenset({"from", "out of", "off", "outside"})
TOWARDS = frozenset({"to", "into", "towards", "toward", "onto"})
REACHES = frozenset({"arrive", "land", "dock", "disembark"})
ARRIVES = frozenset({"reach", "enter", "cross"})
MEANS = frozenset({"by", "aboard", "on", "in", "with"})
WITHIN = frozenset(
    [
        "in",
        "at",
        "near",
        "across",
        "on",
        "inside",
        "within",
        "throughout",
        "around",
        "along",
        "off",
        "of",
        "outside",
        "over",
        "through",
        "beyond",
        "beneath",
        "under",
    ]
)
PLAIN_WORDS = frozenset(
    "same other devastated besieged war-torn entire whole own new affected stricken nearby last".split()
)
SPREAD_OVER = frozenset({"across", "along", "throughout", "around"})
WIDE = frozenset({"country", "region", "nation", "world", "state"})
LEAVING = frozenset({"evacuated", "fled", "displaced"})


@dataclass(frozen=True, slots=True)
class Where:
    """Places of one report."""

    origin: Place | None = None
    destination: Place | None = None
    place: Place | None = None


def where_of(
    doc: Doc, measure: str, anchors: Sequence[Token], places: Sequence[Place], trigger: Token | None = None
) -> Where:
    """Origin, destination and place read from the phrases of `anchors` (trigger, theme and their governors).

    A name anywhere in the clause goes before words that only describe a place. `trigger`: the first anchor if None.
    """
    verb = trigger if trigger is not None else anchors[0]
    named = _from_phrases(doc, anchors, places, described=False)
    if measure in LEAVING and named.destination is None:
        bound = [_named(doc, n, places) for a in anchors for p, n in obliques(a) if p == "for"]
        named = replace(named, destination=next((p for p in bound if p), None))
    if measure in LEAVING and is_verb(verb) and lemma(verb) in ARRIVES and named.destination is None:
        there = [_named(doc, o, places) for o in children(verb, "obj")]
        named = replace(named, destination=next((p for p in there if p), None))
    elif measure in LEAVING and named.origin is None and is_verb(verb):
        things = [o for o in children(verb, "obj") if not is_person(o, people()) and o.pos_ != "NUM"]
        left = [p for o in things if (p := _named(doc, o, places)) is not None]
        left += [p for o in things if (p := _described(doc, o, "place")) is not None]
        named = replace(named, origin=left[0]) if left else named
    if not (named.origin or named.place):
        relative = _relative_place(doc, verb, places)
        named = replace(named, place=relative) if relative is not None else named
    told = _from_phrases(doc, anchors, places, described=True)
    origin, place = (named.origin, named.place) if named.origin or named.place else (told.origin, told.place)
    destination = named.destination or told.destination
    if destination is None and measure == "returned":
        destination = _homewards(doc, anchors)
    if measure == "sheltered":
        told = replace(told, destination=_refuge(doc, anchors) or told.destination)
    return _by_measure(measure, Where(origin, destination, place), told)


def _refuge(doc: Doc, anchors: Sequence[Token]) -> Place | None:
    """The buildings people are put up in: "in 218 relief camps", "a school where 2,700 sheltered"."""
    for anchor in anchors:
        around = [n for p, n in obliques(anchor) if p in ("in", "at", "inside", "into", "to", "within")]
        if relation(anchor) == "acl:relcl" and any(c.lower_ in ("where", "which") for c in anchor.subtree):
            around.append(anchor.head)
        if is_verb(anchor) and not is_passive(anchor):
            around += children(anchor, "nsubj")
        for noun in around:
            if lemma(noun) in role_words("refuge"):
                return _described(doc, noun, "refuge")
    return None


def _from_phrases(doc: Doc, anchors: Sequence[Token], places: Sequence[Place], *, described: bool) -> Where:
    origin = destination = place = None
    for anchor in anchors:
        if lemma(anchor) in SAYING and is_verb(anchor):
            continue  # "told newsmen in Minna": where it was said
        for printed, noun in obliques(anchor):
            if (anchor.i < noun.i and _in_later_clause(anchor, noun)) or _heard_there(noun):
                continue
            arrived = printed in ("in", "at") and lemma(anchor) in REACHES
            preposition = "to" if arrived else printed  # "arrived in Goma"
            kind = "shelter" if preposition in TOWARDS else "place"
            found = _described(doc, noun, kind) if described else _named(doc, noun, places)
            if described and place is None:
                inner = [n for p, n in obliques(noun) if p in WITHIN]
                place = next((d for n in inner if (d := _described(doc, n, "place")) is not None), None)
            if (
                not described and preposition in FROM | TOWARDS | MEANS
            ):  # "by ship to Djibouti", "out of Daraya to Idlib"
                ways = [(p, _named(doc, n, places)) for p, n in obliques(noun) if noun.i > anchor.i]
                destination = destination or next((q for p, q in ways if q and p in TOWARDS), None)
                origin = origin or next((q for p, q in ways if q and p in ("from", "out of")), None)
            if preposition in TOWARDS and is_person(noun, people()):
                continue  # "an order to residents of the Mai district": no way anybody goes
            if preposition in TOWARDS and lemma(noun) in role_words("refuge") and not described:
                over = [q for p, n in obliques(noun) if p in SPREAD_OVER and (q := _named(doc, n, places)) is not None]
                if over:  # "moved to 218 relief camps across Cachar"
                    destination = destination or _described(doc, noun, "shelter")
                    place = place or over[0]
                    continue
            if preposition in WITHIN and _beside_goal(anchor, noun):
                destination = destination or found  # "to the airport in Split"
            elif preposition in TOWARDS:
                destination = destination or found
            elif preposition in FROM:
                origin = origin or found
            elif preposition.split()[-1:] and preposition.split()[-1] in WITHIN:
                place = place or found
    return Where(origin, destination, place)


def _heard_there(noun: Token) -> bool:
    """ "Told reporters in Nairobi": the phrase is about those who hear, whatever the tree says."""
    case = children(noun, "case")
    return bool(case) and case[0].i > 0 and lemma(noun.doc[case[0].i - 1]) in HEARERS


def _beside_goal(anchor: Token, noun: Token) -> bool:
    """True where a phrase follows right upon the one that says where to, and so says where that is."""
    goals = [n for p, n in obliques(anchor) if p in TOWARDS and n.i < noun.i]
    return bool(goals) and goals[-1].i + 1 == min((c.i for c in children(noun, "case")), default=0)


def _relative_place(doc: Doc, token: Token, places: Sequence[Place]) -> Place | None:
    """ "Aleppo, where thousands were evacuated": the place that "where" stands for."""
    for clause in (token, *token.ancestors):
        if relation(clause) == "acl:relcl" and any(c.lower_ == "where" for c in clause.children):
            head = clause.head
            return _named(doc, head, places)
    return None


def everywhere(doc: Doc, anchors: Sequence[Token]) -> Place | None:
    """ "Across the country", "in the wider region", where the article names none it could stand for."""
    for anchor in anchors:
        for preposition, noun in obliques(anchor):
            if preposition in WITHIN and lemma(noun) in WIDE and any(c.lower_ == "the" for c in noun.children):
                span = Span(noun.idx, noun.idx + len(noun))
                return Place(span.of(text_of(doc)), span)
    return None


def placed_beside(doc: Doc, figure: Candidate, places: Sequence[Place], *, gapped: bool) -> Place | None:
    """The place right after a figure: "30 lives in Cambodia, as well as 22 in Thailand".

    `gapped`: the figure goes on with a count before it; its place may stand before it: "Serbia nine".
    """
    end, first = figure.end, doc[figure.start].idx
    if gapped and figure.bare:
        ahead = [p for p in places if p.span and 0 <= first - p.span.end <= 1]
        if ahead:
            return ahead[0]
    if end + 1 >= len(doc) or doc[end].lower_ not in ("in", "at", "near", "across"):
        return None
    start = doc[end + 1].idx
    near = [p for p in places if p.span and start <= p.span.start <= start + 4]
    return joined(doc, near[0], places) if near else None


def _homewards(doc: Doc, anchors: Sequence[Token]) -> Place | None:
    """ "returned home", "told to go home"."""
    for anchor in anchors:
        for token in anchor.subtree:
            if token.lower_ in ("home", "homes") and anchor.i < token.i <= anchor.i + 5:
                span = Span(token.idx, token.idx + len(token))
                return Place(span.of(text_of(doc)), span)
    return None


def _by_measure(measure: str, where: Where, told: Where) -> Where:
    """People leave an origin and are harmed at a place: puts each place where its measure wants it.

    `told`: what the words only describe; people shelter in such places ("in relief camps").
    """
    if measure in LEAVING:
        return Where(where.origin or where.place, where.destination, None)
    if measure == "sheltered":
        inside = told.place or told.destination
        return Where(None, where.destination or inside, where.place if where.place != inside else where.origin)
    if measure == "returned":
        return Where(where.origin, where.destination, where.place)
    return Where(None, None, where.place or where.origin)


def _inside(doc: Doc, start: int, end: int, places: Sequence[Place]) -> list[Place]:
    """The places named within tokens [start, end)."""
    lo, hi = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    return [p for p in places if p.span is not None and lo <= p.span.start and p.span.end <= hi]


def _named(doc: Doc, noun: Token, places: Sequence[Place]) -> Place | None:
    start, end = full_range(noun)
    for token in doc[start:end]:
        if relation(token) in ("acl:relcl", "acl", "advcl") and token.i > noun.i and token.head.i >= start:
            end = min(end, token.left_edge.i)
    if end <= start:
        return None
    inside = _inside(doc, start, end, places)
    own = [p for p in inside if p.span and p.span.start <= noun.idx < p.span.end]
    after = [p for p in inside if p.span and p.span.start > noun.idx]
    chosen = own or after or inside  # "the Kyushu city of Amakusa", "southwest China's Yunnan Province"
    return joined(doc, chosen[0], inside) if chosen else None


def _described(doc: Doc, noun: Token, kind: str) -> Place | None:
    """A place with no name, kept as its words: "high-risk coastal areas".

    "The city" and "their homes" name no place of their own: they stand for one named before.
    """
    spot = kind == "place" and lemma(noun) in role_words("spot")
    if lemma(noun) not in role_words(kind) and not spot:
        return None
    left: list[Token] = []
    for i in range(noun.i - 1, max(noun.sent.start, noun.i - 6) - 1, -1):
        if doc[i].is_punct or relation(doc[i]) in ("amod", "compound", "nummod", "nmod:poss", "advmod"):
            left.append(doc[i])
        else:
            break
    telling = [c for c in left if relation(c) != "nmod:poss" and c.lower_ not in PLAIN_WORDS and not c.is_punct]
    own = [c for c in telling if lemma(noun) not in role_words("dwelling") or relation(c) == "compound"]
    if kind == "place" and not own and not (spot and noun.tag_ == "NN"):
        return None
    last = [t for t in coordinated(noun) if t.i - noun.i <= 4][-1]
    first = min((c.i for c in left if not c.is_punct and relation(c) != "nmod:poss"), default=noun.i)
    span = text_range(doc, first, last.i + 1)
    return Place(span.of(text_of(doc)), span) if span is not None else None


def _in_later_clause(anchor: Token, noun: Token) -> bool:
    """True if a subordinate clause ("as the storm …", "after …") stands between anchor and noun."""
    return any(
        relation(a) in ("advcl", "advcl:relcl") and a.i > anchor.i
        for a in noun.ancestors
        if a.i != anchor.i and anchor in a.ancestors
    )
