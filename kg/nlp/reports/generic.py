"""Words that name a kind of event and tell of none: "when someone dies in custody", "if they were killed"."""

from __future__ import annotations

from spacy.tokens import Token

from kg.nlp.heads import lemma
from kg.nlp.syntax import children, obliques, relation

ANYBODY = frozenset({"someone", "anyone", "everybody", "everyone", "anybody", "somebody"})
CONDITIONS = frozenset({"if", "unless"})
ILLNESS = frozenset({"cancer", "cause", "age", "disease", "pneumonia", "stroke"})


def is_generic(token: Token, theme: Token | None) -> bool:
    """True where a trigger without a figure tells of no event of its own.

    `theme`: who is moved or harmed. Conditions, habits, suicides, illness, and injuries somebody died of.
    """
    all_must_go = theme is not None and theme.lower_.startswith("every") and lemma(token) in ("evacuation", "evacuate")
    if theme is not None and not all_must_go and (theme.lower_ in ANYBODY or theme.lower_.endswith(("self", "selves"))):
        return True
    marks = {c.lower_ for c in children(token, "mark", "advmod")}
    past = token.tag_ in ("VBD", "VBN") or any(c.lower_ in ("was", "were", "had", "did") for c in token.children)
    if marks & CONDITIONS or (marks & {"when", "whenever"} and not past) or _under_condition(token):
        return True
    if lemma(token) == "hurt" and token.tag_ == "VBG" and not children(token, "obj"):
        return True  # "the party is hurting with younger voters"
    if relation(token) in ("obl", "nmod") and lemma(token.head) in ("die", "death", "succumb", "recover"):
        return True  # "died of his injuries"
    return lemma(token) in ("die", "death") and any(
        p in ("of", "from") and lemma(n) in ILLNESS for p, n in obliques(token)
    )


def _under_condition(token: Token) -> bool:
    """ "If you had a group that went round killing people", "in the event the pilot was hurt"."""
    for above in token.ancestors:
        if any(c.lower_ in CONDITIONS for c in children(above, "mark")):
            return True
        if above.lower_ in ("event", "case") and any(c.lower_ == "in" for c in children(above, "case")):
            return True
    return False
