"""Contents that stand behind their cue: clauses, quotations, noun phrases, "X to do Y", "X of Y", "over Y"."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.attribution import tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, QUOTE_MARKS, STOPS, Draft, Page, Phrase
from kg.nlp.attribution.quotes import TERMINAL

_NARRATOR = frozenset(
    {"as", "while", "after", "before", "when", "although", "though", "amid", "following", "where", "whereas"}
)
_MARKS = frozenset({"that", ":", ","})


def draft(
    page: Page, hit: Hit, who: Phrase | None, stop: int, *, elided: bool = False, follows: int | None = None
) -> Draft | None:
    """The statement whose content follows the cue before token `stop`; None if there is none."""
    found = _content(page, hit, stop)
    if found is None:
        return None
    span, rule, confidence, addressee = found
    at = who.start if who is not None and not elided else hit.start
    return Draft(
        span, (hit.start, hit.end), who, at, rule, confidence * hit.weight, hit, elided, None, addressee, follows
    )


def _content(page: Page, hit: Hit, stop: int) -> tuple[tuple[int, int], str, float, Phrase | None] | None:
    verb = page.doc[hit.head]
    begin, addressee = (
        (hit.end, None)
        if hit.kind is not Kind.VERB
        else tails.skip(page, hit.end, verb, stop, spoken_to=hit.verb is None or hit.verb.addressee)
    )
    for attempt in (_figure, _quoted, _colon, _clause, _infinitive, _of, _as, _prepositional, _noun):
        found = attempt(page, hit, begin, stop)
        if found is not None:
            return *found, addressee
    return None


Found = tuple[tuple[int, int], str, float]


def _quoted(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "X said: '...'" and "X said that '...' and more"."""
    if not hit.frames & {"quote", "clause"}:
        return None
    i = begin
    while i < stop and (page.doc[i].is_space or page.doc[i].lower_ in _MARKS):
        i += 1
    if i >= stop or (page.doc[i].text in (".", ":") and i >= stop - 1):
        return _next_paragraph(page, hit, begin) or _next_quote(page, hit, i)
    if page.doc[i].text not in QUOTE_MARKS:
        return None
    quote = page.quote_around(page.offsets[i])
    if quote is None or quote.start != page.offsets[i]:
        return None
    if "quote_trailing" in hit.frames and "clause" not in hit.frames and page.doc[i - 1].text not in (",", ":"):
        return None
    if quote.inner(page.text)[-1:] in set(TERMINAL + ",") or quote.closing.value == "open":
        return (quote.start, quote.end), "leading-quote", 1.0
    after = page.token_at(quote.end)
    end = _end(page, hit, i, stop)
    last = max(page.end_of(end - 1), quote.end) if end > after else quote.end
    return (quote.start, _through_quote(page, quote.start, last)), "leading-quote", 0.98


