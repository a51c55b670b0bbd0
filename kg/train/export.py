"""Trained weights to the packaged model: ONNX graph, int8 weights, label scorer, inventory, vocabulary."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.nlp.model_pieces import Batch, WordPieces, encode, load_vocabulary, pad
from kg.nlp.model_runtime import GRAPH, INVENTORY, LABEL, VOCABULARY
from kg.train.network import CORPORA, Network
from kg.train.outliers import split
from kg.train.records import read_records
from kg.train.targets import Inventory, load_inventory
from kg.train.windows import batches, window_of

LARGE = 50_000  # elements of a tensor that is worth a cast
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


def export(trained: Path, records: Path, vocabulary: Path, out: Path) -> int:
    """Write the packaged model of the run in `trained` to `out`; returns the size of the graph in bytes.

    `records`: training records, some of which show which channels are rare.
    """
    pieces = WordPieces(load_vocabulary(vocabulary))
    inventory = load_inventory(trained / "inventory.json")
    net = load_network(trained / "weights.pt", inventory)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        split(net, _calibration(records, pieces))
        write_graph(net, pieces, plain)
        quantise(plain, out / GRAPH)
    np.savez(
        out / LABEL,
        weight=net.label.weight.detach().numpy().astype(np.float16),
        bias=net.label.bias.detach().numpy().astype(np.float16),
    )
    shutil.copyfile(trained / "inventory.json", out / INVENTORY)
    shutil.copyfile(vocabulary, out / VOCABULARY)
    return (out / GRAPH).stat().st_size


def _calibration(records: Path, pieces: WordPieces) -> list[Batch]:
    """Every fortieth sentence of the training records, in small batches."""
    windows = [window_of([r], pieces) for r in islice(read_records(records), 0, None, 40)]
    return [pad([w.encoded for w in group]) for group in batches(windows, 2000)]


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


def quantise(plain: Path, out: Path) -> None:
    """int8 weights by output channel, activations quantised as they come.

    Seven of the eight bits are used: processors without VNNI add products in 16 bits, which eight would overflow.
    The rare channels after GELU stay in floats: see `outliers`.
    """
    logging.getLogger().setLevel(logging.ERROR)
    products = [n.name for n in onnx.load(plain).graph.node if n.op_type in ("MatMul", "Gemm")]
    kept = [n for n in products if "/rare_" in n]
    quantize_dynamic(
        plain, out, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, nodes_to_exclude=kept
    )
    model = halve_floats(onnx.load(out))
    onnx.checker.check_model(model)
    onnx.save(model, out)


def halve_floats(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store large float tensors in 16 bits, each with a cast that onnxruntime folds away when it loads the graph."""
    graph = model.graph
    for tensor in list(graph.initializer):
        if tensor.data_type != onnx.TensorProto.FLOAT or np.prod(tensor.dims) < LARGE:
            continue
        half = onnx.numpy_helper.from_array(
            onnx.numpy_helper.to_array(tensor).astype(np.float16), f"{tensor.name}_half"
        )
        cast = onnx.helper.make_node(
            "Cast", [half.name], [tensor.name], name=f"{tensor.name}_cast", to=tensor.data_type
        )
        graph.initializer.remove(tensor)
        graph.initializer.append(half)
        graph.node.insert(0, cast)
    return model
