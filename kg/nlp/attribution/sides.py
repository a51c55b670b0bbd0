"""Who speaks, on which side of the cue: the subject from the parse, checked with what print shows."""

from __future__ import annotations

from spacy.tokens import Token

from kg.nlp import syntax
from kg.nlp.actors.cast import nominal_kind
from kg.nlp.attribution import printed, tails
from kg.nlp.attribution.hits import Hit, Kind
from kg.nlp.attribution.page import COMMAS, QUOTE_MARKS, STOPS, Page, Phrase
from kg.types import ActorKind

_TAILS = frozenset(
    {"in", "on", "at", "during", "after", "by", "as", "when", "while", "before", "via", "through", "following", "amid"}
)


def source(page: Page, hit: Hit) -> Phrase | None:
    """The noun phrase that speaks at a verbal cue; None where the sentence names nobody."""
    verb = page.doc[hit.head]
    if hit.verb is not None and "passive_as" in hit.verb.frames:
        return _quoted_person(page, hit)
    if hit.passive:
        who = next((noun for word, noun in syntax.obliques(verb) if word == "by"), None)
        if who is not None and (_quoted_away(page, hit, who) or not _may_speak(who)):
            return None
        return right_phrase(page, who) if who is not None and who.i != verb.i else None
    who = syntax.subject(verb, elided=False)
    if who is not None and who == verb.head and syntax.is_reduced_relative(verb):
        who = None
    if who is not None and (_quoted_away(page, hit, who) or _described(page, verb, who)):
        who = None
    if who is not None and who.lower_ in syntax.RELATIVE:
        inner = printed.in_relative(page, hit)
        if inner is not None:
            return inner
    beside = _behind_quote(page, hit) or _after_quote(page, hit, who)
    if beside is not None and (who is None or who.i < hit.start):
        return beside
    opening = _opening_name(page, hit, who)
    if opening is not None and (who is None or who.i < hit.start):
        return opening
    if who is None:
        if verb.tag_ == "VBG" or (verb.tag_ == "VB" and syntax.relation(verb) == "xcomp"):
            return None
        behind = inverted(page, hit)
        if behind is not None and not _closed(page, behind):
            behind = printed.before_relative(page, hit) or behind
        return (
            behind or printed.after_comma(page, hit, None) or preceding(page, hit) or printed.before_relative(page, hit)
        )
    if who.i > verb.i:
        if verb.tag_ == "VBG":
            return None
        return right_phrase(page, who) if _inversion(page, hit, who) else preceding(page, hit)
    parsed = _without_clause(page, hit, _with_title(page, hit, who, left_phrase(page, hit, who)))
    whole = printed.after_comma(page, hit, who)
    return whole if whole is not None and whole.start < parsed.start and whole.end >= parsed.end else parsed


def _quoted_person(page: Page, hit: Hit) -> Phrase | None:
    """Who "was quoted as saying" something, or whom an outlet "quoted as saying" it."""
    verb = page.doc[hit.head]
    if hit.passive:
        who = syntax.subject(verb) or next(iter(syntax.children(verb, *syntax.PASSIVE_SUBJECTS)), None)
        return left_phrase(page, hit, who) if who is not None and who.i < hit.start else preceding(page, hit)
    who = next((o for o in syntax.objects(verb) if hit.head < o.i < hit.end), None)
    if who is None:
        return None
    last = next(i for i in range(who.i, hit.end) if page.doc[i].lower_ == "as")
    return Phrase.around(max(who.left_edge.i, hit.head + 1), last, who.i)


def author(page: Page, hit: Hit) -> Phrase | None:
    """ "residents signed a form saying": who made the document that speaks."""
    verb = page.doc[hit.head]
    noun = verb.head
    if verb.tag_ != "VBG" or syntax.relation(verb) not in ("acl", "xcomp", "advcl"):
        return None
    if syntax.is_verb(noun):
        noun = next((o for o in syntax.objects(noun) if o.i < verb.i), noun)
    if nominal_kind(noun) is not ActorKind.DOCUMENT or syntax.relation(noun) != "obj" or noun.i > hit.start:
        return None
    maker = noun.head
    who = syntax.subject(maker) if maker.lower_ in page.lexicon.makes else None
    return left_phrase(page, hit, who) if who is not None and who.i < maker.i else None


def _described(page: Page, verb: Token, who: Token) -> bool:
    """True for ", tweeting ..." hung to a noun that does not speak: the sentence's subject speaks."""
    before = page.before(verb.i)
    aside = before is not None and before.text == "," and verb.tag_ == "VBG" and who == verb.head
    return aside and nominal_kind(who) is None and who.ent_type_ not in ("PERSON", "ORG")


