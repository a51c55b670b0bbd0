"""The commands' arguments. What they do is imported when they run: `kg query` never waits for spaCy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.arguments import Base, Json, Model, Paths, StoreDir

_STORE = Path("store")


def show(paths: Paths, model: Model = None, as_json: Json = False) -> int:
    """Print each article's paragraphs, and below each the claims that were read from it."""
    from kg.cli import show as work

    return work.show(paths, model, as_json=as_json)


def query(
    file: Annotated[str, typer.Argument(help="A query file, the name of one in queries/, or - for standard input.")],
    store: StoreDir = _STORE,
    format: Annotated[
        str | None, typer.Option(help="csv, tsv, json, xml or table; for graphs ttl, nt or xml. [default: table, ttl]")
    ] = None,
    param: Annotated[list[str] | None, typer.Option("--param", help="name=value, for a query with parameters.")] = None,
) -> int:
    """Ask a store a SPARQL query; the default graph is the union of all graphs."""
    from kg.cli import query as work

    work.query(file, store, format, param or [])
    return 0


def ledger(
    store: StoreDir = _STORE,
    policy: Annotated[
        list[str] | None, typer.Option(help="ucdp, conservative, latest, official or median. Repeatable.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="Only events at places whose name holds this.")] = None,
    overlay: Annotated[bool, typer.Option("--overlay", help="Take what analysts decided: see `kg review`.")] = False,
    as_json: Json = False,
) -> int:
    """Print all figures of each event: who gives them, how they stand to each other, what policies make of them."""
    from kg.cli import ledger as work

    return work.ledger(store, policy or [], place, overlay=overlay, as_json=as_json)


def reconcile(
    store: StoreDir = _STORE,
    base: Base = None,
    forget: Annotated[bool, typer.Option("--forget", help="Take all that it wrote out again.")] = False,
    override: Annotated[
        Path | None, typer.Option(help="TOML or CSV: which claims, statements, actors are the same or different.")
    ] = None,
    overlay: Annotated[bool, typer.Option("--overlay", help="Take what analysts decided: see `kg review`.")] = False,
) -> int:
    """Find events that several articles tell, compare their figures, and write it to the links graph."""
    from kg.cli import ledger as work

    return work.reconcile(store, work.Choices(base, forget, override, overlay))


def export(
    out: Annotated[Path, typer.Argument(help="File to write; - for standard output.")],
    store: StoreDir = _STORE,
    format: Annotated[str, typer.Option(help="ttl, trig, nq, jsonld, rdfxml, csv or nanopub.")] = "trig",
    protege: Annotated[bool, typer.Option("--protege", help="With the ontology, for Protégé: ttl or rdfxml.")] = False,
    article: Annotated[list[str] | None, typer.Option(help="Only this article (IRI or file stem). Repeatable.")] = None,
    event: Annotated[list[str] | None, typer.Option(help="Only claims about this event (IRI). Repeatable.")] = None,
) -> int:
    """Write a store's graph to a file: the same graph gives the same bytes."""
    from kg.cli import export as work

    work.export(out, work.Choices(store, format, protege, tuple(article or ()), tuple(event or ())))
    return 0


def validate(
    store: StoreDir = _STORE,
    pyshacl: Annotated[bool, typer.Option("--pyshacl", help="Ask pySHACL: slow, the reference.")] = False,
    as_json: Json = False,
) -> int:
    """Check a store's graph against the SHACL shapes. Exit code 1 if it does not conform."""
    from kg.cli import validate as work

    return work.validate(store, pyshacl=pyshacl, as_json=as_json)


def reason(
    store: StoreDir = _STORE,
    base: Base = None,
    hermit: Annotated[bool, typer.Option("--hermit", help="Ask HermiT whether the graph can be true.")] = False,
) -> int:
    """Add to a store what follows from its graph, as the graph `inferred`.

    With --hermit nothing is added: exit code 1 if the graph is inconsistent (needs Java and the extra `reason`).
    """
    from kg.cli import validate as work

    return work.reason(store, base, hermit=hermit)


def evaluate(
    gold: Annotated[
        Path | None, typer.Option(help="Folder of gold. [default: ../shared/gold/dev]", metavar="DIR")
    ] = None,
    texts: Annotated[Path | None, typer.Option(help="Its texts. [default: near the gold]", metavar="DIR")] = None,
    docs: Annotated[str, typer.Option(help="Only these documents, comma-separated.")] = "",
    errors: Annotated[int, typer.Option(min=0, help="Print the first N differences to standard error.")] = 0,
    check: Annotated[bool, typer.Option("--check", help="Exit code 1 if a figure to be reached is not.")] = False,
    by_document: Annotated[bool, typer.Option("--by-document", help="F1 of groups and documents too.")] = False,
    raise_floors: Annotated[
        bool, typer.Option("--raise-floors", help="Write higher floors to seeds/gold/floors.toml; none is lowered.")
    ] = False,
    polnear: Annotated[bool, typer.Option("--polnear", help="Attribution on PolNeAR's development texts.")] = False,
    rams: Annotated[bool, typer.Option("--rams", help="Triggers and roles on RAMS windows of our events.")] = False,
    idmc: Annotated[bool, typer.Option("--idmc", help="Quantity and term of IDMC's labelled excerpts.")] = False,
    ordinary: Annotated[bool, typer.Option("--ordinary", help="Reports found in ordinary political news.")] = False,
    written: Annotated[bool, typer.Option("--written", help="The project's own articles, in tests/articles.")] = False,
    calibration: Annotated[bool, typer.Option("--calibration", help="Do confidences mean what they say.")] = False,
    entities: Annotated[bool, typer.Option("--entities", help="Mentions of actors and places on re3d, UNER.")] = False,
    peers: Annotated[bool, typer.Option("--peers", help="Simpler ways on the same texts, side by side.")] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Figures beside a trigger that became no claim.")
    ] = False,
    model_figures: Annotated[
        bool, typer.Option("--model-figures", help="The language model on EWT and GUM dev; so does a bare --model.")
    ] = False,
    parses: Annotated[
        Path | None, typer.Option(help="Folder that keeps parses, so that only rules run again.", metavar="DIR")
    ] = None,
    model: Model = None,
    as_json: Json = False,
) -> int:
    """Read the gold's texts, ask the export queries and score the answers with the gold's own scorer.

    With parts (--rams, --idmc ...), these are printed; the gold is scored as well where --gold is given.
    """
    from kg.cli import evaluate as work

    documents = tuple(d for d in docs.split(",") if d)
    chosen = {
        "polnear": polnear,
        "rams": rams,
        "idmc": idmc,
        "ordinary": ordinary,
        "written": written,
        "calibration": calibration,
        "entities": entities,
        "peers": peers,
        "rejected": rejected,
    }
    parts = tuple(name for name, wanted in chosen.items() if wanted)
    choices = work.Choices(gold, texts, documents, errors, check, by_document, raise_floors, model, as_json)
    return work.evaluate(choices, parts, parses, model_figures)
