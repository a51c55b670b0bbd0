"""Contents that stand behind their cue: clauses, quotations, noun phrases, "X to do Y", "X of Y", "over Y"."""

from __future__ import annotations

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.attribution import frames, tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, NARRATOR, QUOTE_MARKS, STOPS, Draft, Page, Phrase
from kg.nlp.attribution.quotes import TERMINAL

_MARKS = frozenset({"that", ":", ","})
_NOTHING = frozenset({"something", "nothing", "anything", "so", "much", "little", "more", "it", "as", "when", "while"})


def drafts(
    page: Page, hit: Hit, who: Phrase | None, stop: int, *, elided: bool = False, follows: int | None = None
) -> list[Draft]:
    """The statements whose contents follow the cue before token `stop`: one, or one for each "that"."""
    found = _content(page, hit, stop)
    if found is None:
        return []
    span, rule, confidence, addressee = found
    at = who.start if who is not None and not elided else hit.start
    clauses = rule in ("leading-that", "leading-clause")
    parts = _each_that(page, span, marked=rule == "leading-that") if clauses else [span]
    return [
        Draft(part, (hit.start, hit.end), who, at, rule, confidence * hit.weight, hit, elided, None, addressee, follows)
        for part in parts
    ]


def _each_that(page: Page, span: tuple[int, int], *, marked: bool) -> list[tuple[int, int]]:
    """ "61 had died, that 40 were hurt, and that explosives had brought the house down": three contents."""
    first, last = page.token_at(span[0]), page.token_at(span[1] - 1)
    marks = [i for i in range(first + 3, last - 1) if _another_that(page, i)]
    if not marked and any(_is_mark(t) for t in page.doc[first : marks[0] if marks else first]):
        return [span]  # "said it appeared that A and that B": both depend on "appeared"
    if not any(page.doc[i].lower_ in ("and", "but") for i in marks):
        return [span]
    begin, parts = first, []
    for i in marks:
        mark = i + 2 if page.doc[i + 1].pos_ == "ADV" else i + 1
        if tails.finite(page, begin, i) and tails.finite(page, mark + 1, last + 1):
            end = i - 1 if page.doc[i - 1].text == "," else i
            parts.append((page.offsets[begin], page.end_of(end - 1)))
            begin = mark + 1
    return [*parts, (page.offsets[begin], span[1])]


def _another_that(page: Page, i: int) -> bool:
    """True for "and that", "but also that" and ", that" outside quotation marks, if they open a clause."""
    token = page.doc[i]
    if token.lower_ not in ("and", "but", ",") or page.quote_around(page.offsets[i]) is not None:
        return False
    mark = i + 2 if page.doc[i + 1].pos_ == "ADV" else i + 1
    if page.doc[mark].lower_ != "that" or (token.text == "," and mark != i + 1):
        return False
    if page.doc[mark + 1].text in QUOTE_MARKS and page.doc[mark].tag_ == "IN":
        return True
    return _opens_subject(page.doc[mark], page.doc[mark + 1])


def _opens_subject(that: Token, after: Token) -> bool:
    """True if "that" opens a clause: a subject follows it, not the noun or verb of a pronoun "that"."""
    if syntax.relation(that) == "mark" or that.tag_ == "IN":
        return after.pos_ not in ("VERB", "AUX", "PUNCT")
    return after.pos_ in ("DET", "PRON", "PROPN", "NUM") or after.tag_ == "NNS"


def _content(page: Page, hit: Hit, stop: int) -> tuple[tuple[int, int], str, float, Phrase | None] | None:
    verb = _teller(page, hit)
    begin, addressee = (
        (hit.end, None)
        if hit.kind is not Kind.VERB
        else tails.skip(page, hit.end, verb, stop, spoken_to=hit.verb is None or hit.verb.addressee)
    )
    for attempt in (
        frames.figure,
        _quoted,
        _colon,
        _clause,
        frames.infinitive,
        frames.gerund,
        frames.of,
        frames.as_something,
        frames.prepositional,
        frames.noun_phrase,
    ):
        found = attempt(page, hit, begin, stop)
        if found is not None:
            return *found, addressee or _hearer(page, hit, found[0][0])
    return None