def _without_clause(page: Page, hit: Hit, phrase: Phrase) -> Phrase:
    """Leaves out a clause that the parse drew into the subject: the source begins behind its last comma."""
    if phrase.start > hit.start or page.doc[phrase.head].lower_ in ("who", "which"):
        return phrase
    finite = [t.i for t in page.doc[phrase.start : hit.start] if tails.is_finite(t)]
    if not finite:
        return phrase
    commas = [j for j in range(finite[-1] + 1, hit.start) if page.doc[j].text in COMMAS]
    starts = [j + 1 for j in commas if j + 1 < hit.start and page.doc[j + 1].pos_ not in ("ADP", "SCONJ", "PUNCT")]
    start = starts[0] if starts else hit.start
    if start >= hit.start or not any(t.pos_ in ("NOUN", "PROPN", "PRON") for t in page.doc[start : hit.start]):
        return phrase
    head = phrase.head if start <= phrase.head < hit.start else page.doc[start : hit.start].root.i
    return Phrase.around(start, _trim(page, start, hit.start), head)


def _opening_name(page: Page, hit: Hit, who: Token | None) -> Phrase | None:
    """A sentence that opens with a person's name and a comma, and has no verb before its cue: the person speaks."""
    begin = _floor(page, hit.start)
    start = begin
    while start < hit.start and (
        page.doc[start].is_space or page.doc[start].is_punct or page.doc[start].lower_ in page.lexicon.openers
    ):
        start += 1
    first = start
    while first < min(start + 3, hit.start) and page.doc[first].ent_type_ != "PERSON":
        first += 1
    if any(t.pos_ not in ("PROPN", "NOUN", "ADJ", "DET") for t in page.doc[start:first]):
        return None  # "Speaking to Dawn, Commissioner Hina Baloch said"
    last = first
    while last < hit.start and page.doc[last].ent_type_ == "PERSON":
        last += 1
    if last == first or last >= hit.start or page.doc[last].text != ",":
        return None
    if (who is not None and first <= who.i < last) or page.doc[hit.head].tag_ == "VBG":
        return None
    if page.doc[hit.start - 1].text in COMMAS or tails.finite(page, last, hit.start):
        return None
    return Phrase.around(start, _trim(page, start, hit.start), page.doc[first:last].root.i)


def _after_quote(page: Page, hit: Hit, who: Token | None) -> Phrase | None:
    """ "'...,' the center in Pearl Harbor, Hawaii, said": all between the quotation and the cue."""
    if page.doc[hit.head].tag_ == "VBG" or not hit.frames & {"trailing", "quote", "quote_trailing"}:
        return None
    start = _floor(page, hit.start)
    while start < hit.start and (page.doc[start].is_space or page.doc[start].text in COMMAS):
        start += 1
    before = page.before(start)
    if (
        before is None
        or before.text in STOPS
        or hit.start - start > 25
        or page.quote_ending(page.end_of(before.i)) is None
        or start >= hit.start
    ):
        return None
    if page.doc[start].pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM") or any(
        tails.is_finite(t) and t.lower_ not in page.lexicon.naming for t in page.doc[start : hit.start]
    ):
        return None
    end = _trim(page, start, hit.start)
    while end > start + 1 and page.doc[end - 1].pos_ == "ADV":
        end = _trim(page, start, end - 1)
    inside = who is not None and start <= who.i < end
    comma = next((j for j in range(start, end) if page.doc[j].text == ","), end)
    head = who.i if inside and who is not None else page.doc[start : max(comma, start + 1)].root.i
    return Phrase.around(start, end, head)


def _may_speak(noun: Token) -> bool:
    return nominal_kind(noun) is not None or bool(noun.ent_type_) or noun.pos_ in ("PROPN", "PRON")


def _with_title(page: Page, hit: Hit, who: Token, phrase: Phrase) -> Phrase:
    """Joins a title and a name that the parse made two subjects of one verb ("Secretary of State | John Kerry")."""
    subjects = [c for c in syntax.children(page.doc[hit.head], *syntax.SUBJECTS) if c.i < hit.start]
    later = [c for c in subjects if c.i > who.i]
    if not later:
        return phrase
    last = left_phrase(page, hit, later[-1])
    if tails.finite(page, phrase.end, last.start):
        return last
    if any(t.text in COMMAS for t in page.doc[phrase.end : last.start]) and later[-1].pos_ != "PROPN":
        return phrase
    return Phrase.around(phrase.start, last.end, last.head)


