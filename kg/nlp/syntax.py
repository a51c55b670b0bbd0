"""The few grammatical questions the extractors ask, answered for two label schemes.

Nothing outside this module names a dependency label. Trees may use Universal Dependencies (the
shipped model) or ClearNLP labels (`en_core_web_*`); `relation` maps both to the UD names, and the
questions below also bridge the difference in shape: UD hangs a preposition under its noun and a
copula under its predicate, ClearNLP the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from spacy.tokens import Doc, Token

CLEARNLP = {
    "dobj": "obj",
    "dative": "iobj",
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "auxpass": "aux:pass",
    "relcl": "acl:relcl",
    "prt": "compound:prt",
    "poss": "nmod:poss",
    "acomp": "xcomp",
    "attr": "xcomp",
    "oprd": "xcomp",
    "neg": "advmod",
    "npadvmod": "obl:npmod",
    "nn": "compound",
    "num": "nummod",
    "quantmod": "advmod",
    "nmod": "compound",
    "predet": "det:predet",
    "preconj": "cc:preconj",
    "pcomp": "advcl",
    "intj": "discourse",
}
SUBJECTS = frozenset({"nsubj", "csubj", "nsubj:outer"})
PASSIVE_SUBJECTS = frozenset({"nsubj:pass", "csubj:pass"})
RELATIVE = frozenset({"who", "which", "that", "whom"})
CLAUSES = frozenset(
    {"ROOT", "ccomp", "advcl", "advcl:relcl", "acl", "acl:relcl", "parataxis", "xcomp", "csubj", "csubj:pass"}
)
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


def relation(token: Token) -> str:
    """The token's dependency label under its UD name."""
    label: str = token.dep_
    return CLEARNLP.get(label, label)


# By token number, for the last two Docs: the rules ask for the same branches of a tree again and again.
_Branches = dict[int, tuple[tuple[str, Token], ...]]


@lru_cache(maxsize=2)
def _kept(doc: Doc) -> tuple[_Branches, _Branches]:
    return {}, {}


def branches(token: Token) -> tuple[tuple[str, Token], ...]:
    """The token's children behind their UD labels, in text order."""
    kept, at = _kept(token.doc)[0], token.i
    found = kept.get(at)
    if found is None:
        found = kept[at] = tuple((relation(c), c) for c in token.children)
    return found


def children(token: Token, *labels: str) -> list[Token]:
    """The token's children that carry one of these UD labels, in text order."""
    return [c for label, c in branches(token) if label in labels]


def is_verb(token: Token) -> bool:
    """True for verbs and auxiliaries."""
    return bool(token.pos_ in ("VERB", "AUX"))


def is_passive(verb: Token) -> bool:
    """True for "was evacuated", "got killed" and participles with a passive subject."""
    if relation(verb) == "conj" and verb.tag_ in ("VBD", "VBN") and _shares_passive(verb):
        return True
    if verb.tag_ in ("VBD", "VBZ", "VBP") and parsed(verb.doc) and not children(verb, "aux:pass"):
        return False  # a finite verb with a subject that was labelled passive by mistake
    if children(verb, "obj") and parsed(verb.doc) and not children(verb, "aux:pass") and _perfect(verb):
        return False  # "have so far pulled 2,700 people out": active, whatever the subject was labelled
    if any(label in PASSIVE_SUBJECTS or label == "aux:pass" for label, _ in branches(verb)):
        return True
    if relation(verb) == "xcomp" and verb.tag_ == "VBN" and not children(verb, "aux", "mark", "obj"):
        return True  # "are thought to remain trapped", "were left stranded"
    if relation(verb) == "conj" and verb.tag_ == "VBN" and not children(verb, "nsubj", "aux"):
        return is_passive(verb.head)
    return False


def _shares_passive(verb: Token) -> bool:
    """ "One was killed and 20 others wounded": the second clause leaves out its auxiliary."""
    if children(verb, "obj", "aux", "aux:pass", "cop") or not children(verb.head, "aux:pass"):
        return False
    own = children(verb, "nsubj", "nsubj:pass")
    return bool(own) and (own[0].pos_ == "NUM" or bool(children(own[0], "nummod")) or own[0].lower_ == "others")


