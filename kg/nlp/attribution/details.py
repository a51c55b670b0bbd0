"""What else a statement says about itself: hearer, document, who passed it on, whom it blames, when it was said."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from kg.nlp import syntax
from kg.nlp.actors.cast import Cast, nominal_kind
from kg.nlp.actors.resolve import resolve
from kg.nlp.attribution.page import Draft, Page, Phrase
from kg.nlp.records import get
from kg.types import ActorKind, Resolution, Role, Source, Span, Statement, TimeScope

NEAR = 60  # code points between a cue and the words that date it


def role(page: Page, phrase: Phrase | None) -> Role | None:
    """A phrase's words with their place."""
    if phrase is None:
        return None
    span = span_of(page, phrase)
    return Role(span.of(page.text), span)


def span_of(page: Page, phrase: Phrase) -> Span:
    """The code points of a phrase."""
    return Span(page.offsets[phrase.start], page.end_of(phrase.end - 1))


def document(page: Page, draft: Draft, source: Source) -> Source | None:
    """The letter or statement a source speaks through: "their letter said"."""
    if source.kind is ActorKind.DOCUMENT:
        return source
    if draft.source is None or draft.cue is None or nominal_kind(page.doc[draft.source.head]) is not ActorKind.DOCUMENT:
        return None
    span = span_of(page, draft.source)
    return Source(span.of(page.text), ActorKind.DOCUMENT, span, Resolution.DESCRIPTION)


def responsible(page: Page, draft: Draft) -> Role | None:
    """Whom an accusation is made against: "accused the army of ..."."""
    if draft.hit is None or draft.cue is None or draft.hit.verb is None or draft.hit.verb.force != "blame":
        return None
    verb = page.doc[draft.hit.head]
    target = next((o for o in [*syntax.objects(verb), *syntax.children(verb, "iobj")] if o.i > verb.i), None)
    if target is None or (nominal_kind(target) is None and not target.ent_type_ and target.pos_ != "PROPN"):
        return None
    start, end = syntax.phrase(target)
    while end - 1 > target.i and page.doc[end - 1].lower_ not in ("'s", "’s") and _of_within(page, target.i, end):
        end -= 1
    return role(page, Phrase.around(max(start, draft.hit.end), end, target.i))


def _of_within(page: Page, start: int, end: int) -> bool:
    return any(t.lower_ in ("of", "for") for t in page.doc[start:end])


def quoted_by(page: Page, cast: Cast, draft: Draft) -> Source | None:
    """ "was quoted by Xinhua as saying": the agency in between."""
    verb = draft.hit.verb if draft.hit is not None else None
    if draft.hit is None or draft.cue is None or verb is None or "passive_as" not in verb.frames:
        return None
    cited = page.doc[draft.hit.head]
    agents = [n for word, n in syntax.obliques(cited) if word == "by"]
    agent = next(iter(agents), None) if draft.hit.passive else syntax.subject(cited)
    if agent is None:
        return None
    start, end = syntax.phrase(agent)
    return resolve(page.doc, cast, start, end, agent.i).source


def dated(page: Page, found: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements with the time words that date the saying, where the Doc carries time expressions."""
    times = sorted(get(page.doc, "times", TimeScope), key=lambda t: t.span.start)
    if not times:
        return tuple(found)
    starts = [t.span.start for t in times]
    contents = [s.content for s in found]
    return tuple(replace(s, said_at=_said_at(page, s, times, starts, contents)) for s in found)


def _said_at(
    page: Page, s: Statement, times: Sequence[TimeScope], starts: Sequence[int], contents: Sequence[Span]
) -> TimeScope | None:
    if s.cue is None:
        return None
    sentence = page.sentence(page.token_at(s.cue.start))
    low = max(page.offsets[sentence[0]], s.cue.start - NEAR)
    high = min(page.end_of(sentence[1] - 1), s.cue.end + NEAR)
    near = times[bisect_left(starts, low) : bisect_left(starts, high)]
    free = [t for t in near if not s.content.overlaps(t.span) and not _held(t.span, s.cue, contents)]
    behind = [t for t in free if t.span.start >= s.cue.end]
    return behind[0] if behind else free[-1] if free else None


def _held(span: Span, cue: Span, contents: Sequence[Span]) -> bool:
    """True if the words belong to a content that does not hold the cue too."""
    return any(c.overlaps(span) and not c.covers(cue) for c in contents)
