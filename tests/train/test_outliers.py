"""Channels apart compute what the whole layer computes."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is a training need (extra `train`)")


def test_a_split_layer_computes_the_same() -> None:
    from kg.train.network import HIDDEN, INNER, Layer
    from kg.train.outliers import APART, SplitLayer

    torch.manual_seed(1)
    layer = Layer().eval()
    x, bias = torch.randn(2, 5, HIDDEN), torch.zeros(2, 1, 1, 5)
    peaks = torch.rand(INNER)
    peaks[7] = 100.0
    split = SplitLayer(layer, peaks).eval()
    with torch.inference_mode():
        assert torch.allclose(split(x, bias, 0.0), layer(x, bias, 0.0), atol=1e-5)
    assert split.rare_up.out_features == APART
    assert any(torch.equal(row, layer.up.weight[7]) for row in split.rare_up.weight)


def test_dropout_keeps_the_mean_and_stops_in_use() -> None:
    from kg.train.network import drop

    torch.manual_seed(1)
    x = torch.ones(400, 500)
    assert drop(x, 0.25, True).mean().item() == pytest.approx(1.0, abs=0.01)
    assert (drop(x, 0.25, True) == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert torch.equal(drop(x, 0.25, False), x)
