"""Who is moved, left or harmed by a trigger, read from the tree by the trigger's frame."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kg.lexicon import people
from kg.nlp.heads import is_person, lemma
from kg.nlp.reports.triggers import Hit
from kg.nlp.reports.words import HARMED_WITH, LEFT_BEHIND, UNCHANGED
from kg.nlp.syntax import (
    antecedent,
    children,
    coordinated,
    is_passive,
    is_reduced_relative,
    is_verb,
    objects,
    obliques,
    patients,
    relation,
    subject,
)


def themes(doc: Doc, hit: Hit) -> list[Token]:
    """The head tokens of who is moved or harmed, coordination included, by the trigger's frame."""
    token = doc[hit.token]
    found = [n for t in _frame_themes(doc, hit, token) for n in (t.lower_ == "those" and _listed(t)) or [t]]
    if found == [token]:
        return found  # the word names the people itself; what stands beside it has its own event
    return [c for t in found for c in coordinated(antecedent(t))]


def _frame_themes(doc: Doc, hit: Hit, token: Token) -> list[Token]:
    match hit.trigger.frame:
        case "transitive" | "complement":
            if relation(token) == "amod":
                return [token.head]
            found = [_left_by(t) or _of_many(t, token) for t in patients(token)]
            if not found and lemma(token) in UNCHANGED:
                found = _some(subject(token))
            return found or (_small_clause(token) if token.tag_ == "VBN" else [])
        case "either":
            if relation(token) == "amod":
                return [token.head]
            found = patients(token)
            moved = bool(found) and (
                is_passive(token) or is_reduced_relative(token) or lemma(found[0]) not in LEFT_BEHIND
            )
            return found if moved else _some(subject(token)) or found
        case "self":
            return _told(subject(token)) or _out_of_contact(token) or _small_clause(token)
        case "object":
            if lemma(token) == "lose":
                return _some(subject(token))
            return children(token, "iobj") or objects(token)  # "cost nine villagers their lives"
        case "state" | "state-of" | "noun-of":
            return _listed(token) or _state_themes(token)
        case "given":
            return [n for p, n in obliques(token.head) if p in ("to", "for")] + [
                n for p, n in obliques(token) if p in ("to", "for")
            ]
        case "sought":
            return _sought(token)
        case "person":
            return _listed(token) or [token, *(n for p, n in obliques(token) if p == "of")]
        case "inside":
            own = _some(subject(token, elided=False))
            return own or ([token.head] if relation(token) in ("nmod", "obl") and not is_verb(token.head) else [])
        case "borne":
            return _with_harm(token)
        case "act":
            return patients(token) if is_verb(token) else []
        case "noun":
            found = _with_harm(token) or [n for p, n in obliques(token) if p in ("of", "for", "to", "among")]
            if not found and relation(token) == "compound":  # "evacuation orders were issued for 38,000 residents"
                above = [token.head, token.head.head]
                found = [n for a in above for p, n in obliques(a) if p in ("for", "to") and is_person(n, people())]
            return found or [token]
        case _:
            return [token]


def _of_many(theme: Token, verb: Token) -> Token:
    """ "One of 270 killed": the 270."""
    if theme.lower_ == "one" and is_reduced_relative(verb):
        many = [n for p, n in obliques(theme) if p == "of" and n.i < verb.i]
        return many[-1] if many else theme
    return theme


def _listed(token: Token) -> list[Token]:
    """ "The dead included eight children", "among the injured were two nurses"."""
    verb = token.head
    if relation(token) == "nsubj" and lemma(verb) in ("include", "comprise", "number") and verb.i > token.i:
        return objects(verb)
    if relation(token) == "nsubj" and children(verb, "cop") and is_person(verb, people()) and token.i < verb.i:
        return [verb]  # "the victims were two sisters"
    among = any(c.lower_ == "among" for c in children(token, "case"))
    if among and children(token, "cop"):
        return _some(subject(token, elided=False))  # "twelve are among those killed"
    if among and children(verb, "cop") and is_person(verb, people()) and token.i < verb.i:
        return [verb]  # "among the victims was a six-year-old girl"
    if among and relation(token) in ("obl", "nmod", "advmod"):
        later = subject(verb, elided=False) if verb != token else subject(token, elided=False)
        return [later] if later is not None and later.i > token.i else []
    return []


def _left_by(place: Token) -> Token | None:
    """ "Emptied the town of its 12,000 inhabitants": those who left the place."""
    if is_person(place, people()):
        return None
    return next((n for p, n in obliques(place) if p == "of" and is_person(n, people()) and n.tag_ == "NNS"), None)


def _sought(token: Token) -> list[Token]:
    """ "The search for two men", "a search continued for six", "twelve are being looked for"."""
    found = [n for p, n in obliques(token) if p == "for"]
    if is_verb(token):
        return found or (patients(token) if is_passive(token) else [])
    return found or [n for p, n in obliques(token.head) if p == "for"]


def _with_harm(token: Token) -> list[Token]:
    """ "Leaving two dozen with injuries", "nine were treated for burns": those who have them."""
    verb = token.head
    cases = {c.lower_ for c in children(token, "case")}
    if "with" in cases and verb.i < token.i and (is_person(verb, people()) or verb.pos_ == "NUM"):
        return [verb]
    if relation(token) not in ("obj", "obl", "nmod", "obl:agent") or not is_verb(verb):
        return []
    if not cases and relation(token) == "obj" and lemma(verb) in ("suffer", "sustain", "have", "receive"):
        return _some(subject(verb))
    if (
        ("with" in cases and lemma(verb) in HARMED_WITH)
        or ("from" in cases and lemma(verb) in ("recover", "suffer"))
        or ("for" in cases and lemma(verb) in ("treat", "hospitalise", "hospitalize"))
    ):
        return patients(verb) or _some(subject(verb))
    return []


def _out_of_contact(token: Token) -> list[Token]:
    """ "Contact was lost with 14 fishermen"."""
    first = subject(token)
    lost = first is not None and lemma(first) == "contact"
    return [n for p, n in obliques(token) if p == "with"] if lost else []


def _told(found: Token | None) -> list[Token]:
    """The one who goes; of "were given orders to leave" the one who is given them."""
    if found is not None and lemma(found) == "contact":
        return []
    if found is None or lemma(found) not in ("order", "instruction", "permission", "advice", "notice"):
        return _some(found)
    return _some(subject(found.head, elided=False)) or children(found, "nummod")


def _some(token: Token | None) -> list[Token]:
    return [] if token is None else [token]


def _small_clause(token: Token) -> list[Token]:
    """ "left 20 injured": the object beside a predicate complement."""
    if relation(token) in ("xcomp", "acl", "ccomp", "amod", "advcl") and token.head is not token:
        return [o for o in objects(token.head) if o.i < token.i] if is_verb(token.head) else [token.head]
    return []


def _state_themes(token: Token) -> list[Token]:
    own = children(token, "nsubj", "nsubj:pass")
    if own and relation(token) not in ("amod", "acl"):
        return own[:1]
    if relation(token) in ("amod", "acl") and token.head.pos_ in ("NOUN", "PROPN", "NUM", "PRON"):
        return [token.head]
    if relation(token) == "nmod" and any(c.lower_ in ("in",) for c in children(token, "case")):
        return [token.head]
    if relation(token) in ("advmod", "advcl", "obl") and is_verb(token.head):
        return _some(subject(token.head))
    return _small_clause(token) or _some(subject(token)) or ([token] if token.pos_ in ("NOUN", "ADJ", "VERB") else [])
