"""Builds one article with the ontology folder given, and prints what the graph says. Run as a program of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import kg.settings

ontology, text, out = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
_resource = kg.settings.resource
kg.settings.resource = lambda name: ontology if name == "ontology" else _resource(name)  # before all other imports

from pyoxigraph import Store  # noqa: E402

from kg import ontology_page  # noqa: E402
from kg.export import export  # noqa: E402
from kg.mapping import article_quads, shared_quads  # noqa: E402
from kg.nlp import claims  # noqa: E402
from kg.nlp.pipeline import load  # noqa: E402
from kg.readers import article  # noqa: E402
from kg.reason import inferred  # noqa: E402
from kg.types import Run  # noqa: E402
from kg.validate import check  # noqa: E402

BASE, RUN = "https://w3id.org/newsclaims/", Run("newsclaims", "model", "0", "1")
reading = claims.read(load(kg.settings.Settings().model), article(text.read_text("utf-8"), id="arrests"))
quads = [*article_quads(reading, RUN, BASE), *shared_quads(reading, RUN, BASE)]
store = Store()
store.extend(quads)


def asked(name: str) -> list[dict[str, str]]:
    """The rows of a shipped query."""
    rows = store.query((_resource("queries") / f"{name}.rq").read_text("utf-8"), use_default_graph_as_union=True)
    names = [v.value for v in rows.variables]
    return [{n: row[n].value if row[n] else "" for n in names} for row in rows]


export(quads, "csv", out)
print(
    json.dumps(
        {
            "rows": asked("export/hxl"),
            "contract": [row["event"] for row in asked("export/reports")],
            "faults": [f.message for f in check(quads).findings],
            "events": sorted(
                {str(q.object) for q in quads if "/id/event/" in str(q.subject) and q.predicate.value.endswith("#type")}
            ),
            "blames": len([q for q in quads if q.predicate.value.endswith("#attributesResponsibilityTo")]),
            "inferred": len(inferred(quads, BASE)),
            "page": "nc:Arrest" in ontology_page.page(ontology_page.load(), ontology / "page" / "page.md"),
        }
    )
)
