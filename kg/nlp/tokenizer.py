"""spaCy's English tokenizer, adapted where the treebanks cut words another way."""

from __future__ import annotations

import re
from typing import Any

from spacy.language import Language

# a prefix with its hyphen stays on the word ("non-combatant", "pro-Kurdish"); other hyphens part words
PREFIXES = (
    "anti|co|counter|cross|de|e|ex|extra|inter|intra|mid|mini|multi|neo|non|over|post|pre|pro|re|semi|sub|super|"
    "trans|ultra|un"
)
ABBREVIATIONS = (
    "al Ave Blvd Brig Capt Cmdr Col Cpl Feb Fri Ft Gov Jan Lt Maj Mon Nos Sat Sec Sen Sgt Sun Thu Thur Thurs Tue "
    "Tues Vol Wed approx vol"
).split()


def adapt_tokenizer(nlp: Language) -> None:
    """Change the rules of `nlp.tokenizer` in place."""
    tokenizer: Any = nlp.tokenizer
    for short in ABBREVIATIONS:
        tokenizer.add_special_case(f"{short}.", [{"ORTH": f"{short}."}])
    for odd in ("id", "Id", "ID", "wed", "Wed"):  # spaCy reads "I'd", "we'd" with the apostrophe left out
        tokenizer.add_special_case(odd, [{"ORTH": odd}])
    tokenizer.token_match = re.compile(rf"(?i:(?:{PREFIXES})-[a-z]+|[!?]{{2,}}|_{{2,}}|={{2,}}|\*{{2,}}|<<|>>)$").match
    tokenizer.rules = {k: v for k, v in tokenizer.rules.items() if k != "and/or"}
    tokenizer.suffix_search = re.compile(rf"[!?]{{2,}}$|{tokenizer.suffix_search.__self__.pattern}").search
    tokenizer.prefix_search = re.compile(rf"^[!?]{{2,}}|{tokenizer.prefix_search.__self__.pattern}").search
