"""Speech that only its place on the page marks: headlines with a source behind a dash, transcripts, interviews."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Token

from kg.linking.actors import known_actor
from kg.nlp.actors.cast import nominal_kind
from kg.nlp.actors.known import cast_of
from kg.nlp.actors.lexicon import actor_words
from kg.nlp.attribution import tails
from kg.nlp.attribution.page import QUOTE_MARKS, Draft, Page, Phrase
from kg.nlp.attribution.quotes import TERMINAL
from kg.types import ActorKind

LONGEST_NAME = 6  # tokens of a source behind the dash of a headline
SHORTEST_HEADLINE = 4  # tokens before the dash
PROMPT = 20  # tokens of a paragraph that prompts the next answer without asking
TURNS = 3  # labels or questions from which on a page is a transcript or an interview
_DASHES = frozenset({"-", "–", "—", "―", "--"})
_TURN = re.compile(r"(?:[A-Z][A-Z.'’ -]{1,30}|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}|Q|A):\s+(?=\S)")


def drafts(page: Page, known: Sequence[Draft]) -> list[Draft]:
    """Statements of headlines, transcripts and interviews in paragraphs that hold none of the `known`."""
    free = [p for p in page.layout.paragraphs if not _told(page, p, known)]
    return [*(_headline(page, known) or _labelled(page, known)), *(_transcript(page, free) or _interview(page, free))]


def _told(page: Page, paragraph: tuple[int, int], known: Sequence[Draft]) -> bool:
    low, high = page.offsets[paragraph[0]], page.end_of(paragraph[1] - 1)
    return any(d.content[0] < high and low < d.content[1] and d.cue is None for d in known)


def _first_line(page: Page) -> tuple[int, int]:
    """The tokens of the headline without white space behind it; none if the page has but one paragraph."""
    if len(page.layout.paragraphs) < 2:
        return 0, 0
    first, stop = page.layout.paragraphs[0]
    while stop > first and page.doc[stop - 1].is_space:
        stop -= 1
    return first, stop


def _headline(page: Page, known: Sequence[Draft]) -> list[Draft]:
    """ "Death toll climbs to 12 - Emergencies Ministry": a source behind the last dash of the first line."""
    first, stop = _first_line(page)
    dash = next((i for i in range(stop - 2, max(first + 2, stop - LONGEST_NAME - 2), -1) if _free_dash(page, i)), None)
    if dash is None or page.doc[stop - 1].text in TERMINAL or dash - first < SHORTEST_HEADLINE:
        return []
    head = page.doc[dash + 1 : stop].root
    if tails.finite(page, dash + 1, stop) or not _names_speaker(head) or _told(page, (first, stop), known):
        return []
    who = Phrase.around(dash + 1, stop, head.i)
    content = (page.offsets[first], page.end_of(dash - 1))
    return [Draft(content, None, who, dash + 1, "headline", 0.7)]


def _labelled(page: Page, known: Sequence[Draft]) -> list[Draft]:
    """ "Coastguard: Four dead as boat sinks": a speaker before the colon of the first line."""
    first, stop = _first_line(page)
    colon = next((i for i in range(first + 1, min(first + LONGEST_NAME, stop)) if page.doc[i].text == ":"), None)
    if colon is None or stop - colon < SHORTEST_HEADLINE or _told(page, (first, stop), known):
        return []
    label = page.doc[first:colon]
    listed = known_actor(label.text) is not None
    speaks = _names_speaker(label.root) or listed or nominal_kind(label.root) is ActorKind.DOCUMENT
    if tails.finite(page, first, colon) or not speaks or label.root.text in actor_words().agencies:
        return []
    if label.root.ent_type_ == "PERSON" and not tails.finite(page, colon + 1, stop):
        return []  # "Ana Ruiz: a life in pictures"
    content = (page.offsets[colon + 1], page.end_of(stop - 1))
    if any(d.cue is not None and d.content[0] < content[1] and content[0] < d.content[1] for d in known):
        return []
    who = Phrase.around(first, colon, label.root.i)
    return [Draft(content, None, who, first, "headline", 0.65)]


def _free_dash(page: Page, i: int) -> bool:
    return page.doc[i].text in _DASHES and bool(page.doc[i].whitespace_) and bool(page.doc[i - 1].whitespace_)


def _names_speaker(head: Token) -> bool:
    words = actor_words()
    outlet = head.text in words.agencies or words.kin.get(head.lower_, frozenset()) & {"newspaper"}
    if outlet or head.lower_ in words.outlets | {"news", "media", "online", "tv", "radio"}:
        return False  # the name of the site, not of a source
    return head.ent_type_ in ("PERSON", "ORG") or nominal_kind(head) not in (None, ActorKind.DOCUMENT)


def _transcript(page: Page, paragraphs: Sequence[tuple[int, int]]) -> list[Draft]:
    """ "SMITH: We left at noon.": each labelled paragraph is its speaker's, if the page has several such."""
    found = [(p, m) for p in paragraphs if (m := _TURN.match(page.text, page.offsets[p[0]])) is not None]
    if len(found) < TURNS or len({m.group() for _, m in found}) == len(found):
        return []
    out = []
    for (first, stop), match in found:
        begin = page.token_at(match.end())
        label = page.doc[first:begin]
        if match.group()[:2] == "Q:" or begin >= stop:
            continue
        answerer = _answerer(page, found[0][0][0]) if match.group()[:2] == "A:" else None
        if match.group()[:2] == "A:" and answerer is None:
            continue
        who = answerer or Phrase.around(
            first, max(first + 1, begin - 1), label.root.i if label.root.i < begin - 1 else first
        )
        content = (page.offsets[begin], _end(page, stop))
        out.append(Draft(content, None, who, first, "transcript", 0.8))
    return out


