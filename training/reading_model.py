"""The network: BERT's encoder with a reading head, an answer head and a ranking head.

Small enough to be read whole, and written so that it can be exported as plain matrix products.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of an encoder; the default is ms-marco-MiniLM-L-12-v2."""

    layers: int = 12
    hidden: int = 384
    heads: int = 12
    inner: int = 1536
    vocabulary: int = 30522
    positions: int = 512


@dataclass(frozen=True, slots=True)
class Output:
    """What the heads say of a batch: spans (b, n, 2) as start and end logits; (b,) for the others.

    The logits at position 0, [CLS], are those of "not here".
    """

    spans: Tensor
    answers: Tensor
    rank: Tensor


class Layer(nn.Module):
    """One transformer layer, normalised after each part.

    Attention has no dropout: drawing it takes a tenth of the time. Nor is it torch's fused kernel,
    which takes longer to train on a CPU and cannot be exported.

    *Source:* Devlin et al., BERT, 2019.
    """

    def __init__(self, shape: Shape, dropout: float, eps: float = 1e-12) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query = nn.Linear(shape.hidden, shape.hidden)
        self.key = nn.Linear(shape.hidden, shape.hidden)
        self.value = nn.Linear(shape.hidden, shape.hidden)
        self.attended = nn.Linear(shape.hidden, shape.hidden)
        self.attended_norm = nn.LayerNorm(shape.hidden, eps=eps)
        self.inner = nn.Linear(shape.hidden, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.hidden)
        self.outer_norm = nn.LayerNorm(shape.hidden, eps=eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the next states; `mask`, as (b, heads, n, n), is added to attention's logits."""
        attended = self.attended(self._attention(states, mask))
        states = self.attended_norm(states + self.dropout(attended))
        outer = self.outer(functional.gelu(self.inner(states)))
        normed: Tensor = self.outer_norm(states + self.dropout(outer))
        return normed

    def _attention(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = states.shape
        query, key, value = (
            each(states).view(batch, length, self.heads, -1).transpose(1, 2)
            for each in (self.query, self.key, self.value)
        )
        logits = query @ key.transpose(2, 3) * (hidden // self.heads) ** -0.5
        shares = torch.softmax(logits + mask.to(logits.dtype), dim=-1)
        attended: Tensor = (shares @ value).transpose(1, 2).reshape(batch, length, hidden)
        return attended


def weight_names(
    parts: Mapping[str, str], layer_parts: Mapping[str, str], layer: str, layers: int
) -> Iterator[tuple[str, str]]:
    """Yield the name of each part's weight and bias here, and in another's file.

    `layer` is what the file calls its layers: the parts of layer 3 are in `LAYER.3`.
    """
    whole = dict(parts)
    for i in range(layers):
        for mine, theirs in layer_parts.items():
            whole[f"layers.{i}.{mine}"] = f"{layer}.{i}.{theirs}"
    for mine, theirs in whole.items():
        yield f"{mine}.weight", f"{theirs}.weight"
        yield f"{mine}.bias", f"{theirs}.bias"


class ReadingModel(nn.Module):
    """Question and passage in one sequence to the logits of spans, answering and ranking."""

    def __init__(self, shape: Shape = Shape(), dropout: float = 0.0) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.types = nn.Embedding(2, shape.hidden)
        self.embedding_norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.pooler = nn.Linear(shape.hidden, shape.hidden)
        self.rank = nn.Linear(shape.hidden, 1)
        self.spans = nn.Linear(shape.hidden, 2)
        self.answers = nn.Linear(shape.hidden, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, attention: Tensor, types: Tensor) -> Output:
        """Return the heads' logits; `ids`, `attention` (1 for a token) and `types` are (b, n)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.words(ids) + self.positions(places) + self.types(types)
        states = self.dropout(self.embedding_norm(states))
        mask = (1.0 - attention[:, None, None, :].to(states.dtype)) * -1e4
        for layer in self.layers:
            states = layer(states, mask)
        first = states[:, 0]
        rank = self.rank(torch.tanh(self.pooler(first)))
        return Output(self.spans(states), self.answers(first)[:, 0], rank[:, 0])
