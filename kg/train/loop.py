"""The training loop: AdamW, warm-up and linear decay by step, an average of the weights, fixed seeds."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from kg.nlp.lemmas import apply_script
from kg.nlp.model_decode import Floats, allowed_steps, decode_heads, decode_names
from kg.nlp.model_pieces import WordPieces
from kg.train.network import Network, Output, load_base
from kg.train.plan import WEIGHTS, Plan, rate_factor
from kg.train.records import Record
from kg.train.scores import Parsed, Score
from kg.train.targets import IGNORE, Indexer, Inventory, Targets
from kg.train.variations import pool_of
from kg.train.windows import Window, batches, sample, whole_paragraphs


@dataclass(frozen=True)
class Tensors:
    """A batch on the torch side."""

    inputs: tuple[Tensor, ...]
    allowed: Tensor
    gold: dict[str, Tensor]


def tensors(targets: Targets) -> Tensors:
    """Targets to tensors, with the table of arcs inside one sentence (and to the root)."""
    b = targets.batch
    inputs = (b.ids, b.shapes, b.mask, b.first, b.word_shapes, targets.corpus)
    sentence = torch.from_numpy(targets.sentence)
    allowed = sentence[:, :, None] == sentence[:, None, :]
    allowed[:, :, 0] = True
    names = ("heads", "labels", "upos", "xpos", "feats", "lemmas", "names", "starts")
    gold = {k: torch.from_numpy(getattr(targets, k)) for k in names}
    return Tensors(tuple(torch.from_numpy(x) for x in inputs), allowed, gold)


def losses(net: Network, out: Output, batch: Tensors) -> dict[str, Tensor]:
    """Mean loss by head; heads without gold in the batch are left out."""
    gold = batch.gold
    found: dict[str, Tensor] = {}
    rows, words = torch.nonzero(gold["heads"] != IGNORE, as_tuple=True)
    if len(rows):
        arcs = out.arcs.float().masked_fill(~batch.allowed, -1e4)[rows, words]
        heads = gold["heads"][rows, words]
        found["arc"] = functional.cross_entropy(arcs, heads)
        labels = net.label_logits(out.dep[rows, words], out.head[rows, heads]).float()
        found["label"] = functional.cross_entropy(labels, gold["labels"][rows, words], ignore_index=IGNORE)
    for layer in ("upos", "xpos", "feats", "lemmas", "names"):
        known = gold[layer] != IGNORE
        if known.any():
            logits: Tensor = getattr(out, layer)
            found[layer] = functional.cross_entropy(logits[known].float(), gold[layer][known])
    known = gold["starts"] != IGNORE
    if known.any():
        found["starts"] = functional.binary_cross_entropy_with_logits(
            out.starts[known].float(), gold["starts"][known].float()
        )
    return found


def optimizer(net: Network, plan: Plan) -> torch.optim.AdamW:
    """AdamW with one rate a layer of the encoder and one for the heads."""
    net.encoder.words.weight.requires_grad_(plan.train_words)
    groups: list[dict[str, object]] = []
    depth = len(net.encoder.layers)
    for i, layer in enumerate(net.encoder.layers):
        rate = plan.encoder_rate * plan.layer_decay ** (depth - 1 - i)
        groups.append({"params": list(layer.parameters()), "lr": rate})
    inside = {id(p) for layer in net.encoder.layers for p in layer.parameters()}
    case = {id(net.encoder.shapes.weight)}
    bottom = [p for p in net.encoder.parameters() if p.requires_grad and id(p) not in inside | case]
    groups.append({"params": bottom, "lr": plan.encoder_rate * plan.layer_decay**depth})
    encoder = {id(p) for p in net.encoder.parameters()} - case
    heads = [p for p in net.parameters() if id(p) not in encoder]
    groups.append({"params": heads, "lr": plan.head_rate})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, fused=True)


def train(
    records: Sequence[Record],
    dev: Mapping[str, Sequence[Record]],
    inventory: Inventory,
    base: Path,
    pieces: WordPieces,
    plan: Plan,
    out: Path,
    start: Path | None = None,
    log: Callable[[str], None] = print,
) -> None:
    """Train and leave the averaged weights in `out`/weights.pt; `log` gets a line a hundred steps and an epoch.

    `start`: weights of an earlier round with the same inventory to go on from, else the base encoder.
    """
    dice = _begin(plan, inventory, out)
    net = _network(inventory, base, start, plan)
    pool = pool_of(records)
    average = copy.deepcopy(net).requires_grad_(False)
    adam = optimizer(net, plan)
    rates = [g["lr"] for g in adam.param_groups]
    indexer = Indexer(inventory)
    step, began = 0, time.monotonic()
    total = plan.epochs * len(batches(list(sample(records, pool, pieces, random.Random(0), plan)), plan.batch_pieces))
    log(f"{len(records)} sentences, {total} steps planned")
    for epoch in range(plan.epochs):
        sums: dict[str, float] = {}
        seen = 0
        net.train()
        for group in batches(list(sample(records, pool, pieces, dice, plan)), plan.batch_pieces, dice):
            factor = rate_factor(step, total, plan)
            for g, rate in zip(adam.param_groups, rates, strict=True):
                g["lr"] = rate * factor
            batch = tensors(indexer(group))
            found = _update(net, adam, batch, plan.clip)
            step += 1
            _fold(average, net, min(plan.average, (step + 1) / (step + 10)))
            seen += int(batch.inputs[2].sum())
            for k, v in found.items():
                sums[k] = sums.get(k, 0.0) + v
            if step % 100 == 0:
                speed = step / (time.monotonic() - began)
                means = " ".join(f"{k} {v / 100:.3f}" for k, v in sums.items())
                log(f"step {step}/{total} {time.monotonic() - began:.0f}s {speed:.2f} steps/s {seen} pieces | {means}")
                sums = {}
        torch.save(average.state_dict(), out / "weights.pt")
        if epoch % 2 == 1 or epoch == plan.epochs - 1:
            for name, part in dev.items():
                log(f"epoch {epoch + 1} {name} {json.dumps(evaluate(average, part, inventory, pieces))}")


def _begin(plan: Plan, inventory: Inventory, out: Path) -> random.Random:
    """Threads, seeds and the records of a run in `out`; the dice that all choices of the run come from."""
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    np.random.seed(plan.seed)
    out.mkdir(parents=True, exist_ok=True)
    inventory.save(out / "inventory.json")
    (out / "plan.json").write_text(json.dumps(asdict(plan), indent=1) + "\n")
    return random.Random(plan.seed)


def _network(inventory: Inventory, base: Path, start: Path | None, plan: Plan) -> Network:
    net = Network(inventory.sizes, plan.encoder_dropout, plan.head_dropout)
    if start is None:
        load_base(net.encoder, base)
    else:
        net.load_state_dict(torch.load(start, weights_only=True))
    return net


def _update(net: Network, adam: torch.optim.AdamW, batch: Tensors, clip: float) -> dict[str, float]:
    """One step of the optimizer; the losses before it."""
    with torch.autocast("cpu", torch.bfloat16):
        found = losses(net, net(*batch.inputs), batch)
    loss = torch.stack([WEIGHTS[k] * v for k, v in found.items()]).sum()
    adam.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
    adam.step()
    return {k: float(v.detach()) for k, v in found.items()}


def _fold(average: Network, net: Network, keep: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.parameters(), net.parameters(), strict=True):
            if new.requires_grad:
                kept.lerp_(new, 1 - keep)


def evaluate(net: Network, records: Sequence[Record], inventory: Inventory, pieces: WordPieces) -> dict[str, float]:
    """Figures on gold tokens and gold sentences, read in paragraphs."""
    net.eval()
    indexer, score = Indexer(inventory), Score()
    steps = allowed_steps(inventory.names)
    for group in batches(list(whole_paragraphs(records, pieces)), 4000):
        batch = tensors(indexer(group))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            out = net(*batch.inputs[:-1], torch.zeros_like(batch.inputs[-1]))
        for row, window in enumerate(group):
            for record, parsed in _read(net, out, row, window, inventory, steps):
                score.add(record, parsed)
    return score.figures()


def _read(
    net: Network, out: Output, row: int, window: Window, inventory: Inventory, steps: Floats
) -> Iterator[tuple[Record, Parsed]]:
    count = len(window.encoded.first) - 1
    starts = [0]
    for record in window.sentences[:-1]:
        starts.append(starts[-1] + len(record.words))
    heads = decode_heads(out.arcs[row, : count + 1, : count + 1].float().numpy(), starts)
    with torch.inference_mode():
        logits = net.label_logits(out.dep[row, 1 : count + 1].float(), out.head[row, torch.from_numpy(heads)].float())
        logits[:, inventory.labels.index("root")] = -1e9
    labels = [inventory.labels[i] for i in logits.argmax(-1).tolist()]
    best = {
        k: getattr(out, k)[row, 1 : count + 1].float().argmax(-1).tolist() for k in ("upos", "xpos", "feats", "lemmas")
    }
    names_scores = out.names[row, 1 : count + 1].float().numpy()
    for start, record in zip(starts, window.sentences, strict=True):
        end = start + len(record.words)
        own = heads[start:end]
        yield (
            record,
            Parsed(
                heads=[0 if h == 0 else int(h) - start for h in own],
                labels=["root" if h == 0 else labels[start + i] for i, h in enumerate(own)],
                upos=[inventory.upos[i] for i in best["upos"][start:end]],
                xpos=[inventory.xpos[i] for i in best["xpos"][start:end]],
                feats=[inventory.feats[i] for i in best["feats"][start:end]],
                lemmas=[
                    apply_script(inventory.lemmas[i], w)
                    for i, w in zip(best["lemmas"][start:end], record.words, strict=True)
                ],
                names=decode_names(names_scores[start:end], steps, inventory.names),
            ),
        )
