"""Channels apart: the few inner channels with huge values stay in floats, so that the others fit into 8 bits.

Activations are quantised with one scale a tensor. In a trained encoder a few channels after GELU reach a hundred
times the usual value; with them in the same tensor, all others are rounded to a handful of levels.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.hooks import RemovableHandle

from kg.nlp.model_pieces import Batch
from kg.train.network import Layer, Network

APART = 64  # of 1,536 inner channels; a multiple of 32 keeps the products aligned


class SplitLayer(nn.Module):
    """A layer of the encoder whose inner channels are parted in common ones and rare ones (`rare_…`)."""

    def __init__(self, layer: Layer, peaks: Tensor) -> None:
        super().__init__()
        self.layer = layer
        order = peaks.argsort(descending=True)
        rare, common = order[:APART].sort().values, order[APART:].sort().values
        self.common_up, self.common_down = _part(layer, common, with_bias=True)
        self.rare_up, self.rare_down = _part(layer, rare, with_bias=False)

    def forward(self, x: Tensor, bias: Tensor, dropout: float) -> Tensor:
        x = self.layer.attend(x, bias, dropout)
        common = self.common_down(functional.gelu(self.common_up(x)))
        rare = self.rare_down(functional.gelu(self.rare_up(x)))
        out: Tensor = self.layer.norm2(x + common + rare)
        return out


def _part(layer: Layer, channels: Tensor, with_bias: bool) -> tuple[nn.Linear, nn.Linear]:
    """The inner products over some channels; the outer bias is added by one part only."""
    up = nn.Linear(layer.up.in_features, len(channels))
    down = nn.Linear(len(channels), layer.down.out_features)
    with torch.no_grad():
        up.weight.copy_(layer.up.weight[channels])
        up.bias.copy_(layer.up.bias[channels])
        down.weight.copy_(layer.down.weight[:, channels])
        down.bias.copy_(layer.down.bias if with_bias else torch.zeros_like(layer.down.bias))
    return up, down


def split(net: Network, batches: Iterable[Batch]) -> None:
    """Replace the layers of `net` by split ones; which channels are rare is read off the `batches`."""
    layers = [layer for layer in net.encoder.layers if isinstance(layer, Layer)]
    peaks = [torch.zeros(layer.up.out_features) for layer in layers]

    def watch(number: int) -> RemovableHandle:
        def note(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            peaks[number] = torch.maximum(peaks[number], inputs[0].abs().amax((0, 1)))

        return layers[number].down.register_forward_hook(note)

    hooks = [watch(i) for i in range(len(peaks))]
    with torch.inference_mode():
        for b in batches:
            net.encoder(*(torch.from_numpy(x) for x in (b.ids, b.shapes, b.mask)), 0.0)
    for hook in hooks:
        hook.remove()
    net.encoder.layers = nn.ModuleList(SplitLayer(la, p) for la, p in zip(layers, peaks, strict=True))
