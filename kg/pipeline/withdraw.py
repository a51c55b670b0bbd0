"""Take articles out of a store: all that they brought, and what nothing leads to afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kg.mapping import iris
from kg.settings import resource
from kg.store import Store

_OPERATION = re.compile(r"\s;\n(?=DELETE|DROP|INSERT)")


def withdraw(store: Store, base: str, sha256s: Iterable[str]) -> None:
    """Take out the articles with these digests; those that are not there do no harm.

    The sweep of shared nodes, which looks at the whole store, is run once.
    """
    digests = [iris.short(s) for s in sha256s]
    if not digests:
        return
    prologue, single, sweep = _operations()
    for digest in digests:
        store.update(prologue + _at(" ;\n".join(single), base).replace("DIGEST", digest))
    store.update(prologue + _at(" ;\n".join(sweep), base))


def _at(text: str, base: str) -> str:
    return text.replace("<BASE", f"<{base}")


@cache
def _operations() -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Prefixes, the operations that name one article, and those that sweep, of the rules in `ontology/rules`."""
    texts = [_rule("withdraw-article"), _rule("sweep-provenance")]
    prologue = "".join(line + "\n" for text in texts for line in text.splitlines() if line.startswith("PREFIX"))
    bodies = ["\n".join(s for s in text.splitlines() if not s.startswith(("#", "PREFIX"))) for text in texts]
    operations = [o.strip() for body in bodies for o in _OPERATION.split(body.strip())]
    single = tuple(o for o in operations if "DIGEST" in o)
    return prologue, single, tuple(o for o in operations if "DIGEST" not in o)


def _rule(name: str) -> str:
    return (resource("ontology") / "rules" / f"{name}.ru").read_text(encoding="utf-8")