def _teller(page: Page, hit: Hit) -> Token:
    """The verb that governs the content: "saying" of "was quoted as saying"."""
    as_saying = hit.verb is not None and "passive_as" in hit.verb.frames
    return page.doc[hit.end - 1 if as_saying else hit.head]


def _hearer(page: Page, hit: Hit, start: int) -> Phrase | None:
    """The object of "told" and its like that stands before the content."""
    if hit.verb is None or not hit.verb.addressee:
        return None
    stop = page.token_at(start)
    for child in syntax.children(page.doc[hit.head], "obj", "iobj", "obl"):
        if hit.end <= child.i < stop:
            first, last = syntax.phrase(child)
            return Phrase.around(max(first, hit.end), min(last, stop), child.i)
    return None


def _quoted(page: Page, hit: Hit, begin: int, stop: int) -> frames.Found | None:
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
    return (quote.start, frames.through_quote(page, quote.start, last)), "leading-quote", 0.98


def _colon(page: Page, hit: Hit, begin: int, stop: int) -> frames.Found | None:
    """ "described the night: '...'": some words, a colon, a quotation."""
    for i in range(begin, min(stop, begin + 20)):
        if page.doc[i].text == ":":
            after = page.after(i)
            quote = page.quote_around(page.offsets[after.i]) if after is not None else None
            if quote is None or after is None or quote.start != page.offsets[after.i] or tails.finite(page, begin, i):
                return None
            return (quote.start, quote.end), "leading-colon", 0.95
    return None


def _next_paragraph(page: Page, hit: Hit, begin: int) -> frames.Found | None:
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


def _next_quote(page: Page, hit: Hit, i: int) -> frames.Found | None:
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


def _clause(page: Page, hit: Hit, begin: int, stop: int) -> frames.Found | None:
    if "clause" not in hit.frames:
        return None
    verb = _teller(page, hit)
    start = begin
    marked = False
    while start < stop and (
        page.doc[start].is_space or page.doc[start].text in (",", ":") or _is_mark(page.doc[start])
    ):
        marked = marked or _is_mark(page.doc[start])
        start += 1
    complement = tails.right_complement(page, verb, hit.end, stop)
    if not marked:
        start, marked = _to_mark(page, hit, start, stop, complement, begin)
    if start < stop and complement is None and _says_number(page, hit, start):
        end = next((j for j in range(start, stop) if page.doc[j].text in COMMAS | STOPS), stop)
        return (page.offsets[start], page.end_of(end - 1)), "leading-number", 0.75
    if start >= stop or (complement is None and not tails.finite(page, start, stop)):
        return None
    if not marked and page.doc[start].lower_ in _NOTHING and page.doc[start].i + 1 < stop and complement is None:
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
    return (begins, frames.through_quote(page, begins, page.end_of(end - 1))), rule, confidence


def _says_number(page: Page, hit: Hit, start: int) -> bool:
    """ "the state said 18,500": a number, and a mark behind it."""
    if hit.verb is None or hit.verb.lemma not in ("say", "report", "claim") or not page.doc[start].like_num:
        return False
    after = page.after(start)
    return after is None or after.text in COMMAS | STOPS


def _is_mark(token: Token) -> bool:
    return token.lower_ == "that" and (
        token.tag_ == "IN" or syntax.relation(token) not in ("det", "nsubj", "nsubj:pass", "obj", "nmod", "obl")
    )


def _to_mark(page: Page, hit: Hit, start: int, stop: int, complement: Token | None, begin: int) -> tuple[int, bool]:
    """Jumps to a "that" that marks the complement some words on ("told a news conference in Paris that")."""
    if begin < start <= stop and page.doc[begin].text == ",":
        for j in range(start, min(stop - 1, start + 25)):
            if page.doc[j].text == "," and page.doc[j + 1].lower_ == "that" and not tails.finite(page, start, j):
                return j + 2, True
    if complement is None:
        return _distant_mark(page, hit, start, stop)
    for mark in syntax.children(complement, "mark"):
        if mark.lower_ == "that" and start < mark.i < stop and mark.i - start < 30:
            return mark.i + 1, True
    return start, False


