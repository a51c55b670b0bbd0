"""How well claims are found: the project's own export queries against hand-made gold, scored by the gold's scorer."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from kg.errors import UsageError
from kg.evaluate import scoring
from kg.evaluate.tables import Check
from kg.floors import floors
from kg.ontology import NAMESPACE
from kg.pipeline import build, run_of
from kg.readers import Failure, read
from kg.settings import Settings, resource
from kg.store import Store

Score = dict[str, Any]
Row = dict[str, str]

SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")
# Rules were written without ever looking at these: their figures tell how rules carry over to other articles.
CHECK_SET = ("idmc-141", "idmc-187", "idmc-355", "idmc-390")
ATTRIBUTED = "statement attributed (content overlap + source)"
CLAIM = "figure claim (+ value, status, source)"
# The project's own articles: the first may be read while rules are written, the second are only scored.
WRITTEN = ("written dev", "written held")
_SCORER = "score.py"


@dataclass(frozen=True, slots=True)
class Gold:
    """Annotated documents: one JSON file each in `folder`, their texts in `texts`.

    `scorer`: the file of the gold's own scorer; None where it is not there and `kg.evaluate.scoring` takes its place.
    """

    folder: Path
    texts: Path
    scorer: Path | None
    documents: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that must be reached on some documents."""

    name: str
    measure: str
    at_least: float
    documents: tuple[str, ...]
    group: str


def shared_folder() -> Path | None:
    """The folder with gold and corpora: NEWSCLAIMS_SHARED, or `shared` beside the checkout; None if it is not there."""
    folder = Path(os.environ.get("NEWSCLAIMS_SHARED", resource("seeds").parent.parent / "shared"))
    return folder if (folder / "gold" / _SCORER).is_file() else None


def gold(folder: Path | None = None, texts: Path | None = None, docs: Sequence[str] = ()) -> Gold:
    """The gold in `folder` (default: the development gold of the shared folder), all of it or only `docs`.

    Raises UsageError if gold or texts are not there, or a document has no gold.
    """
    shared = shared_folder()
    if folder is None:
        if shared is None:
            raise UsageError("gold was expected, none is given and no shared folder is there", hint="say --gold DIR")
        folder = shared / "gold" / "dev"
    files = [p for p in sorted(folder.glob("*.json")) if p.stem != "seed_facts"]
    known = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in files}
    if not known:
        raise UsageError("a folder of gold (one JSON file a document) was expected, none found", where=str(folder))
    missing = [d for d in docs if d not in known]
    if missing:
        raise UsageError(f"documents with gold were expected, {', '.join(missing)} have none", where=str(folder))
    chosen = {d: known[d] for d in docs or known}
    return Gold(folder, texts or _texts(folder, next(iter(chosen))), _scorer(folder, shared), chosen)


def _texts(folder: Path, document: str) -> Path:
    parent = folder.parent
    places = (parent / "text", parent / "articles", parent.parent / "corpora" / folder.name / "text", folder)
    for place in places:
        if (place / f"{document}.txt").is_file():
            return place
    raise UsageError(
        f"the text {document}.txt was expected near the gold, not found", where=str(folder), hint="say --texts DIR"
    )


def _scorer(folder: Path, shared: Path | None) -> Path | None:
    places = [folder.parent / _SCORER, *([shared / "gold" / _SCORER] if shared else [])]
    return next((p for p in places if p.is_file()), None)


def graph(documents: Iterable[str], texts: Path, settings: Settings) -> Store:
    """The graph of these texts, in memory. Raises what reading raises: gold texts must all be readable."""
    store = Store.memory()
    inputs = read([texts / f"{d}.txt" for d in documents], max_bytes=settings.max_bytes)
    for outcome in build(inputs, store, run_of(settings.model), base=settings.base, model=settings.model):
        if isinstance(outcome, Failure):
            raise outcome.error
    return store


def rows(store: Store, name: str) -> dict[str, list[Row]]:
    """The rows of `queries/export/NAME.rq` by article, as the CSV they would be written to."""
    found = store.query((resource("queries") / "export" / f"{name}.rq").read_text(encoding="utf-8"))
    if not isinstance(found, ox.QuerySolutions):
        raise UsageError("a SELECT query was expected", where=f"queries/export/{name}.rq")
    names = [v.value for v in found.variables]
    by_article: dict[str, list[Row]] = {}
    for solution in found:
        row = {n: _cell(solution[n]) for n in names}
        by_article.setdefault(row["article"].rsplit("/", 1)[-1], []).append(row)
    return by_article


def _cell(term: object) -> str:
    return term.value if isinstance(term, ox.Literal | ox.NamedNode) else ""


def score(gold: Gold, store: Store, *, errors: int = 0) -> Score:
    """The scorer's figures; its first `errors` differences are printed to standard error."""
    return scored(gold, rows(store, "statements"), rows(store, "reports"), errors)


def by_document(gold: Gold, store: Store) -> dict[str, Score]:
    """The scorer's figures of each document alone."""
    return parts(gold, store, {d: (d,) for d in gold.documents})


