"""Who evacuates or harms, why, from where, to where: roles of a trigger from the tree and its neighbourhood."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from spacy.tokens import Doc, Token

from kg.lexicon import People, lexicon_folder, read_toml
from kg.nlp.heads import is_person, lemma, text_of
from kg.nlp.syntax import (
    agent,
    auxiliaries,
    children,
    coordinated,
    is_passive,
    is_verb,
    objects,
    obliques,
    patients,
    phrase,
    preposition,
    relation,
    subject,
)
from kg.types import Role, Source, Span

Resolver = Callable[[Span], Source | None]
CAUSE_REACH = 8  # tokens from the trigger: a disaster named farther off in the sentence is seldom the cause
CAUSAL = frozenset(
    {"because of", "due to", "in", "by", "after", "following", "amid", "from", "during", "with", "under", "as"}
)


@cache
def role_words(name: str) -> frozenset[str]:
    """One word list of `roles.toml`."""
    return frozenset(read_toml(lexicon_folder() / "roles.toml")[name]["words"])


def text_range(doc: Doc, start: int, end: int) -> Span | None:
    """The code-point span of tokens [start, end), without a leading article; None if nothing is left."""
    while start < end and (
        doc[start].is_space or (doc[start].lower_ in ("the", "a", "an") and doc[start].pos_ == "DET")
    ):
        start += 1
    while end > start and (doc[end - 1].is_space or (doc[end - 1].is_punct and doc[end - 1].text not in (".", ")"))):
        end -= 1
    return Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1])) if start < end else None


def agent_of(doc: Doc, token: Token, theme: Token | None, words: People, resolve: Resolver) -> Role | None:
    """Who evacuates, rescues, kills or abducts. Disasters and weapons are causes, not agents.

    `theme` is who is moved or harmed: never the agent as well.
    """
    if is_verb(token) or token.tag_.startswith("VB"):
        found = agent(token)
    else:
        found = next((n for p, n in obliques(token) if p == "by"), None) or _blamed(token)
    if (
        token.tag_ == "VBN"
        and found is not None
        and not is_passive(token)
        and not objects(token)
        and not auxiliaries(token)
    ):
        return None  # "six died and 600 displaced": a passive without its auxiliary
    if found is None or found in patients(token) or (theme is not None and theme in coordinated(found)):
        return None
    if relation(found) in ("nsubj", "nsubj:pass") and found.lower_ in ("who", "which", "that"):
        above = next((a.head for a in token.ancestors if relation(a) == "acl:relcl"), None)
        if relation(token) in ("acl:relcl", "acl"):
            above = token.head
        if above is None:
            return None
        found = above
    if not _acts(found, words):
        return None
    span = text_range(doc, *phrase(found))
    if span is None:
        return None
    source = resolve(Span(found.idx, found.idx + len(found)))
    named = source.name if source is not None and found.pos_ == "PRON" else None
    return Role(span.of(text_of(doc)), span, named)


def _blamed(noun: Token) -> Token | None:
    """ "Blamed the rebels for the deaths of 40 soldiers"."""
    verb = noun.head
    if lemma(verb) not in role_words("blame") or is_passive(verb) or preposition(noun) != "for":
        return None
    return next((o for o in objects(verb) if o.i < noun.i), None)


def befalling(doc: Doc, token: Token, words: People) -> Role | None:
    """Who does what befalls the subject: "came under fire from militiamen"."""
    doers = [n for t in (token, *token.children) for p, n in obliques(t) if p in ("from", "by") and _acts(n, words)]
    span = text_range(doc, *phrase(doers[0])) if doers else None
    return Role(span.of(text_of(doc)), span) if span is not None else None


def _acts(token: Token, words: People) -> bool:
    name = lemma(token)
    if name in role_words("cause") or any(lemma(c) in role_words("cause") for c in children(token, "compound")):
        return False
    if token.pos_ == "PRON":
        return token.lower_ in ("we", "they", "he", "she", "it", "i")
    if token.ent_type_ in ("PERSON", "ORG", "NORP", "LOC", "GPE"):
        return True
    return name in role_words("agent") or is_person(token, words)


def cause_of(doc: Doc, token: Token) -> Role | None:
    """What made it happen: a disaster or weapon as subject, by-phrase or causal phrase; then the nearest one before."""
    candidates: list[Token] = []
    first = subject(token) if is_verb(token) else None
    if first is not None:
        candidates.append(first)
    for governor in (token, *list(token.ancestors)[:2]):
        candidates += [n for p, n in obliques(governor) if p in CAUSAL]
        other = subject(governor, elided=False) if is_verb(governor) else None
        if other is not None:
            candidates.append(other)
    for found in candidates:
        if _harms(found) or any(lemma(c) in role_words("cause") for c in found.children if relation(c) == "compound"):
            return _cause(doc, found)
    near = [t for t in token.sent if _harms(t) and t.pos_ == "NOUN" and abs(t.i - token.i) <= CAUSE_REACH]
    return _cause(doc, min(near, key=lambda t: abs(t.i - token.i))) if near else None


def _harms(noun: Token) -> bool:
    """A word for a cause; people "trapped under the rubble" or "pulled from" it were not harmed by it."""
    return lemma(noun) in role_words("cause") and (lemma(noun) != "rubble" or preposition(noun) in (None, "by"))


def _cause(doc: Doc, head: Token) -> Role | None:
    start, end = phrase(head)
    while start < head.i and (doc[start].pos_ in ("NUM", "VERB") or doc[start].tag_.startswith("VB")):
        start += 1
    others = [t for t in coordinated(head) if lemma(t) in role_words("cause")]
    end = max([end, *(t.i + 1 for t in others)])
    for i in range(head.i + 1, end):
        if doc[i].pos_ == "ADP":
            end = i
            break
    span = text_range(doc, start, end)
    return Role(span.of(text_of(doc)), span) if span is not None else None
