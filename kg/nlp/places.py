"""Places of an article: named, resolved against the gazetteer in the light of the whole article.

`places(doc)` gives the named ones, `kg.nlp.areas.areas(doc, places)` the unnamed ("rebel-held areas",
"the city"). What the gazetteer does not hold, or cannot tell apart, stays unresolved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from spacy.tokens import Doc

from kg.linking.gazetteer import SETTLEMENTS, Candidate, fits, is_area, lookup
from kg.linking.names import fold
from kg.linking.states import state_named, state_of_people
from kg.nlp import syntax
from kg.nlp.place_names import SECOND_LEVEL, Mention, mentions
from kg.types import Place, Span

# Without any country named in the article a place must be as well known as a town of about 150,000 people.
_KNOWN_ALONE = 0.58
# Two candidates closer than this, in countries that the article does not name, cannot be told apart.
_TIE = 0.03


def places(doc: Doc) -> tuple[Place, ...]:
    """All named places in text order, with gazetteer ids, coordinates and the runner-up where resolved."""
    found = mentions(doc)
    context = countries(doc, found)
    context |= areas_named(found, context)
    decided: dict[tuple[str, str | None, str | None], tuple[Candidate, ...]] = {}
    resolved: dict[int, tuple[Candidate, ...]] = {}
    # Containers first, so that "Yokosuka, Kanagawa Prefecture" is sought within Kanagawa.
    for n in sorted(range(len(found)), key=lambda n: found[n].container is not None):
        mention = found[n]
        holder = resolved.get(mention.container) if mention.container is not None else None
        within = _code(holder) or mention.within
        key = (fold(mention.core), mention.kind, within)
        if key not in decided:
            decided[key] = decide(mention, context, within)
        resolved[n] = decided[key]
    by_name = _consistent(found, resolved)
    return tuple(
        _place(doc, m, by_name.get((fold(m.core), m.kind)) or resolved[n], _home(m, resolved))
        for n, m in enumerate(found)
    )


def _home(mention: Mention, resolved: Mapping[int, tuple[Candidate, ...]]) -> str | None:
    """The country that the words themselves put a place in, known or not: "Ky Anh district of Vietnam"."""
    holder = resolved.get(mention.container) if mention.container is not None else None
    return mention.within or (holder[0].entry.country or None if holder else None)


def _consistent(
    found: tuple[Mention, ...], resolved: Mapping[int, tuple[Candidate, ...]]
) -> dict[tuple[str, str | None], tuple[Candidate, ...]]:
    """One reading a name: where an article tells once in what a place lies, all its mentions follow."""
    out: dict[tuple[str, str | None], tuple[Candidate, ...]] = {}
    for n, mention in enumerate(found):
        key = (fold(mention.core), mention.kind)
        if resolved[n] and (mention.container is not None or mention.within) and key not in out:
            out[key] = resolved[n]
    return out


def _code(holder: tuple[Candidate, ...] | None) -> str | None:
    """The ISO code of a container, for a search within it."""
    if not holder:
        return None
    entry = holder[0].entry
    return entry.area if is_area(entry) and entry.area else entry.country or None


def countries(doc: Doc, found: Iterable[Mention]) -> dict[str, float]:
    """ISO code -> weight 0..1 of the countries the article names, by name, people or unmistakable place."""
    votes: Counter[str] = Counter()
    for mention in found:
        state = state_named(mention.core)
        if state and mention.kind is None:
            votes[state.iso] += 0 if _shared(mention.core, state.iso) else 3
            continue
        if iso := _unmistakable(mention.core, mention.kind):
            votes[iso] += 2
    for token in doc:
        if token.text[:1].isupper() and len(token) > 3:
            people = state_of_people(token.text)
            inside = state_named(token.text) if token.ent_type_ == "ORG" else None  # "Uganda Red Cross Society"
            state = people or inside
            if state:
                votes[state.iso] += 2
    if not any(votes.values()):
        votes.update(_agreed(found))
    # The square root keeps a country that is named once in view beside one that is named thirty times.
    most = max(votes.values(), default=0)
    return {iso: round((n / most) ** 0.5, 3) for iso, n in votes.items() if n}


def areas_named(found: Iterable[Mention], context: Mapping[str, float]) -> dict[str, float]:
    """ISO 3166-2 code -> 1 of the provinces and states that the article names, in its countries."""
    out = {}
    for mention in found:
        best = lookup(mention.core, context, kind=mention.kind, within=mention.within)[:1]
        if best and is_area(best[0].entry) and best[0].entry.area and context.get(best[0].entry.country):
            out[best[0].entry.area] = 1.0
    return out


def _agreed(found: Iterable[Mention]) -> dict[str, int]:
    """The one country in which more of the article's names are found than in any other: Onslow, Exmouth, Carnarvon.

    Asked only where no state, people or unmistakable place is named. Two names at least, and most of all names.
    """
    names = {(fold(m.core), m.kind) for m in found}
    homes: Counter[str] = Counter()
    for name, kind in names:
        homes.update({c.entry.country for c in lookup(name, kind=kind) if c.by != "loose" and c.entry.country})
    ranked = homes.most_common(2)
    if not ranked or ranked[0][1] < 2 or ranked[0][1] * 3 < len(names) * 2:
        return {}
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return {}
    return {ranked[0][0]: 1}


# A place tells the country only if no namesake abroad comes this near in score: not Tripoli, not Valencia.
_CLEAR = 0.1


@lru_cache(maxsize=2048)
def _unmistakable(name: str, kind: str | None) -> str | None:
    """The country of a well-known place without a rival abroad; None for others and for seas and regions."""
    found = lookup(name, kind=kind)
    if not found or found[0].by == "loose" or found[0].score < _KNOWN_ALONE:
        return None
    best = found[0]
    rival = next((c for c in found if c.entry.country != best.entry.country), None)
    if rival is not None and best.score - rival.score < _CLEAR:
        return None
    return best.entry.country or None


@lru_cache(maxsize=512)
def _shared(name: str, iso: str) -> bool:
    """True for a state whose name is also that of a large area elsewhere: Georgia. It votes for neither."""
    return any(c.entry.country != iso and c.score >= _KNOWN_ALONE and c.by == "name" for c in lookup(name, kind="area"))


def decide(mention: Mention, context: Mapping[str, float], within: str | None) -> tuple[Candidate, ...]:
    """The candidates of a mention if the best may be believed, else none."""
    kind = mention.kind
    if mention.word in SECOND_LEVEL:
        found = lookup(mention.core, context, kind="area", within=within)
        found = tuple(c for c in found if mention.word and mention.word in c.entry.feature)
    else:
        found = lookup(mention.core, context, kind=kind, within=within)
    if not found and kind == "area" and mention.word in ("region", "state", "territory"):
        found = lookup(mention.core, context, kind="wide", within=within)
    if not found and within and not mention.within:
        found = tuple(c for c in lookup(mention.core, context, kind=kind) if context.get(c.entry.country, 0) > 0.5)
        found = tuple(c for c in found if within[:2] == c.entry.country)
    if not found:
        return ()
    best = found[0]
    at_home = within is not None or context.get(best.entry.country, 0.0) > 0
    if best.by == "loose" and not at_home:
        return ()
    if within is None and _twins(found):
        return ()
    if not at_home:
        if best.score < _KNOWN_ALONE:
            return ()
        if len(found) > 1 and best.score - found[1].score < _TIE and found[1].entry.country != best.entry.country:
            return ()
    return found


# Small towns of one name and country this near in score cannot be told apart; larger ones are believed.
_TWINS, _LARGE = 0.03, 100_000


def _twins(found: tuple[Candidate, ...]) -> bool:
    if len(found) < 2 or found[0].entry.population >= _LARGE:
        return False
    one, other = found[0].entry, found[1].entry
    towns = one.feature in SETTLEMENTS and other.feature in SETTLEMENTS
    return towns and one.country == other.country and found[0].score - found[1].score < _TWINS


def _place(doc: Doc, mention: Mention, found: tuple[Candidate, ...], home: str | None) -> Place:
    span = mention.span(doc)
    name = " ".join(doc[mention.start : mention.end].text.split())
    if not found or not fits(found[0].entry, mention.kind if mention.kind != "wide" else None):
        return Place(name, span, country=home, feature=mention.word)
    entry = found[0].entry
    if mention.part:  # "southern China" lies in China and is not China
        return Place(name, span, country=entry.country or None, feature="part")
    other = found[1].entry.id if len(found) > 1 else None
    return Place(
        name,
        span,
        gazetteer_id=entry.id,
        latitude=entry.latitude,
        longitude=entry.longitude,
        country=entry.country or None,
        feature=entry.feature,
        runner_up=other,
    )


def dominant(doc: Doc, found: tuple[Place, ...]) -> Place | None:
    """The place that the article is about, for clauses that name none; None where no place stands out.

    Mentions are counted, those of headline and first paragraph double; a state that acts ("Russia said")
    is no place. The place must be named twice and half as often again as any other that does not hold it.
    """
    lead = _lead_end(doc)
    votes: Counter[str] = Counter()
    first: dict[str, Place] = {}
    for place in found:
        if place.span is None or place.inherited or _acts(doc, place):
            continue
        key = place.gazetteer_id or fold(place.name)
        votes[key] += 2 if place.span.start < lead else 1
        first.setdefault(key, place)
    if not votes:
        return None
    ranked = votes.most_common()
    best, count = first[ranked[0][0]], ranked[0][1]
    if best.feature == "country":
        inner = [(first[k], n) for k, n in ranked[1:] if first[k].country == best.country and n * 2 >= count]
        if len(inner) == 1 and inner[0][1] >= 3:
            best, count = inner[0]
    rivals = [
        n
        for k, n in ranked
        if first[k] is not best and not (first[k].country == best.country and _wider(first[k], best))
    ]
    if count < 3 or (rivals and count < 1.5 * rivals[0]):
        return None
    return replace(best, inherited="article")


def _wider(there: Place, here: Place) -> bool:
    return there.feature == "country" and here.feature != "country"


def _lead_end(doc: Doc) -> int:
    """Where the second paragraph after the headline begins."""
    ends = [t.idx for t in doc if "\n" in t.text]
    return ends[1] if len(ends) > 1 else 300


def _acts(doc: Doc, place: Place) -> bool:
    """True for a country that does something: "Turkey put the figure", "Russia said"."""
    if place.feature != "country" or place.span is None or not syntax.parsed(doc):
        return False
    tokens = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
    return tokens is not None and syntax.relation(tokens.root) in syntax.SUBJECTS


def within(found: Iterable[Place], span: Span) -> tuple[Place, ...]:
    """The places whose words lie inside `span`, in text order."""
    return tuple(p for p in found if p.span is not None and span.covers(p.span))


def nearest(found: Iterable[Place], span: Span) -> Place | None:
    """The place nearest to `span` by code points; one before it wins a tie."""
    return min(
        (p for p in found if p.span is not None),
        key=lambda p: (_distance(p.span, span), p.span.start if p.span else 0),
        default=None,
    )


def _distance(a: Span | None, b: Span) -> int:
    if a is None:
        return 1 << 30
    return max(0, a.start - b.end, b.start - a.end)