def _distant_mark(page: Page, hit: Hit, start: int, stop: int) -> tuple[int, bool]:
    """The first "that" some words on, if no finite verb stands before it: "said in a statement issued by X that"."""
    for j in range(start, min(stop - 1, start + 20)):
        token = page.doc[j]
        if token.lower_ == "that" and token.tag_ == "IN":
            objects = [o for o in syntax.objects(page.doc[hit.head]) if start <= o.i < j]
            if tails.finite(page, start, j) or (objects and not (hit.verb is not None and hit.verb.addressee)):
                return start, False
            return j + 1, True
    return start, False


def _reads_as_clause(page: Page, hit: Hit, start: int, stop: int) -> bool:
    """Without help from the parse: a subject and a finite verb follow at once."""
    if (
        hit.verb is not None
        and (hit.verb.lemma == "say" or "passive_as" in hit.verb.frames)
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
    verb = _teller(page, hit)
    end = stop
    for child in verb.children:
        if child.i <= start or syntax.relation(child) not in ("conj", "advcl", "parataxis", "obl"):
            continue
        left = child.left_edge.i
        if left > start + 2 and _leaves(page, verb, child, left):
            end = min(end, left)
    if syntax.relation(verb) in ("acl:relcl", "advcl", "acl", "csubj", "advcl:relcl") or hit.kind is Kind.NOUN:
        end = min(end, _subtree_end(page, verb, start, stop))
    end = next((j for j in range(start + 1, end) if _own_again(page, j, end)), end)
    while end - 1 > start and (
        page.doc[end - 1].is_space
        or page.doc[end - 1].text in STOPS | COMMAS
        or page.doc[end - 1].lower_ in ("and", "but", "or", "while")
    ):
        end -= 1
    return end


def _own_again(page: Page, j: int, end: int) -> bool:
    """True for a semicolon, and for a dash before a word on what was said: "— a figure that nobody confirmed"."""
    token = page.doc[j]
    if token.text not in (";", "—", "–", "--") or page.quote_around(page.offsets[j]):
        return False
    if token.text == ";":
        return True
    behind = page.doc[j + 1 : min(j + 5, end)]
    noun = next((t for t in behind if t.pos_ == "NOUN"), None)
    return (
        bool(len(behind))
        and behind[0].lower_ in ("a", "an")
        and noun is not None
        and noun.lower_ in page.lexicon.claims
    )


def _leaves(page: Page, verb: Token, child: Token, left: int) -> bool:
    """True if a later dependant of the cue is the article's own again."""
    before = page.before(left)
    first = page.doc[left]
    label = syntax.relation(child)
    if label == "conj" and syntax.is_verb(child):
        if not same_form(verb, child) and not syntax.children(child, *syntax.SUBJECTS):
            return False
        who = syntax.subject(child, elided=False)
        if who is None and _subject_between(page, child, left):
            return False
        return who is None or (
            before is not None and before.text in COMMAS and who.lower_ in ("he", "she", "they", "it")
        )
    if label == "advcl" and before is not None and before.text in COMMAS:
        return first.lower_ in NARRATOR or child.tag_ == "VBG"
    return False


def _subject_between(page: Page, verb: Token, left: int) -> bool:
    """ ", and 960 of them, had to stay": words hung elsewhere stand between the conjunction and the verb."""
    return any(t.head.i < left and t.pos_ in ("NOUN", "PROPN", "PRON", "NUM") for t in page.doc[left : verb.i])


def same_form(one: Token, two: Token) -> bool:
    """True if two verbs can be coordinated: both past, both present, or alike."""
    past = {"VBD", "VBN"}
    return one.tag_ == two.tag_ or (one.tag_ in past and two.tag_ in past) or {one.tag_, two.tag_} == {"VBZ", "VBP"}


_INSIDE_CLAUSE = frozenset({"ccomp", "xcomp", "obj", "obl", "parataxis", "acl"})


def _subtree_end(page: Page, verb: Token, start: int, stop: int) -> int:
    """End of the cue's own clause inside a larger sentence."""
    edges = [
        c.right_edge.i + 1
        for c in verb.children
        if syntax.relation(c) in (_INSIDE_CLAUSE if c.i >= start else ("xcomp", "advcl")) and c.right_edge.i >= start
    ]
    return min(stop, max(edges)) if edges and max(edges) > start + 1 else stop