def _perfect(verb: Token) -> bool:
    """True under "have" without "been", and for a finite verb that was tagged as a participle."""
    own = children(verb, "aux")
    return not own or any(c.lower_ in ("have", "has", "had", "having", "'ve", "’ve") for c in own)


def is_reduced_relative(verb: Token) -> bool:
    """True for a bare past participle that modifies a noun: "civilians evacuated from Aleppo"."""
    return relation(verb) == "acl" and verb.tag_ in ("VBN", "VBD")


def antecedent(token: Token) -> Token:
    """For a relative pronoun the noun it stands for; any other token is returned as it is."""
    if token.lower_ in RELATIVE and token.tag_ in ("WP", "WDT", "IN", "PRP", ""):
        for ancestor in token.ancestors:
            if relation(ancestor) in ("acl:relcl", "acl"):
                return ancestor.head
    return token


def subject(predicate: Token, *, elided: bool = True) -> Token | None:
    """The subject (active or passive) of a verb, adjective or predicate noun.

    Looks through copulas, coordination ("Kerry said A and warned B": elided) and control
    ("was forced to flee"). Relative pronouns are returned as they stand; see `antecedent`.
    """
    for label, child in branches(predicate):
        if label in SUBJECTS or label in PASSIVE_SUBJECTS:
            return child
    if is_reduced_relative(predicate) or (relation(predicate) == "acl" and predicate.tag_ == "VBG"):
        return predicate.head
    label = relation(predicate)
    if label in ("acomp", "xcomp") and predicate.head.lemma_ == "be":  # ClearNLP: the copula is the head
        return subject(predicate.head, elided=elided)
    if not elided:
        return None
    if label == "conj" and predicate.head is not predicate:
        return subject(predicate.head)
    if label in ("xcomp", "advcl") and predicate.head is not predicate:
        controller = _controller(predicate)
        if controller is not None:
            return controller
        infinitive = any(c.lower_ == "to" for c in children(predicate, "mark", "aux"))
        if label == "xcomp" or predicate.tag_ == "VBG" or infinitive:
            return subject(predicate.head)
    return None


# "Ordered residents to evacuate": whose object does it, also where the tree takes the infinitive for a purpose.
OBJECT_CONTROL = frozenset(
    "order tell urge ask force allow advise instruct direct command enable warn compel permit beg require".split()
)

# Before a gerund: "accused them of killing", "kept them from leaving", "praised them for saving".
OBJECT_MARKS = frozenset({"of", "from", "for"})


def _controller(predicate: Token) -> Token | None:
    """The object that controls a complement: "urged residents to leave", "accused the army of killing nine"."""
    label = relation(predicate)
    told = label == "advcl" and predicate.head.lemma_.lower() in OBJECT_CONTROL
    charged = label == "advcl" and any(c.lower_ in OBJECT_MARKS for c in children(predicate, "mark"))
    if label != "xcomp" and not told and not charged:
        return None
    found = [o for o in children(predicate.head, "obj", "iobj") if o.i < predicate.i]
    return found[-1] if found else None


def objects(verb: Token) -> list[Token]:
    """Direct objects, with those shared by coordinated verbs ("killed or wounded 20 people")."""
    own = children(verb, "obj") or children(verb, "iobj")
    if own or not is_verb(verb) or is_passive(verb):
        return own
    shared = [o for c in verb.conjuncts if c.i > verb.i and not children(verb, "obl") for o in children(c, "obj")]
    return shared[:1] if shared and all(v.head == verb for v in verb.conjuncts) else []


def obliques(token: Token) -> list[tuple[str, Token]]:
    """Prepositional modifiers as (preposition in lower case, head noun), in text order.

    Prepositions of several words come joined: ("because of", storm), ("according to", UNICEF).
    """
    kept, at = _kept(token.doc)[1], token.i
    found = kept.get(at)
    if found is None:
        found = kept[at] = tuple(sorted(_obliques(token), key=lambda pair: pair[1].i))
    return list(found)


def _obliques(token: Token) -> list[tuple[str, Token]]:
    found: list[tuple[str, Token]] = []
    for label, child in branches(token):
        if label in ("obl", "obl:agent", "nmod", "obl:arg", "nmod:desc", "obl:unmarked") or child.pos_ in NOMINAL:
            case = children(child, "case")
            if case:
                found.append((" ".join(_case_words(c) for c in case), child))
        elif label in ("prep", "agent"):
            found.extend((child.lower_, noun) for noun in child.children if noun.dep_ == "pobj")
            found.extend(
                (f"{child.lower_} {p.lower_}", noun)
                for p in child.children
                if p.dep_ == "prep"
                for noun in p.children
                if noun.dep_ == "pobj"
            )
    return found


