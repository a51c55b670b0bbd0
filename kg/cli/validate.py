"""`kg validate` and `kg reason`: is a store's graph well formed, can it be true, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from kg import reason as reasoning
from kg.cli import options
from kg.cli.messages import put, say
from kg.mapping import iris
from kg.store import Store
from kg.validate import check
from kg.validate import validate as reference


def validate(store: Path, *, pyshacl: bool, as_json: bool) -> int:
    """Print each fault of the store's graph; the exit code is 1 if there is one."""
    with Store.open(store) as opened:
        found = (reference if pyshacl else check)(list(opened)).findings
    if as_json:
        put(json.dumps([asdict(f) for f in found], ensure_ascii=False, indent=1) + "\n")
    else:
        put("".join(f"{f.focus}\t{f.constraint}\t{f.path}\t{f.value}\t{f.message}\n" for f in found))
    say(f"{store}: {len(found)} faults")
    return int(bool(found))


def reason(store: Path, base: str | None, *, hermit: bool) -> int:
    """Write what follows to the store's graph of inferences; with `hermit` only ask whether the graph can be true."""
    chosen = options.settings(base)
    if hermit:
        with Store.open(store) as opened:
            verdict = reasoning.hermit(list(opened))
        for iri in verdict.unsatisfiable:
            put(f"{iri}\n")
        say(f"{store}: {'consistent' if verdict.consistent else 'inconsistent: the graph contradicts the ontology'}")
        return int(not verdict.consistent or bool(verdict.unsatisfiable))
    graph = iris.graph(chosen.base, "inferred")
    with Store.create_or_open(store) as opened:
        found = reasoning.inferred((q for q in opened if q.graph_name != graph), chosen.base)
        opened.replace_graph(graph.value, found)
    say(f"{store}: {len(found)} triples follow")
    return 0
