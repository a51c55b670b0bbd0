"""The choices of a training run."""

from __future__ import annotations

from dataclasses import dataclass

WEIGHTS = {"arc": 1.0, "label": 1.0, "upos": 0.3, "xpos": 0.3, "feats": 0.3, "lemmas": 0.5, "names": 2.0, "starts": 1.0}


@dataclass(frozen=True)
class Plan:
    """All choices of one round of training."""

    epochs: int = 8
    batch_pieces: int = 1400
    encoder_rate: float = 1.2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9  # each layer further down learns by this factor slower
    train_words: bool = True  # whether the word embeddings move
    warm_up: int = 100
    cool_down: float = 0.4  # last share of the steps, in which the rates fall to 0
    average: float = 0.998  # of the weights, by step
    seed: int = 2
    threads: int = 2
    clip: float = 2.0
    encoder_dropout: float = 0.1
    head_dropout: float = 0.25
    masked: float = 0.03  # share of the pieces that are hidden
    swapped: float = 0.2  # share of the sentences in which one name is swapped for another


def rate_factor(step: int, total: int, plan: Plan) -> float:
    """What the learning rates are multiplied with: warm-up, a plateau, then a straight line down."""
    left = (total - step) / max(1.0, plan.cool_down * total)
    return min(1.0, (step + 1) / plan.warm_up, max(0.01, left))


# the shipped weights: three rounds, each from the averaged weights of the one before
ROUNDS = (
    Plan(
        epochs=2,
        batch_pieces=1800,
        encoder_rate=1.5e-4,
        head_rate=1.5e-3,
        cool_down=1.0,
        average=0.99,
        train_words=False,
        seed=1,
    ),
    Plan(epochs=8),
    Plan(
        epochs=14,  # 13.6: the shipped run was stopped after 4,500 steps, cooled down by then
        encoder_rate=1e-4,
        head_rate=8e-4,
        warm_up=150,
        cool_down=0.45,
        average=0.999,
        seed=5,
        encoder_dropout=0.12,
        head_dropout=0.3,
        masked=0.06,
        swapped=0.3,
    ),
)
