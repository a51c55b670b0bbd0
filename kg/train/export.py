"""Trained weights to the packaged model: ONNX graph, int8 weights, label scorer, inventory, vocabulary."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.nlp.model_pieces import WordPieces, encode, pad
from kg.nlp.model_runtime import GRAPH, INVENTORY, LABEL, VOCABULARY
from kg.train.network import CORPORA, Network
from kg.train.targets import Inventory, load_inventory

NAMES_AFTER = "ewt"  # whose convention for names the shipped model follows
OUTPUTS = ("arcs", "dep", "head", "upos", "xpos", "feats", "lemmas", "names", "starts")
INPUTS = ("ids", "shapes", "mask", "first", "word_shapes")


class Shipped(nn.Module):
    """The network as it is exported: no dropout, one corpus for names, best classes instead of scores."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, ids: Tensor, shapes: Tensor, mask: Tensor, first: Tensor, word_shapes: Tensor
    ) -> tuple[Tensor, ...]:
        corpus = torch.full_like(ids[:, 0], CORPORA.index(NAMES_AFTER))
        out = self.net(ids, shapes, mask, first, word_shapes, corpus)
        best = (getattr(out, k).argmax(-1).to(torch.int32) for k in ("upos", "xpos", "feats", "lemmas"))
        return out.arcs, out.dep, out.head, *best, out.names, out.starts


def load_network(weights: Path, inventory: Inventory) -> Network:
    """The trained network, ready to be read."""
    net = Network(inventory.sizes)
    net.load_state_dict(torch.load(weights, weights_only=True))
    return net.eval()


def export(trained: Path, vocabulary: Path, out: Path) -> int:
    """Write the packaged model of the run in `trained` to `out`; returns the size of the graph in bytes."""
    inventory = load_inventory(trained / "inventory.json")
    net = load_network(trained / "weights.pt", inventory)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        write_graph(net, WordPieces(_vocabulary(vocabulary)), plain)
        quantise(plain, out / GRAPH)
    np.savez(
        out / LABEL,
        weight=net.label.weight.detach().numpy().astype(np.float16),
        bias=net.label.bias.detach().numpy().astype(np.float16),
    )
    shutil.copyfile(trained / "inventory.json", out / INVENTORY)
    shutil.copyfile(vocabulary, out / VOCABULARY)
    return (out / GRAPH).stat().st_size


def _vocabulary(path: Path) -> dict[str, int]:
    from kg.nlp.model_pieces import load_vocabulary

    return load_vocabulary(path)


def write_graph(net: Network, pieces: WordPieces, path: Path) -> None:
    """Export in 32-bit floats, with free batch and length."""
    sample = pad([encode(words, [True] * len(words), pieces) for words in _examples()])
    inputs = tuple(
        torch.from_numpy(x) for x in (sample.ids, sample.shapes, sample.mask, sample.first, sample.word_shapes)
    )
    axes: dict[str, dict[int, str]] = {k: {0: "batch", 1: "length"} for k in INPUTS[:3]}
    axes |= {k: {0: "batch", 1: "words"} for k in (*INPUTS[3:], *OUTPUTS)}
    axes["arcs"] = {0: "batch", 1: "words", 2: "words"}
    with torch.inference_mode():
        torch.onnx.export(
            Shipped(net).eval(),
            inputs,
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def _examples() -> Sequence[Sequence[str]]:
    return ("Turkey said 8,000 people had left Aleppo .".split(), "They left .".split())


def quantise(plain: Path, out: Path, narrow: bool = False) -> None:
    """int8 weights by output channel, activations quantised as they come. `narrow`: 7 bits."""
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(plain, out, weight_type=QuantType.QInt8, per_channel=True, reduce_range=narrow)
    onnx.checker.check_model(onnx.load(out))
