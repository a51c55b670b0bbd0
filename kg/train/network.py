"""The network: MiniLM with a case signal and one set of heads for syntax, words, names and sentence starts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.nlp.model_pieces import SHAPES

HIDDEN, INNER, ATTENTION_HEADS, LAYERS = 384, 1536, 12, 6
ARC, LABEL, NAME, START, SHAPE, CORPUS = 384, 256, 192, 64, 16, 16
CORPORA = ("ewt", "gum", "wikigold", "re3d")
NOISE = 16_000_000  # elements, more than any activation of a batch
GROUPS = ("syntax", "word", "name", "start")


@dataclass(frozen=True)
class Sizes:
    """Number of classes of each head."""

    labels: int
    upos: int
    xpos: int
    feats: int
    lemmas: int
    names: int


@lru_cache(maxsize=8)
def _noise(chance: float) -> Tensor:
    """Ready-made dropout masks: drawing fresh ones took an eighth of the training time on a CPU."""
    generator = torch.Generator().manual_seed(7)
    kept = torch.empty(NOISE).bernoulli_(1 - chance, generator=generator)
    return (kept / (1 - chance)).to(torch.bfloat16)


def drop(x: Tensor, chance: float, training: bool) -> Tensor:
    """Dropout with a stretch of the ready-made noise that begins at a random place."""
    if not training or chance == 0.0:
        return x
    start = int(torch.randint(NOISE - x.numel(), ()))
    return x * _noise(round(chance, 4))[start : start + x.numel()].view(x.shape)


class Layer(nn.Module):
    """One BERT layer (post-norm)."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor, dropout: float) -> Tensor:
        x = self.attend(x, bias, dropout)
        inner = self.down(functional.gelu(self.up(x)))
        out: Tensor = self.norm2(x + drop(inner, dropout, self.training))
        return out

    def attend(self, x: Tensor, bias: Tensor, dropout: float) -> Tensor:
        """The first half: attention, residual and norm."""
        batch, length, _ = x.shape
        split = self.qkv(x).view(batch, length, 3, ATTENTION_HEADS, HIDDEN // ATTENTION_HEADS)
        query, key, value = (split[:, :, i].transpose(1, 2) for i in range(3))
        # written out: on a CPU the backward pass of torch's fused attention is several times slower
        scores = torch.matmul(query * (HIDDEN // ATTENTION_HEADS) ** -0.5, key.transpose(-1, -2))
        mixed = torch.matmul((scores + bias.to(scores.dtype)).softmax(-1).to(value.dtype), value)
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, HIDDEN))
        out: Tensor = self.norm1(x + drop(mixed, dropout, self.training))
        return out


class Encoder(nn.Module):
    """MiniLM-L6 with an embedding of the letter shape and spacing of each word added to its input."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        self.segment = nn.Parameter(torch.zeros(HIDDEN))
        self.shapes = nn.Embedding(SHAPES, HIDDEN)
        nn.init.normal_(self.shapes.weight, std=0.005)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor, dropout: float) -> list[Tensor]:
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.segment + self.shapes(shapes)
        x = drop(self.norm(x), dropout, self.training)
        bias = (1.0 - mask)[:, None, None, :] * -1e4
        states = []
        for layer in self.layers:
            x = layer(x, bias, dropout)
            states.append(x)
        return states


@dataclass(frozen=True)
class Output:
    """Logits by word; position 0 is [CLS], the root. `dep` and `head` feed the label scorer."""

    arcs: Tensor
    dep: Tensor
    head: Tensor
    upos: Tensor
    xpos: Tensor
    feats: Tensor
    lemmas: Tensor
    names: Tensor
    starts: Tensor


class Network(nn.Module):
    """Encoder and heads. `corpus` [B] lets the name head know whose convention to follow."""

    def __init__(self, sizes: Sizes, encoder_dropout: float = 0.1, head_dropout: float = 0.25) -> None:
        super().__init__()
        self.encoder_dropout, self.head_dropout = encoder_dropout, head_dropout
        self.encoder = Encoder()
        self.mix = nn.Parameter(torch.tensor([[0.0, 0.0, 0.0, 0.0, 0.0, 2.0]] * len(GROUPS)))
        self.shapes = nn.Embedding(SHAPES, SHAPE)
        self.corpora = nn.Embedding(len(CORPORA), CORPUS)
        width = HIDDEN + SHAPE
        self.arc_dep, self.arc_head = nn.Linear(width, ARC), nn.Linear(width, ARC)
        self.arc = nn.Linear(ARC, ARC)
        self.label_dep, self.label_head = nn.Linear(width, LABEL), nn.Linear(width, LABEL)
        self.label = nn.Linear(2 * LABEL, sizes.labels)
        self.upos, self.xpos = nn.Linear(width, sizes.upos), nn.Linear(width, sizes.xpos)
        self.feats, self.lemmas = nn.Linear(width, sizes.feats), nn.Linear(width, sizes.lemmas)
        self.name_in, self.name = nn.Linear(width + CORPUS, NAME), nn.Linear(NAME, sizes.names)
        self.start_in, self.start = nn.Linear(width, START), nn.Linear(START, 1)

    def forward(
        self, ids: Tensor, shapes: Tensor, mask: Tensor, first: Tensor, word_shapes: Tensor, corpus: Tensor
    ) -> Output:
        states = self.encoder(ids, shapes, mask, self.encoder_dropout)
        index = first.unsqueeze(-1).expand(-1, -1, HIDDEN)
        layers = torch.stack([torch.gather(s, 1, index) for s in states])
        shape = self.shapes(word_shapes)
        mixed = torch.tensordot(self.mix.softmax(1).to(layers.dtype), layers, dims=1)
        syntax, word, name, start = (self._drop(torch.cat([group, shape.to(group.dtype)], -1), 0.6) for group in mixed)
        dep = self._drop(functional.leaky_relu(self.arc_dep(syntax), 0.1))
        head = self._drop(functional.leaky_relu(self.arc_head(syntax), 0.1))
        kind = self.corpora(corpus)[:, None, :].expand(-1, name.shape[1], -1)
        names = self._drop(functional.leaky_relu(self.name_in(torch.cat([name, kind], -1)), 0.1), 0.6)
        return Output(
            arcs=torch.matmul(self.arc(dep), head.transpose(1, 2)) * ARC**-0.5,
            dep=self._drop(functional.leaky_relu(self.label_dep(syntax), 0.1)),
            head=self._drop(functional.leaky_relu(self.label_head(syntax), 0.1)),
            upos=self.upos(word),
            xpos=self.xpos(word),
            feats=self.feats(word),
            lemmas=self.lemmas(word),
            names=self.name(names),
            starts=self.start(functional.leaky_relu(self.start_in(start), 0.1)).squeeze(-1),
        )

    def label_logits(self, dep: Tensor, head: Tensor) -> Tensor:
        """Label logits [..., labels] for pairs of dependent and head vectors."""
        logits: Tensor = self.label(torch.cat([dep * head, functional.leaky_relu(dep + head, 0.1)], -1))
        return logits

    def _drop(self, x: Tensor, part: float = 1.0) -> Tensor:
        return drop(x, self.head_dropout * part, self.training)


def load_base(encoder: Encoder, weights: Path) -> None:
    """Fill the encoder with the pretrained MiniLM weights (a safetensors file of a BERT model)."""
    from safetensors.torch import load_file

    base = load_file(str(weights))
    with torch.no_grad():
        encoder.words.weight.copy_(base["embeddings.word_embeddings.weight"])
        encoder.positions.weight.copy_(base["embeddings.position_embeddings.weight"])
        encoder.segment.copy_(base["embeddings.token_type_embeddings.weight"][0])
        encoder.norm.weight.copy_(base["embeddings.LayerNorm.weight"])
        encoder.norm.bias.copy_(base["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(encoder.layers):
            for part in ("weight", "bias"):
                old = f"encoder.layer.{i}"
                qkv = [base[f"{old}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                getattr(layer.qkv, part).copy_(torch.cat(qkv))
                getattr(layer.out, part).copy_(base[f"{old}.attention.output.dense.{part}"])
                getattr(layer.norm1, part).copy_(base[f"{old}.attention.output.LayerNorm.{part}"])
                getattr(layer.up, part).copy_(base[f"{old}.intermediate.dense.{part}"])
                getattr(layer.down, part).copy_(base[f"{old}.output.dense.{part}"])
                getattr(layer.norm2, part).copy_(base[f"{old}.output.LayerNorm.{part}"])