def _colon(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "described the night: '...'": some words, a colon, a quotation."""
    for i in range(begin, min(stop, begin + 20)):
        if page.doc[i].text == ":":
            after = page.after(i)
            quote = page.quote_around(page.offsets[after.i]) if after is not None else None
            if quote is None or after is None or quote.start != page.offsets[after.i] or tails.finite(page, begin, i):
                return None
            return (quote.start, quote.end), "leading-colon", 0.95
    return None


def _next_paragraph(page: Page, hit: Hit, begin: int) -> Found | None:
    """A colon at the end of a paragraph, the quotation in the next."""
    last = page.before(begin + 1) if begin < len(page.doc) else None
    stop = page.sentence(hit.head)[1]
    if page.doc[stop - 1].text != ":" and (last is None or last.text != ":"):
        return None
    paragraph = page.layout.paragraph(hit.head) + 1
    if paragraph >= len(page.layout.paragraphs) or page.layout.paragraphs[paragraph - 1][1] > stop:
        return None
    first, after = page.layout.paragraphs[paragraph]
    quote = page.quote_around(page.offsets[first])
    if quote is not None:
        return (quote.start, quote.end), "leading-quote", 0.95
    return ((page.offsets[first], page.end_of(after - 1)), "leading-block", 0.7) if after - first > 7 else None


def _next_quote(page: Page, hit: Hit, i: int) -> Found | None:
    """ "Mr. Burman said of the plan. 'It is ...'": nothing in the sentence itself, a quotation right behind it."""
    after = page.after(min(i, len(page.doc) - 1))
    quote = page.quote_around(page.offsets[after.i]) if after is not None else None
    if (
        quote is None
        or after is None
        or quote.start != page.offsets[after.i]
        or len(quote.inner(page.text).split()) < 3
    ):
        return None
    return (quote.start, quote.end), "leading-quote", 0.85


def _clause(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    if "clause" not in hit.frames:
        return None
    verb = page.doc[hit.head]
    start = begin
    marked = False
    while start < stop and (
        page.doc[start].is_space or page.doc[start].text in (",", ":") or _is_mark(page.doc[start])
    ):
        marked = marked or _is_mark(page.doc[start])
        start += 1
    complement = tails.right_complement(page, verb, hit.end, stop)
    if not marked:
        start, marked = _to_mark(page, start, stop, complement, begin)
    if start >= stop or (complement is None and not tails.finite(page, start, stop)):
        return None
    if not marked and complement is None and (not _reads_as_clause(page, hit, start, stop)):
        return None
    if not marked and complement is not None and syntax.relation(complement) == "xcomp" and "infinitive" in hit.frames:
        return None
    end = _end(page, hit, start, stop)
    if end <= start:
        return None
    rule = "leading-that" if marked else "leading-clause"
    confidence = 0.97 if marked and complement is not None else 0.93 if complement is not None else 0.8
    begins = page.offsets[start]
    return (begins, _through_quote(page, begins, page.end_of(end - 1))), rule, confidence


def _is_mark(token: Token) -> bool:
    return token.lower_ == "that" and (
        token.tag_ == "IN" or syntax.relation(token) not in ("det", "nsubj", "nsubj:pass", "obj", "nmod", "obl")
    )


def _to_mark(page: Page, start: int, stop: int, complement: Token | None, begin: int) -> tuple[int, bool]:
    """Jumps to a "that" that marks the complement some words on ("told a news conference in Paris that")."""
    if page.doc[begin].text == "," and start > begin:
        for j in range(start, min(stop - 1, start + 25)):
            if page.doc[j].text == "," and page.doc[j + 1].lower_ == "that" and not tails.finite(page, start, j):
                return j + 2, True
    if complement is None:
        return _distant_mark(page, start, stop)
    for mark in syntax.children(complement, "mark"):
        if mark.lower_ == "that" and start < mark.i < stop and mark.i - start < 30:
            return mark.i + 1, True
    return start, False


def _distant_mark(page: Page, start: int, stop: int) -> tuple[int, bool]:
    """The first "that" some words on, if no finite verb stands before it: "said in a statement issued by X that"."""
    for j in range(start, min(stop - 1, start + 20)):
        token = page.doc[j]
        if token.lower_ == "that" and token.tag_ == "IN":
            return (start, False) if tails.finite(page, start, j) else (j + 1, True)
    return start, False


def _reads_as_clause(page: Page, hit: Hit, start: int, stop: int) -> bool:
    """Without help from the parse: a subject and a finite verb follow at once."""
    if (
        hit.verb is not None
        and hit.verb.lemma == "say"
        and page.doc[start].pos_ in ("DET", "PRON", "PROPN", "NOUN", "NUM", "ADJ")
    ):
        return page.doc[start].lower_ not in ("so", "much", "as", "nothing", "little", "no")
    if hit.verb is None or hit.verb.lemma not in (
        "say",
        "add",
        "warn",
        "claim",
        "note",
        "announce",
        "insist",
        "argue",
        "report",
    ):
        return False
    if page.doc[start].pos_ in ("ADP", "SCONJ", "CCONJ", "PUNCT") and page.doc[start].lower_ not in (
        "in",
        "at",
        "if",
        "when",
        "after",
    ):
        return False
    subjects = syntax.SUBJECTS | syntax.PASSIVE_SUBJECTS | {"expl"}
    near = [t for t in page.doc[start : min(stop, start + 10)] if syntax.relation(t) in subjects and t.i < t.head.i]
    return bool(near) and near[0].tag_ not in ("WDT", "WP") and near[0].lower_ != "that"


def _end(page: Page, hit: Hit, start: int, stop: int) -> int:
    """Token behind the last word of a clause content that begins at `start`."""
    verb = page.doc[hit.head]
    end = stop
    for child in verb.children:
        if child.i <= start or syntax.relation(child) not in ("conj", "advcl", "parataxis", "obl"):
            continue
        left = child.left_edge.i
        if left > start + 2 and _leaves(page, verb, child, left):
            end = min(end, left)
    if syntax.relation(verb) in ("acl:relcl", "advcl", "acl", "csubj", "advcl:relcl") or hit.kind is Kind.NOUN:
        end = min(end, _subtree_end(page, verb, start, stop))
    end = next(
        (j for j in range(start + 1, end) if page.doc[j].text == ";" and not page.quote_around(page.offsets[j])), end
    )
    while end - 1 > start and (
        page.doc[end - 1].is_space
        or page.doc[end - 1].text in STOPS | COMMAS
        or page.doc[end - 1].lower_ in ("and", "but", "or", "while")
    ):
        end -= 1
    return end


def _leaves(page: Page, verb: Token, child: Token, left: int) -> bool:
    """True if a later dependant of the cue is the article's own again."""
    before = page.before(left)
    first = page.doc[left]
    label = syntax.relation(child)
    if label == "conj" and syntax.is_verb(child):
        who = syntax.subject(child, elided=False)
        return who is None or (
            before is not None and before.text in COMMAS and who.lower_ in ("he", "she", "they", "it")
        )
    if label == "advcl" and before is not None and before.text in COMMAS:
        return first.lower_ in _NARRATOR or child.tag_ == "VBG"
    return False


def _subtree_end(page: Page, verb: Token, start: int, stop: int) -> int:
    """End of the cue's own clause inside a larger sentence."""
    edges = [
        c.right_edge.i + 1
        for c in verb.children
        if c.i >= start and syntax.relation(c) in ("ccomp", "xcomp", "obj", "obl", "parataxis", "acl")
    ]
    return min(stop, max(edges)) if edges and max(edges) > start + 1 else stop


def _through_quote(page: Page, start: int, end: int) -> int:
    """Carries a content that begins before or with a quotation on to the end of it."""
    quote = page.quote_around(end - 1)
    return max(end, quote.end) if quote is not None and start <= quote.start and quote.end - end < 1500 else end


def _range(page: Page, tokens: Sequence[Token], begin: int, stop: int) -> tuple[int, int] | None:
    """Code points from the first to the last word of these tokens' subtrees, without trailing clauses of the article."""
    tokens = [t for t in tokens if t.i >= begin]
    if not tokens:
        return None
    start = max(begin, min(t.left_edge.i for t in tokens))
    end = min(stop, max(t.right_edge.i for t in tokens) + 1)
    for j in range(start + 1, end):
        behind = page.after(j)
        if (
            page.doc[j].lower_ in ("as", "after")
            and j > start
            and _opens_clause(page.doc[j])
            and not page.quote_around(page.offsets[j])
        ):
            end = j
            break
        if page.doc[j].text in (",", ";", "—", "–") and behind is not None and (
            behind.tag_ in ("WP", "WDT", "WRB") or behind.lower_ in _NARRATOR or behind.lower_ in ("but", "according", "citing", "saying", "adding")
        ) and not page.quote_around(page.offsets[j]):  # fmt: skip
            end = j
            break
    while end - 1 > start and (page.doc[end - 1].is_space or page.doc[end - 1].text in STOPS | COMMAS):
        end -= 1
    while start < end - 1 and (page.doc[start].is_space or page.doc[start].text in COMMAS):
        start += 1
    if end <= start:
        return None
    return page.offsets[start], _through_quote(page, page.offsets[start], page.end_of(end - 1))


def _opens_clause(token: Token) -> bool:
    """True for "as" and "after" with a finite clause; in a headline the parse may miss that it is one."""
    doc, i = token.doc, token.i
    if any(t.lower_ == "as" for t in doc[max(0, i - 3) : i]):
        return False
    if syntax.relation(token) == "mark" and tails.finite_clause(token.head):
        return True
    end = next((t.i for t in doc[i:] if t.is_space and "\n" in t.text), len(doc))
    headline = doc[end - 1].text not in STOPS and not any("\n" in t.text for t in doc[:i])
    return headline and token.lower_ == "as" and any(t.tag_ in ("VBZ", "VBD", "VBP") for t in doc[i : i + 6])


def _infinitive(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
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
    if todo[0].lower_ in page.lexicon.anonymity or (not target and not hit.passive and hit.verb is not None and hit.verb.addressee
                                                   and hit.verb.lemma != "ask"):  # fmt: skip
        return None
    span = _range(page, [*target, todo[0]] if not hit.passive else [todo[0]], hit.end, stop)
    return (span, "infinitive", 0.9) if span is not None else None


def _is_infinitive(token: Token) -> bool:
    return any(
        c.lower_ in ("to", "not") and c.i < token.i and syntax.relation(c) in ("mark", "aux") for c in token.children
    ) and token.pos_ in ("VERB", "ADJ", "NOUN")


def _of(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "accused the army of shelling the town"."""
    word = next((w for w in ("of", "for") if w in hit.frames), None)
    if word is None:
        return None
    verb = page.doc[hit.head]
    parts = [
        c for c in verb.children if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "advcl", "xcomp", "ccomp")
    ]
    reached = max((t.right_edge.i for t in parts), default=hit.end)
    if not any(t.lower_ == word for t in page.doc[hit.end : min(stop, reached + 1)]):
        return None
    span = _range(page, parts, hit.end, stop)
    return (span, "accuse" if word == "of" else "blame", 0.95) if span is not None else None


def _as(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "described it as a massacre", "called the fire a tragedy"."""
    if "as" not in hit.frames:
        return None
    verb = page.doc[hit.head]
    parts = [
        c
        for c in verb.children
        if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "xcomp", "ccomp", "iobj", "advcl")
    ]
    if (
        hit.verb is not None
        and hit.verb.lemma == "call"
        and not any(syntax.relation(c) in ("xcomp", "ccomp", "iobj") for c in parts)
        and not _quote_inside(page, parts)
    ):
        return None
    span = _range(page, parts, hit.end, stop)
    return (span, "as", 0.85) if span is not None and span[1] - span[0] > 8 else None


def _quote_inside(page: Page, parts: Sequence[Token]) -> bool:
    return any(t.text in QUOTE_MARKS for p in parts for t in p.subtree)


def _prepositional(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
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


def _noun(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "denied any role in the attack", "called for an end to the strike"."""
    if "noun" not in hit.frames or hit.passive:
        return None
    verb = page.doc[hit.head]
    particles = hit.verb.particles if hit.verb is not None else ()
    parts = [o for o in syntax.objects(verb) if o.i >= hit.end]
    if particles:
        parts += [n for p, n in syntax.obliques(verb) if n.i >= hit.end and p == particles[-1]]
        parts += [
            c
            for c in verb.children
            if c.i >= hit.end and syntax.relation(c) in ("obl", "advcl", "ccomp", "xcomp") and c not in parts
        ]
        parts = [p for p in parts if p.left_edge.i <= hit.end + 1 or p.i < hit.end + 10]
    span = _range(page, parts[:2] if particles else parts[:1], hit.end, stop)
    if span is None or span[1] - span[0] < 4 or page.text[span[0] : span[1]].lower() in ("it", "that", "this", "so"):
        return None
    return span, "noun", 0.75


def _figure(page: Page, hit: Hit, begin: int, stop: int) -> Found | None:
    """ "put the figure of evacuees at 8,000"."""
    if hit.kind is not Kind.FIGURE:
        return None
    verb = page.doc[hit.head]
    parts = [c for c in verb.children if c.i >= hit.end and syntax.relation(c) in ("obj", "obl", "xcomp")]
    span = _range(page, parts, hit.end, stop)
    return (span, "figure", 0.97) if span is not None else None
