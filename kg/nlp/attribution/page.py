"""What the rules of attribution look at: the Doc, its layout, its quotations and cues, and places in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.nlp.attribution.hits import Hit, hits
from kg.nlp.attribution.lexicon import CueLexicon, cue_lexicon
from kg.nlp.attribution.quotes import CLOSING_DOUBLE, OPENING_DOUBLE, SINGLE, STRAIGHT_DOUBLE, Quote, quotes
from kg.nlp.heads import text_of
from kg.nlp.sentences import Layout

QUOTE_MARKS = frozenset(OPENING_DOUBLE + CLOSING_DOUBLE + STRAIGHT_DOUBLE + SINGLE) | {"``", "''"}
COMMAS = frozenset({",", "—", "–", "―", "--"})
NARRATOR = frozenset(
    {"as", "while", "after", "before", "when", "although", "though", "amid", "following", "where", "whereas"}
)  # open a clause of the article's own
STOPS = frozenset({".", "?", "!", "…", "...", ";"})


@dataclass(frozen=True, slots=True)
class Page:
    """One article as the rules see it."""

    doc: Doc
    text: str
    layout: Layout
    quotes: tuple[Quote, ...]
    quote_starts: tuple[int, ...]
    hits: tuple[Hit, ...]
    lexicon: CueLexicon
    heads: tuple[int, ...]  # `hits` by their head tokens
    offsets: tuple[int, ...]  # code point at which each token begins

    def hits_between(self, start: int, end: int) -> tuple[Hit, ...]:
        """Cue candidates whose head stands in the token range [start, end)."""
        return self.hits[bisect_left(self.heads, start) : bisect_left(self.heads, end)]

    def token_at(self, offset: int) -> int:
        """Index of the token that holds the code point `offset`."""
        return max(0, bisect_right(self.offsets, offset) - 1)

    def end_of(self, i: int) -> int:
        """Code point behind token `i`."""
        return self.offsets[i] + len(self.doc[i])

    def quote_around(self, offset: int) -> Quote | None:
        """The quotation that holds the code point `offset`, marks included."""
        k = bisect_right(self.quote_starts, offset) - 1
        return self.quotes[k] if k >= 0 and offset < self.quotes[k].end else None

    def quote_ending(self, end: int) -> Quote | None:
        """The quotation that ends at the code point `end`, or with one comma or stop before it."""
        quote = self.quote_around(end - 1)
        if quote is not None:
            return quote if quote.end == end else None
        if end >= 2 and self.text[end - 1] in ",.;—–-":
            before = self.text[: end - 1].rstrip() if self.text[end - 2] == " " else self.text[: end - 1]
            quote = self.quote_around(len(before) - 1)
            return quote if quote is not None and quote.end == len(before) else None
        return None

    def sentence(self, i: int) -> tuple[int, int]:
        """Token range of the sentence around token `i`."""
        return self.layout.sentences[self.layout.sentence(i)]

    def opens_paragraph(self, i: int) -> bool:
        """True if token `i` is the first word of its paragraph."""
        return self.before(i) is None

    def before(self, i: int) -> Token | None:
        """The word or mark before token `i` in its paragraph."""
        i -= 1
        while i >= 0 and self.doc[i].is_space:
            if "\n" in self.doc[i].text:
                return None
            i -= 1
        return self.doc[i] if i >= 0 else None

    def after(self, i: int) -> Token | None:
        """The word or mark after token `i` in its paragraph."""
        i += 1
        while i < len(self.doc) and self.doc[i].is_space:
            if "\n" in self.doc[i].text:
                return None
            i += 1
        return self.doc[i] if i < len(self.doc) else None


def page(doc: Doc, layout: Layout) -> Page:
    """Everything the rules need to know about a parsed Doc."""
    lexicon = cue_lexicon()
    text = text_of(doc)
    marks, cues = quotes(text), hits(doc, lexicon)
    return Page(
        doc=doc,
        text=text,
        layout=layout,
        quotes=marks,
        quote_starts=tuple(q.start for q in marks),
        hits=cues,
        lexicon=lexicon,
        heads=tuple(h.head for h in cues),
        offsets=tuple(t.idx for t in doc),
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens [start, end) and its head."""

    start: int
    end: int
    head: int

    @staticmethod
    def around(start: int, end: int, head: int) -> Phrase:
        """A phrase that holds its head whatever the edges say."""
        return Phrase(min(start, head), max(end, head + 1), head)


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before its source is resolved. `content` in code points, the rest in tokens."""

    content: tuple[int, int]
    cue: tuple[int, int] | None
    source: Phrase | None  # None: the speaker goes on
    at: int  # token that orders drafts and from which pronouns look back
    rule: str
    confidence: float
    hit: Hit | None = None
    elided: bool = False
    block: tuple[int, int] | None = None  # code points of source and cue, where they stand behind or inside the content
    addressee: Phrase | None = None
    follows: int | None = None  # token of the cue whose speaker this one shares
    via: int | None = None  # token of the cue whose speaker passes this one on
