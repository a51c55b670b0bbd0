"""`kg withdraw`: take articles out of a store, for good."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from kg.cli import options
from kg.cli.messages import say
from kg.errors import UsageError
from kg.mapping import iris
from kg.ontology import DCTERMS, NAMESPACE
from kg.pipeline import Copies, link_copies
from kg.pipeline import withdraw as take_out
from kg.reconcile import review, versions
from kg.store import Store, is_store, note_withdrawn, rewrite

_IDENTIFIER = ox.NamedNode(DCTERMS + "identifier")
_SHA256 = ox.NamedNode(NAMESPACE + "sha256")


def withdraw(names: list[str], store: Path, base: str | None, *, erase: bool = True) -> int:
    """Take out all that these articles brought, from every published generation.

    `erase` writes the store's files anew, so that no deleted words stay in them.
    `names` are file stems, IRIs, or beginnings (16 digits or more) of the text's SHA-256.
    Raises UsageError for one that the store does not hold; nothing is then taken out.
    """
    chosen = options.settings(base)
    if not is_store(store):
        raise UsageError("a store was expected, none is there", where=str(store), hint="name one with --store")
    with Store.create_or_open(store) as opened:
        digests = [digest for name in names for digest in _digests(opened, name)]
        take_out(opened, chosen.base, digests)
        versions.forget(opened, chosen.base, digests)
        for digest in digests:
            opened.update(review.forgetting(iris.article(chosen.base, digest), chosen.base))
        with Copies.beside(store) as copies:
            copies.forget(digests)
            link_copies(opened, copies, chosen.base)
        note_withdrawn(store, [iris.article(chosen.base, digest) for digest in digests])
        opened.publish(keep=1)
    if erase:
        rewrite(store)
    say(f"{store}: {len(digests)} articles taken out")
    return 0


def _digests(store: Store, name: str) -> list[str]:
    """The SHA-256 of each article that bears the name."""
    wanted = re.search(r"(?:^|/id/article/)([0-9a-f]{16,64})$", name)
    if wanted:
        found = [
            q.object.value
            for q in store.inner.quads_for_pattern(None, _SHA256, None)
            if isinstance(q.object, ox.Literal)
        ]
        matches = [d for d in found if d.startswith(wanted.group(1))]
    else:
        articles = [q.subject for q in store.inner.quads_for_pattern(None, _IDENTIFIER, ox.Literal(name))]
        rows = [q.object for a in articles for q in store.inner.quads_for_pattern(a, _SHA256, None)]
        matches = [o.value for o in rows if isinstance(o, ox.Literal)]
    if not matches:
        raise UsageError(f"an article of the store was expected, found {name!r}", hint="name its file stem or its IRI")
    return sorted(set(matches))