def _case_words(case: Token) -> str:
    fixed = [c.lower_ for c in children(case, "fixed")]
    return " ".join([case.lower_, *fixed])


def preposition(token: Token) -> str | None:
    """The preposition before a noun, its own or that of the noun it is coordinated with, in lower case."""
    cases = [c for c in children(token, "case") if c.i < token.i]
    if cases:
        return " ".join(_case_words(c) for c in cases)
    if token.head is not token and token.head.dep_ in ("prep", "agent"):
        return str(token.head.lower_)
    if relation(token) in ("conj", "appos", "flat", "compound") and token.head is not token:
        return preposition(token.head)
    return None


def agent(verb: Token) -> Token | None:
    """Who acts: the subject of an active verb, the by-phrase of a passive one."""
    if is_passive(verb) or is_reduced_relative(verb):
        return next((noun for prep, noun in obliques(verb) if prep == "by"), None)
    return subject(verb)


def patients(verb: Token) -> list[Token]:
    """Who is acted on: objects of an active verb, the subject of a passive one or the noun a participle modifies."""
    if is_passive(verb) or is_reduced_relative(verb):
        found = subject(verb)
        return [antecedent(found)] if found is not None else []
    return objects(verb)


def coordinated(token: Token) -> list[Token]:
    """The token and all tokens coordinated with it to its right, in text order."""
    found = [token]
    for child in children(token, "conj"):
        found.extend(coordinated(child))
    return sorted(found, key=lambda t: t.i)


def phrase(token: Token, *, clauses: bool = False) -> tuple[int, int]:
    """Token range [start, end) of the noun phrase headed by `token`, without its preposition.

    Relative and other clauses, coordination and trailing punctuation are left out unless `clauses`.
    """
    drop = {"case", "punct", "cc", "conj", "mark", "cop", "nsubj", "nsubj:pass", "aux", "advcl", "parataxis", "ccomp"}
    if not clauses:
        drop |= {"acl", "acl:relcl", "appos"}
    wanted = [token.i]
    for label, child in branches(token):
        if label not in drop and not child.is_space:
            start, end = phrase(child, clauses=clauses) if label != "nmod" else full_range(child)
            wanted += [start, end - 1]
    return min(wanted), max(wanted) + 1


def full_range(token: Token) -> tuple[int, int]:
    """Token range [start, end) of the whole subtree, without punctuation or white space at its edges."""
    start, end = token.left_edge.i, token.right_edge.i + 1
    doc = token.doc
    while end - 1 > start and (doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    while start < end - 1 and (doc[start].is_space or doc[start].text in ",;:—–-"):
        start += 1
    return start, end


def clause_head(token: Token) -> Token:
    """The predicate of the smallest clause the token stands in."""
    for candidate in (token, *token.ancestors):
        if relation(candidate) in CLAUSES and (is_verb(candidate) or relation(candidate) == "ROOT"):
            return candidate
        if relation(candidate) == "conj" and is_verb(candidate):
            return candidate
    return token


def auxiliaries(verb: Token) -> list[Token]:
    """Auxiliaries and copulas of a predicate, with those it shares by coordination, in text order."""
    own = children(verb, "aux", "aux:pass", "cop")
    if not own and relation(verb) == "conj" and is_verb(verb.head) and not children(verb, "nsubj", "nsubj:pass"):
        return auxiliaries(verb.head)
    return own


def negated(predicate: Token) -> bool:
    """True if the predicate is under "not", "never" or "no longer"."""
    return any(c.lower_ in ("not", "n't", "n’t", "never") for c in predicate.children) or any(
        g.lower_ in ("not", "n't", "n’t") for c in auxiliaries(predicate) for g in c.children
    )


def governors(token: Token) -> Iterator[Token]:
    """Predicates above the token, nearest first."""
    for ancestor in token.ancestors:
        if is_verb(ancestor) or relation(ancestor) in CLAUSES:
            yield ancestor


def parsed(doc: Doc) -> bool:
    """True if the Doc carries a dependency tree."""
    return bool(doc.has_annotation("DEP"))
