"""The record of a write as PROV: who, when, what, in the graph `audit`, in one transaction with the write itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyoxigraph as ox

from server.gate import tokens

_PROV = "http://www.w3.org/ns/prov#"
_RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_DATETIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")


def record(base: str, *, request: str, token: str | None, action: str) -> dict[str, str]:
    """What the web process knows of a write; `token` is the SHA-256 of the writer's token."""
    return {
        "graph": f"{base}graph/audit",
        "activity": f"{base}id/write/{request}",
        "agent": f"{base}id/token/{(token or 'none')[:12]}",
        "action": action,
        "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def recorded(update: str, facts: dict[str, Any] | None) -> str:
    """`update` with an operation more that records it. If it does nothing, or `facts` is None, it stays as it is."""
    found = [token.text for token in tokens(update)] if facts else []
    if not any(text == "{" or text.upper() in _WITHOUT_BRACES for text in found):
        return update
    return f"{update}\n{'' if found[-1] == ';' else ';'} {operation(facts)}"


def operation(facts: dict[str, Any] | None, graph: str | None = None, *, gone: bool = False) -> str:
    """The operation that records a write; empty if `facts` is None. `graph`: what it made, or took away (`gone`)."""
    if not facts:
        return ""
    activity, agent = ox.NamedNode(facts["activity"]), ox.NamedNode(facts["agent"])
    triples = [
        ox.Triple(activity, _RDF_TYPE, ox.NamedNode(_PROV + "Activity")),
        ox.Triple(activity, _LABEL, ox.Literal(facts["action"], language="en")),
        ox.Triple(activity, ox.NamedNode(_PROV + "startedAtTime"), ox.Literal(facts["at"], datatype=_DATETIME)),
        ox.Triple(activity, ox.NamedNode(_PROV + "wasAssociatedWith"), agent),
        ox.Triple(agent, _RDF_TYPE, ox.NamedNode(_PROV + "Agent")),
        ox.Triple(agent, _LABEL, ox.Literal("holder of token " + facts["agent"].rpartition("/")[2], language="en")),
    ]
    if graph is not None:
        kind = "wasInvalidatedBy" if gone else "wasGeneratedBy"
        triples.append(ox.Triple(ox.NamedNode(graph), ox.NamedNode(_PROV + kind), activity))
    text = " ".join(f"{triple} ." for triple in triples)
    return f"INSERT DATA {{ GRAPH {ox.NamedNode(facts['graph'])} {{ {text} }} }}"


_WITHOUT_BRACES = frozenset({"CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"})
