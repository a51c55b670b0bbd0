"""Status (factuality) of what a trigger names, from modality, negation, tense and the words that govern it."""

from __future__ import annotations

from functools import cache
from typing import cast

from spacy.tokens import Doc, Token

from kg.lexicon import lexicon_folder, read_toml
from kg.nlp.heads import lemma
from kg.nlp.reports.words import SPREADING
from kg.nlp.syntax import auxiliaries, children, is_verb, negated, relation
from kg.types import Status

FACTUAL = Status.HAPPENED
# What a governor can say of a finite clause ("feared that three were killed"); orders and plans take an infinitive.
OF_FINITE = frozenset({Status.POSSIBLE, Status.EXPECTED, Status.DENIED, Status.HAPPENED})


BE = frozenset({"is", "are", "was", "were"})


@cache
def _cues() -> dict[str, dict[str, Status]]:
    """Word lists of `status.toml`: for each position a table lemma -> status."""
    data = read_toml(lexicon_folder() / "status.toml")
    return {
        position: {word: Status(status) for status, words in lists.items() for word in words}
        for position, lists in cast(dict[str, dict[str, list[str]]], data["cues"]).items()
    }


def status(doc: Doc, token: Token, *, names_people: bool = False) -> Status:
    """The status of the event that `token` names; `happened` where nothing marks it otherwise.

    `names_people`: the word stands for people in that state ("the missing"), whatever is done about them.
    """
    own = _own(token)
    if own is Status.PLANNED and not is_verb(token) and _governor(token) is not None:
        fate = _governed(token, token.head)  # "planned relocations have been postponed"
        return Status.CANCELLED if fate is Status.CANCELLED else own
    if own is not FACTUAL or names_people:
        return own
    current = token
    for _ in range(4):  # deeper governors say nothing any more about the event itself
        above = _governor(current)
        if above is None:
            return FACTUAL
        found = _governed(current, above)
        if found is not None:
            return found
        current = above
    return FACTUAL


def _own(token: Token) -> Status:
    """Modal auxiliaries, negation and modifiers of the trigger itself."""
    cues = _cues()
    if negated(token):
        return Status.DENIED
    for auxiliary in auxiliaries(token):
        if auxiliary.lower_ in cues["modal"]:
            return cues["modal"][auxiliary.lower_]
    if _is_to(token):
        return Status.PLANNED
    for child in token.children:
        if relation(child) in ("amod", "compound", "advmod", "nmod") and child.i < token.i:
            found = cues["modifier"].get(lemma(child)) or cues["modifier"].get(child.lower_)
            if found is not None:
                return found
    marked_if = any(c.lower_ in ("if", "unless", "should") for c in children(token, "mark"))
    return Status.POSSIBLE if marked_if and token.tag_ != "NN" else FACTUAL


def _is_to(token: Token) -> bool:
    """ "A second voyage is to collect 2,000", "were to be flown out"."""
    to = [c.i for c in children(token, "mark", "aux") if c.lower_ == "to"]
    return bool(to) and any(c.lower_ in BE and c.i < to[0] for c in children(token, "cop", "aux"))


def _with_particle(verb: Token) -> str:
    """The lemma, with "off" where it turns the meaning: "called off" is "call-off"."""
    off = any(c.lower_ == "off" for c in verb.children)
    return lemma(verb) + ("-off" if off else "")


def _governor(token: Token) -> Token | None:
    if token.head is token or relation(token) == "ROOT":
        return None
    if relation(token) == "conj":
        return _governor(token.head)
    return token.head


def _governed(token: Token, above: Token) -> Status | None:
    """What the governing word says: a status, FACTUAL to stop there, or None to look further up."""
    cues, label = _cues(), relation(token)
    word = _with_particle(above)
    infinitive = any(c.lower_ == "to" for c in children(token, "mark", "aux"))
    if label == "acl" and infinitive:
        return _of_noun(above)
    if label in ("xcomp", "ccomp", "csubj", "csubj:pass") or (infinitive and label in ("advcl", "obl")):
        found = Status.PLANNED if infinitive and above.lower_ == "going" else cues["complement"].get(word)
        if found is not None and (infinitive or label == "xcomp" or found in OF_FINITE):
            return _shifted(above, found)
    if label == "advcl" and infinitive:
        return Status.PLANNED
    if label == "compound":
        return _of_noun(above, Status.HAPPENED)
    if label in ("obj", "nsubj:pass", "nsubj", "nmod", "obl") and not is_verb(token):
        table = cues["subject"] if label.startswith("nsubj") else cues["object"]
        found = table.get(word)
        if found is not None:
            return _shifted(above, found)
        if is_verb(above):
            own = _own(above)
            return None if own is FACTUAL else own
        found = cues["noun"].get(word)
        if found is not None:
            return found
        return None
    if label in ("ccomp", "acl", "acl:relcl") and lemma(above) in SPREADING and relation(above) == "obj":
        return Status.DENIED if _cues()["object"].get(lemma(above.head)) is Status.DENIED else FACTUAL
    if label in ("ccomp", "acl:relcl", "advcl", "parataxis", "acl"):
        return FACTUAL
    if label == "xcomp" and is_verb(above):
        own = _own(above)
        return None if own is FACTUAL else own
    return None


def _shifted(above: Token, found: Status) -> Status:
    """A governor that is itself negated or modal: "no plans to", "may be told to"."""
    if negated(above) and found is not Status.POSSIBLE:
        return Status.DENIED
    own = _own(above)
    return found if own in (FACTUAL, Status.DENIED) or found is not FACTUAL else own


def _of_noun(noun: Token, default: Status = Status.PLANNED) -> Status:
    """ "A plan to evacuate", "an operation to evacuate … began": the noun and what became of it."""
    cues = _cues()
    fate = cues["subject"].get(_with_particle(noun.head)) if relation(noun).startswith("nsubj") else None
    if fate is not None:
        return fate
    if relation(noun) in ("obj", "obl"):
        fate = cues["object"].get(_with_particle(noun.head))
        if fate is not None:
            return fate
    return cues["noun"].get(lemma(noun), default)
