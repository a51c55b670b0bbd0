"""Contents that are no clause: "residents to leave", "the army of shelling", "over the fate", "an end to it"."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.actors.cast import nominal_kind
from kg.nlp.attribution import tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, NARRATOR, QUOTE_MARKS, STOPS, Page
from kg.nlp.inflection import singulars
from kg.types import ActorKind

_ADDS = frozenset({"but", "according", "citing", "saying", "adding"})

Found = tuple[tuple[int, int], str, float]  # code points, rule, confidence


def through_quote(page: Page, start: int, end: int) -> int:
    """Carries a content that begins before or with a quotation on to the end of it."""
    quote = page.quote_around(end - 1)
    return max(end, quote.end) if quote is not None and start <= quote.start and quote.end - end < 1500 else end


def _range(page: Page, tokens: Sequence[Token], begin: int, stop: int, *, beyond: int = 0) -> tuple[int, int] | None:
    """Code points from the first to the last word of these subtrees, without trailing clauses of the article.

    `beyond`: token before which no clause is taken for the article's.
    """
    tokens = [t for t in tokens if t.i >= begin]
    if not tokens:
        return None
    start = max(begin, min(t.left_edge.i for t in tokens))
    end = min(stop, max(t.right_edge.i for t in tokens) + 1)
    end = next((j for j in range(max(start + 1, beyond), end) if _narrates(page, j)), end)
    end = tails.without_medium(page, start, end)
    while end - 1 > start and (page.doc[end - 1].is_space or page.doc[end - 1].text in STOPS | COMMAS):
        end -= 1
    while start < end - 1 and (page.doc[start].is_space or page.doc[start].text in COMMAS):
        start += 1
    if end <= start:
        return None
    return page.offsets[start], through_quote(page, page.offsets[start], page.end_of(end - 1))


def _narrates(page: Page, j: int) -> bool:
    """True if a clause of the article's own begins at token `j`."""
    if page.quote_around(page.offsets[j]):
        return False
    if page.doc[j].lower_ in ("as", "after", "amid", "following"):
        return _opens_clause(page.doc[j])
    behind = page.after(j)
    if page.doc[j].text not in (",", ";", "—", "–") or behind is None:
        return False
    return behind.tag_ in ("WP", "WDT", "WRB") or behind.lower_ in NARRATOR | _ADDS


def _opens_clause(token: Token) -> bool:
    """True for "as" and "after" with a finite clause; in a headline the parse may miss that it is one."""
    doc, i = token.doc, token.i
    if any(t.lower_ == "as" for t in doc[max(0, i - 3) : i]):
        return False
    if syntax.relation(token) == "mark" and tails.finite_clause(token.head):
        return True
    end = next((t.i for t in doc[i:] if t.is_space and "\n" in t.text), len(doc))
    headline = end < len(doc) and doc[end - 1].text not in STOPS and not any("\n" in t.text for t in doc[:i])
    if headline and token.lower_ != "as" and token.pos_ in ("ADP", "SCONJ", "VERB"):
        return True  # "appeals for help after second storm": what came before is the article's own
    return headline and token.lower_ == "as" and any(t.tag_ in ("VBZ", "VBD", "VBP") for t in doc[i : i + 6])