def _answerer(page: Page, first: int) -> Phrase | None:
    """The person named last before token `first`, where questions and answers begin; None if nobody is."""
    persons = cast_of(page.doc).within(0, first)
    named = [m for m in persons if m.kind is ActorKind.PERSON and m.entity is not None]
    return Phrase.around(named[-1].start, named[-1].end, named[-1].head) if named else None


def _interview(page: Page, paragraphs: Sequence[tuple[int, int]]) -> list[Draft]:
    """Paragraphs of answers behind paragraphs that only ask: the person named last before the first question."""
    asks = [p for p in paragraphs if _asks(page, p)]
    if len(asks) < TURNS or asks[0][0] == 0:
        return []
    who = _answerer(page, asks[0][0])
    talks = any(t.lower_ in _TALKS for t in page.doc[: asks[0][0]])
    if who is None or not talks:
        return []
    out, answers = [], False
    for first, stop in page.layout.paragraphs:
        if _asks(page, (first, stop)):
            answers = True
        elif answers:
            begin = _behind_bracket(page, first, stop)
            if page.doc[begin].text not in QUOTE_MARKS:
                out.append(Draft((page.offsets[begin], _end(page, stop)), None, who, first, "interview", 0.65))
            answers = False
        elif out and stop - first < PROMPT:
            answers = True
    return out


_TALKS = frozenset({"interview", "conversation", "spoke", "talked", "asked", "answers", "questions"})


def _asks(page: Page, paragraph: tuple[int, int]) -> bool:
    first, stop = paragraph
    text = page.text[page.offsets[first] : _end(page, stop)]
    return text.endswith("?") and stop - first < 40 and text.count(".") < 2 and text[:1] not in "\"“'‘"


def _behind_bracket(page: Page, first: int, stop: int) -> int:
    """ "(She laughs.) He promised": the answer begins behind what the article puts in brackets."""
    if page.doc[first].text != "(":
        return first
    close = next((i for i in range(first, stop) if page.doc[i].text == ")"), first)
    return close + 1 if close + 1 < stop else first


def _end(page: Page, stop: int) -> int:
    while stop > 1 and page.doc[stop - 1].is_space:
        stop -= 1
    return page.end_of(stop - 1)