def shared(page: Page, hit: Hit) -> Phrase | None:
    """The subject a cue without one of its own shares: "..., adding that", "..., urging the army to"."""
    verb = page.doc[hit.head]
    who = syntax.subject(verb)
    if who is not None and who.i > verb.i and verb.tag_ == "VBG" and syntax.is_verb(verb.head):
        who = syntax.subject(verb.head)
    if (
        who is not None
        and who == verb.head
        and syntax.relation(verb) == "acl"
        and nominal_kind(who) is None
        and not who.ent_type_
    ):
        governor = syntax.clause_head(who)
        who = syntax.subject(governor) if governor != who else None
    if who is None or who.i >= hit.start:
        return None
    subject = syntax.relation(who) in syntax.SUBJECTS | syntax.PASSIVE_SUBJECTS
    if not subject and nominal_kind(who) is None and not who.ent_type_:
        return None
    return left_phrase(page, hit, who)


def _behind_quote(page: Page, hit: Hit) -> Phrase | None:
    """ "'...', says US as ...": a quotation and a comma before the cue, a noun phrase and no clause behind it."""
    before = page.before(hit.start)
    if before is None or before.text not in COMMAS | QUOTE_MARKS or page.quote_ending(page.end_of(before.i)) is None:
        return None
    if not hit.frames & {"trailing", "quote", "quote_trailing"} or page.doc[hit.head].tag_ == "VBG":
        return None
    found = _phrase_from(page, hit.end)
    if found is None:
        return None
    stop = page.sentence(hit.head)[1]
    after = page.doc[found.end] if found.end < stop else None
    ends = after is None or after.is_punct or after.pos_ in ("ADP", "SCONJ") or after.tag_ in ("WP", "WDT")
    return found if ends else None


def _quoted_away(page: Page, hit: Hit, who: Token) -> bool:
    """True if cue and subject stand on different sides of a quotation mark."""
    one, two = page.quote_around(page.offsets[hit.head]), page.quote_around(page.offsets[who.i])
    return one != two


def _inversion(page: Page, hit: Hit, who: Token) -> bool:
    """ "said UN adviser Jan Egeland": nothing but the phrase itself between verb and subject."""
    between = page.doc[hit.end : who.left_edge.i if who.left_edge.i >= hit.end else who.i]
    nominal = ("ADV", "DET", "ADJ", "PROPN", "NOUN", "NUM", "PART")
    return all(t.is_space or t.pos_ in nominal or syntax.relation(t) == "amod" for t in between)


def left_phrase(page: Page, hit: Hit, who: Token) -> Phrase:
    """The phrase of a subject that stands before its cue."""
    if who.lower_ in ("who", "which", "that"):
        noun = relative_head(page, who)
        start, end = syntax.phrase(noun)
        return Phrase.around(start, end, noun.i)
    low = _floor(page, who.i)
    start = max(low, who.left_edge.i)
    end = min(max(syntax.full_range(who)[1], who.i + 1), hit.start)
    if end <= who.i:
        end = who.i + 1
    start = _skip_openers(page, start, who.i)
    if page.doc[start].pos_ in ("ADP", "SCONJ") and start < who.i:
        start += 1
    return Phrase.around(start, _trim(page, start, end), who.i)


def relative_head(page: Page, pronoun: Token) -> Token:
    """The noun a relative pronoun stands for: a name right before ", which", else what the parse says."""
    parsed = syntax.antecedent(pronoun)
    before = page.before(pronoun.i)
    if before is not None and before.text == ",":
        before = page.before(before.i)
        if before is not None and before.pos_ == "PROPN" and before.ent_type_ and before.i != parsed.i:
            top = before
            while top.head.ent_type_ and top.head.i < pronoun.i and top.head != top and top.head.pos_ == "PROPN":
                top = top.head
            person = before.ent_type_ == "PERSON"
            if person == (pronoun.lower_ == "who") and (
                parsed.i == pronoun.i or (nominal_kind(parsed) is None and not parsed.ent_type_)
            ):
                return top
    return parsed


def _floor(page: Page, i: int) -> int:
    """First token that may belong to a phrase around token `i`: not before its sentence or the last quotation."""
    begin = page.sentence(i)[0]
    inside = page.quote_around(page.offsets[i])
    for j in range(i - 1, begin - 1, -1):
        if (
            page.doc[j].text in QUOTE_MARKS
            and page.quote_around(page.offsets[j]) is not inside
            and _ends_quote(page, j)
        ):
            return j + 1
    return begin


def _ends_quote(page: Page, j: int) -> bool:
    quote = page.quote_around(page.offsets[j])
    return quote is not None and quote.end == page.end_of(j) and len(quote.inner(page.text).split()) > 2