def by_group(gold: Gold, store: Store) -> dict[str, Score]:
    """The scorer's figures of the seeds, of the documents that rules were written on, and of the check set."""
    groups = {
        "seeds": [d for d in gold.documents if d in SEEDS],
        "others, seen": [d for d in gold.documents if d not in (*SEEDS, *CHECK_SET)],
        "check set": [d for d in gold.documents if d in CHECK_SET],
    }
    return parts(gold, store, {name: found for name, found in groups.items() if found})


def parts(gold: Gold, store: Store, groups: Mapping[str, Sequence[str]]) -> dict[str, Score]:
    """The scorer's figures of groups of documents."""
    statements, reports = rows(store, "statements"), rows(store, "reports")
    chosen = {
        n: Gold(gold.folder, gold.texts, gold.scorer, {d: gold.documents[d] for d in ds}) for n, ds in groups.items()
    }
    return {name: scored(part, statements, reports, 0) for name, part in chosen.items()}


def scored(gold: Gold, statements: Mapping[str, list[Row]], reports: Mapping[str, list[Row]], errors: int) -> Score:
    """The figures of export rows by document; the first `errors` differences are printed to standard error."""
    documents = {d: {"reports": [], **g} for d, g in gold.documents.items()}
    if gold.scorer is not None:
        return _score_function(gold.scorer)(documents, statements, reports, errors)
    differences: list[str] = []
    found = scoring.score(documents, statements, reports, differences.append)
    sys.stderr.write("".join(f"{line}\n" for line in differences[:errors]))
    return found


def _score_function(path: Path) -> Callable[..., Score]:
    spec = importlib.util.spec_from_file_location("newsclaims_gold_scorer", path)
    if spec is None or spec.loader is None:
        raise UsageError("a Python file was expected", where=str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Callable[..., Score], module.score)


def members(documents: Iterable[str]) -> dict[str, frozenset[str]]:
    """Which of these documents are in each group of floors."""
    known = frozenset(documents)
    ours = {name: frozenset(d for d in known if d.startswith(name.split()[1] + "-")) for name in WRITTEN}
    others = known - frozenset(SEEDS) - ours[WRITTEN[0]] - ours[WRITTEN[1]]
    return {"seeds": known & set(SEEDS), "others": others, "check": known & set(CHECK_SET), **ours}


def targets(gold: Gold) -> tuple[Target, ...]:
    """What must be reached: the floors, each on the documents of its group that are in `gold`."""
    groups = members(gold.documents)
    return tuple(
        Target(f"{f.group}, {f.measure.split(' (')[0]}", f.measure, f.at_least, tuple(sorted(chosen)), f.group)
        for f in floors()
        if (chosen := groups[f.group])
    )


def reached(gold: Gold, store: Store) -> dict[tuple[str, str], float]:
    """F1 for each group and measure that has a floor."""
    wanted = targets(gold)
    figures = parts(gold, store, {t.name: t.documents for t in wanted})
    return {(t.group, t.measure): float(figures[t.name][t.measure]["F1"]) for t in wanted}


def checks(gold: Gold, store: Store) -> tuple[Check, ...]:
    """All targets and rules, each with what was found."""
    found = reached(gold, store)
    held = [(t, found[t.group, t.measure]) for t in targets(gold)]
    out = [Check(f"{t.name}: F1 >= {t.at_least:g}", f"{f1}", f1 >= t.at_least) for t, f1 in held]
    texts = {d: (gold.texts / f"{d}.txt").read_bytes().decode("utf-8-sig") for d in gold.documents}
    lost = [s for s in spans(store) if s[3] != texts.get(s[0], "")[s[1] : s[2]]]
    out.append(Check("words of every span stand at its offsets", f"{len(lost)} do not", not lost))
    if set(SEEDS) <= set(gold.documents):
        touched = [s for s in spans(store) if any(s[0] == d and s[1] < e and b < s[2] for d, b, e in forbidden())]
        out.append(Check("nothing is read from what must not be extracted", f"{len(touched)} spans are", not touched))
    return tuple(out)


def forbidden() -> tuple[tuple[str, int, int], ...]:
    """Document, start and end of what must not be extracted from the seed articles."""
    facts = json.loads((resource("seeds") / "gold" / "seed_facts.json").read_text(encoding="utf-8"))
    names = {"A": SEEDS[0], "B": SEEDS[1]}
    return tuple((names[f["doc"]], f["span"]["start"], f["span"]["end"]) for f in facts["must_not_extract"])


_SPANS = f"""PREFIX nc: <{NAMESPACE}> PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?article ?start ?end ?exact WHERE {{
  ?span nc:start ?start ; nc:end ?end ; nc:exact ?exact ; nc:inArticle/dcterms:identifier ?article
  FILTER NOT EXISTS {{ ?span a nc:Sentence }} }}"""


def spans(store: Store) -> list[tuple[str, int, int, str]]:
    """Article, start, end and words of every span of the graph that a claim, actor or place rests on."""
    found = store.query(_SPANS)
    if not isinstance(found, ox.QuerySolutions):
        return []
    cells = [[_cell(solution[n]) for n in ("article", "start", "end", "exact")] for solution in found]
    return [(article, int(start), int(end), exact) for article, start, end, exact in cells]