def infinitive(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "urged residents to leave": from the person addressed to the end of the infinitive."""
    if "infinitive" not in hit.frames:
        return None
    verb = page.doc[hit.head]
    todo = [
        c
        for c in verb.children
        if c.i >= hit.end and syntax.relation(c) in ("xcomp", "ccomp", "advcl") and _is_infinitive(c)
    ]
    target = [
        o
        for o in (*syntax.objects(verb), *syntax.children(verb, "iobj", "obl", *syntax.SUBJECTS))
        if o.i >= hit.end and (not todo or o.i < todo[0].i)
    ]
    if not todo:
        nested = [c for o in target for c in syntax.children(o, "acl", "xcomp") if _is_infinitive(c)]
        if not nested:
            return None
        todo = nested
    needs_hearer = hit.verb is not None and hit.verb.addressee and hit.verb.lemma != "ask"
    hidden = (todo[0], *syntax.objects(todo[0]))
    if any(t.lower_ in page.lexicon.anonymity for t in hidden) or (needs_hearer and not target and not hit.passive):
        return None
    alone = hit.passive or (hit.verb is not None and "hearer" in hit.verb.frames)
    span = _range(page, [*target, todo[0]] if not alone else [todo[0]], hit.end, stop)
    return (span, "infinitive", 0.9) if span is not None else None


def _is_infinitive(token: Token) -> bool:
    return any(
        c.lower_ in ("to", "not") and c.i < token.i and syntax.relation(c) in ("mark", "aux") for c in token.children
    ) and token.pos_ in ("VERB", "ADJ", "NOUN")


def of(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "accused the army of shelling the town"."""
    word = next((w for w in ("of", "for") if w in hit.frames), None)
    if word is None:
        return None
    verb = page.doc[hit.head]
    parts = [
        c
        for c in verb.children
        if c.i >= hit.end and syntax.relation(c) in ("obj", "iobj", "obl", "advcl", "xcomp", "ccomp")
    ]
    reached = max((t.right_edge.i for t in parts), default=hit.end)
    marks = [t.i for t in page.doc[hit.end : min(stop, reached + 1)] if t.lower_ == word]
    if not marks:
        return None
    gerunds = [i for i in marks if i + 1 < stop and page.doc[i + 1].tag_ == "VBG"]
    span = _range(page, parts, hit.end, stop, beyond=(gerunds or marks)[0] + 1)
    return (span, "accuse" if word == "of" else "blame", 0.95) if span is not None else None


def as_something(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "described it as a massacre", "called the fire a tragedy"."""
    if "as" not in hit.frames:
        return None
    verb = page.doc[hit.head]
    parts = [
        c
        for c in verb.children
        if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "xcomp", "ccomp", "iobj", "advcl")
    ]
    if hit.passive:
        parts = [p for p in parts if p.left_edge.lower_ == "as" or p.doc[p.left_edge.i].text in QUOTE_MARKS]
    elif hit.verb is not None and hit.verb.lemma == "call":
        second = _second_noun(page, hit, stop)
        parts += [second] if second is not None and second not in parts else []
        named = second is not None or any(syntax.relation(c) in ("xcomp", "ccomp", "iobj") for c in parts)
        if not named and not _quote_inside(page, parts):
            return None
    elif not _worth_saying(page, hit, parts):
        return None
    span = _range(page, parts, hit.end, stop)
    return (span, "as", 0.85) if span is not None and span[1] - span[0] > 8 else None


def _second_noun(page: Page, hit: Hit, stop: int) -> Token | None:
    """ "called the plan a mistake": the noun right behind the object that has an article or quotation marks."""
    for thing in syntax.objects(page.doc[hit.head]):
        after = max(syntax.phrase(thing)[1], thing.i + 1)
        for j in range(after, min(stop, after + 12)):
            token = page.doc[j]
            if token.text in COMMAS | STOPS or syntax.is_verb(token):
                break
            if token.text in QUOTE_MARKS or (token.lower_ in ("a", "an", "the") and page.doc[j - 1].pos_ != "ADP"):
                noun = next((t for t in page.doc[j : min(stop, j + 8)] if t.pos_ in ("NOUN", "ADJ", "PROPN")), None)
                head = noun if noun is None or noun.head.i < j or noun.head.i >= stop else noun.head
                return head if head is not None and head.lower_ not in tails.TIMES else None
    return None


def _worth_saying(page: Page, hit: Hit, parts: Sequence[Token]) -> bool:
    """False where the object of a cue is a person, a pronoun, or nothing that can be said."""
    things = [o for o in parts if syntax.relation(o) in ("obj", "iobj")]
    if any(p.left_edge.lower_ == "as" for p in parts) or _quote_inside(page, parts):
        return True
    return all(_sayable(page, hit, o) for o in things)


def _sayable(page: Page, hit: Hit, thing: Token) -> bool:
    if hit.verb is not None and hit.verb.lemma == "blame":
        return thing.pos_ != "PRON"
    if "claims" in hit.frames:
        return bool(page.lexicon.claims.intersection(singulars(thing.lower_)))
    if thing.pos_ == "PRON" and thing.tag_ in ("PRP", "DT", "WP", "WDT"):
        return False
    counted = bool(syntax.children(thing, "nummod"))
    person = thing.ent_type_ == "PERSON" or nominal_kind(thing) is ActorKind.UNNAMED_PERSON
    return counted or not person


def _quote_inside(page: Page, parts: Sequence[Token]) -> bool:
    return any(t.text in QUOTE_MARKS for p in parts for t in p.subtree)


def prepositional(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "warned over the fate of ...", "issued warnings for strong winds"."""
    if not hit.prepositions or hit.kind is Kind.FIGURE:
        return None
    verb = page.doc[hit.head]
    heads = [verb] if hit.kind is not Kind.LIGHT else [verb, page.doc[hit.end - 1]]
    for head in heads:
        for preposition, noun in syntax.obliques(head):
            first = min([c.i for c in noun.children if c.lower_ == preposition.split()[0]], default=noun.left_edge.i)
            if preposition in hit.prepositions and hit.end <= first < hit.end + 12:
                later = [n for word, n in syntax.obliques(verb) if n.i > noun.i and word in ("in", "within", "by")]
                span = _range(page, [noun, *later[:1]], max(hit.end, min(first, noun.left_edge.i)), stop)
                if span is not None:
                    return span, "preposition", 0.85
    for child in verb.children:
        if (
            child.i > hit.end
            and syntax.relation(child) in ("advcl", "ccomp")
            and child.left_edge.lower_ in hit.prepositions
        ):
            span = _range(page, [child], hit.end, stop)
            return (span, "preposition", 0.85) if span is not None else None
    return None


def noun_phrase(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "denied any role in the attack", "called for an end to the strike"."""
    if hit.passive:
        return _subject(page, hit) if "by" in hit.frames else None
    if not hit.frames & {"noun", "claims", "quoted", "counted"}:
        return None
    verb = page.doc[hit.head]
    particles = hit.verb.particles if hit.verb is not None else ()
    parts = [o for o in syntax.objects(verb) if o.i >= hit.end]
    parts += _beside_object(hit, verb, parts)
    if "counted" in hit.frames and not any(t.like_num for o in parts[:1] for t in page.doc[o.left_edge.i : o.i + 1]):
        return None
    if particles:
        parts += [n for p, n in syntax.obliques(verb) if n.i >= hit.end and p == particles[-1]]
        parts += [
            c
            for c in verb.children
            if c.i >= hit.end and syntax.relation(c) in ("obl", "advcl", "ccomp", "xcomp") and c not in parts
        ]
        parts = [p for p in parts if p.left_edge.i <= hit.end + 1 or p.i < hit.end + 10]
    if not particles and not _worth_saying(page, hit, parts[:1]):
        return None
    if "quoted" in hit.frames and not _quote_inside(page, parts[:1]):
        return None
    span = _range(page, parts[:2] if particles or _beside_object(hit, verb, parts[:1]) else parts[:1], hit.end, stop)
    if span is None or span[1] - span[0] < 4 or page.text[span[0] : span[1]].lower() in ("it", "that", "this", "so"):
        return None
    return (span[0], _with_places(page, hit, span[1], stop)), "noun", 0.75


def _beside_object(hit: Hit, verb: Token, parts: Sequence[Token]) -> list[Token]:
    """ "promised my predecessor | a bridge", "reported 17 people | killed": what belongs to the object of a cue."""
    if hit.verb is None or not parts:
        return []
    if hit.verb.force == "commit":
        return [c for c in syntax.children(verb, "iobj") if c.i >= hit.end]
    end = max(syntax.phrase(parts[0])[1], parts[0].i + 1)
    return [c for c in syntax.children(verb, "ccomp", "xcomp") if c.tag_ == "VBN" and c.left_edge.i == end]


def _with_places(page: Page, hit: Hit, end: int, stop: int) -> int:
    """Carries "up to 200 millimetres" on over "within 24 hours in the basin", not over when or by what it was said.

    What is promised or foretold has a time of its own: "a bridge by December".
    """
    verb = page.doc[hit.head]
    future = hit.verb is not None and hit.verb.force in ("commit", "expect")
    i = page.token_at(end - 1) + 1
    while i < stop and page.doc[i].pos_ == "ADP" and page.end_of(i - 1) >= end:
        noun = next((n for _, n in syntax.obliques(verb) if n.left_edge.i == i), None)
        said = tails.said_where(page, i, stop) and not (future and page.doc[i].lower_ in ("by", "within", "before"))
        if noun is None or said or noun.right_edge.i >= stop:
            break
        last = noun.right_edge.i
        if any(t.text in COMMAS for t in page.doc[i : last + 1]):
            break
        end, i = page.end_of(last), last + 1
    return end


def _subject(page: Page, hit: Hit) -> Found | None:
    """ "The deaths were confirmed by the hospital": the subject is what was said."""
    verb = page.doc[hit.head]
    who = next((noun for word, noun in syntax.obliques(verb) if word == "by"), None)
    what = next(iter(syntax.children(verb, *syntax.PASSIVE_SUBJECTS, *syntax.SUBJECTS)), None)
    if who is None or what is None or what.i > hit.start or not _sayable(page, hit, what):
        return None
    if what.pos_ == "PRON" or syntax.relation(verb) in ("acl:relcl", "acl", "conj"):
        return None
    start, end = syntax.phrase(what)
    span = (page.offsets[start], page.end_of(end - 1))
    return (span, "passive", 0.7) if span[1] - span[0] > 8 else None


def gerund(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "denied using force", "admitted having lied"."""
    if "gerund" not in hit.frames or hit.passive or begin >= stop:
        return None
    first = page.doc[begin]
    if first.tag_ != "VBG" or first.pos_ not in ("VERB", "AUX"):
        return None
    whole = first if first.head == page.doc[hit.head] or first.head.i < begin else first.head
    span = _range(page, [whole, first], begin, stop)
    return (span, "gerund", 0.85) if span is not None else None


def figure(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "put the figure of evacuees at 8,000"."""
    if hit.kind is not Kind.FIGURE:
        return None
    verb = page.doc[hit.head]
    parts = [c for c in verb.children if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "xcomp")]
    value = next((t.i for t in page.doc[hit.end : stop] if t.lower_ in hit.prepositions), stop)
    numbers = [t for t in page.doc[value:stop] if t.like_num][:1]
    numbers += [t for t in page.doc[value:stop] if t.like_num and _next_figure(t)]
    span = _range(page, [*parts, *numbers], hit.end, stop)
    if span is None:
        return None
    return (span[0], _with_unit(page, span[1], stop)), "figure", 0.97


def _next_figure(number: Token) -> bool:
    """ "45 dead and 60 injured": a figure coordinated with another one by print, whatever the parse says."""
    i = number.i - 1
    return i > 1 and number.doc[i].lower_ in ("and", ",") and number.doc[i - 2].like_num


def _with_unit(page: Page, end: int, stop: int) -> int:
    """The end of "60 injured" where the parse hung the word behind the number elsewhere."""
    i = page.token_at(end - 1)
    unit = page.doc[i].like_num and i + 1 < stop and page.doc[i + 1].tag_ in ("JJ", "VBN", "VBD", "NN", "NNS")
    return page.end_of(i + 1) if unit else end