def _skip_openers(page: Page, start: int, head: int) -> int:
    while start < head and (
        page.doc[start].is_space
        or page.doc[start].is_punct
        or page.doc[start].lower_ in page.lexicon.openers
        or page.doc[start].text in QUOTE_MARKS
    ):
        start += 1
    return start


def _trim(page: Page, start: int, end: int) -> int:
    while end - 1 > start and (
        page.doc[end - 1].is_space or (page.doc[end - 1].is_punct and page.doc[end - 1].text not in (")", "."))
    ):
        end -= 1
    return end


def right_phrase(page: Page, who: Token) -> Phrase:
    """The phrase of a source that stands behind its cue, up to the next tail, relative clause or quotation."""
    begin, stop = page.sentence(who.i)
    start = max(begin, who.left_edge.i)
    for j in range(who.i, start, -1):
        if syntax.is_verb(page.doc[j - 1]) or page.doc[j - 1].text in QUOTE_MARKS:
            start = j
            break
    end = max(syntax.full_range(who)[1], who.i + 1)
    end = min(end, stop)
    for j in range(who.i + 1, end):
        token = page.doc[j]
        behind = page.after(j)
        if token.text in QUOTE_MARKS or (token.text in STOPS and token.text == ";"):
            end = j
            break
        if (
            token.text in COMMAS
            and behind is not None
            and (behind.tag_ in ("WP", "WDT", "WRB", "VBG", "IN") or behind.text in QUOTE_MARKS)
        ):
            end = j
            break
        if token.lower_ in ("as", "after", "when", "while", "before", "who") and token.lower_ != "who":
            end = j
            break
    if page.doc[start].tag_ == "IN" and start < who.i:
        start += 1
    return Phrase.around(start, _trim(page, start, _with_name(page, start, end, stop)), who.i)


def _with_name(page: Page, start: int, end: int, stop: int) -> int:
    """ "Director of Schools | Janelle Ott", "one of them, | Elif Kaya": the name right behind belongs to it."""
    one_of_them = page.doc[start].lower_ == "one" and end + 1 < stop and page.doc[end].text == ","
    if one_of_them:
        end += page.doc[end + 1].ent_type_ == "PERSON"
    elif end >= stop or page.doc[end - 1].ent_type_ == "PERSON" or page.doc[end - 1].pos_ not in ("NOUN", "PROPN"):
        return end
    while end < stop and page.doc[end].ent_type_ == "PERSON":
        end += 1
    return end


def inverted(page: Page, hit: Hit) -> Phrase | None:
    """By print alone: "..., said Name Name, a farmer." """
    if (
        hit.kind is not Kind.VERB
        or page.doc[hit.head].tag_ == "VBG"
        or not hit.frames & {"trailing", "quote", "quote_trailing"}
    ):
        return None
    before = page.before(hit.start)
    if before is None or not (before.text in COMMAS or before.text in QUOTE_MARKS):
        return None
    return _phrase_from(page, hit.end)


def _closed(page: Page, phrase: Phrase) -> bool:
    """True if a mark, a preposition or the sentence's end follows the phrase, not more of a clause."""
    if phrase.end >= page.sentence(phrase.head)[1]:
        return True
    behind = page.doc[phrase.end]
    return behind.is_punct or behind.is_space or (behind.pos_ in ("ADP", "SCONJ") and behind.tag_ != "TO")


def _phrase_from(page: Page, i: int) -> Phrase | None:
    stop = page.sentence(i)[1] if i < len(page.doc) else i
    start, j = i, i
    while j < stop and (
        (page.doc[j].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PART", "PRON") and page.doc[j].tag_ != "TO")
        or syntax.relation(page.doc[j]) == "amod"
        or (page.doc[j].text in ("'s", "’s", "of", "-") and j > start)
    ):
        j += 1
    j = _trim(page, start, j) if j > start else j
    if j == start or not any(t.pos_ in ("NOUN", "PROPN", "PRON") for t in page.doc[start:j]):
        return None
    head = page.doc[start:j].root
    behind = right_phrase(page, head)
    return Phrase.around(start, max(j, behind.end), head.i)


def preceding(page: Page, hit: Hit) -> Phrase | None:
    """By print alone: the noun phrase right before the cue, from the last mark or conjunction on."""
    begin = max(page.sentence(hit.head)[0], _floor(page, hit.start))
    end = hit.start
    while end > begin and page.doc[end - 1].pos_ == "ADV":
        end -= 1
    if end > begin and page.doc[end - 1].text == ",":
        return printed.apposed(page, begin, end - 1)
    return printed.nominal_run(page, begin, end)
