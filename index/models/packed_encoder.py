"""A packed encoder: token ids in, states out. The words are looked up in the mapped file.

The graph lies beside the embedders without a weight in it; the weights are handed to onnxruntime
in the 4-bit blocks that they are packed in. So nothing is converted to disk, and of the table of
250,000 words only the pages that are used are in memory.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError
from index.models.model_files import ModelFile
from index.models.onnx_model import onnx_errors
from index.models.packed_model import Blocks, PackedModel
from index.values.ports import FloatMatrix

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

INPUT, OUTPUT = "embedded", "states"
LONGEST = 512
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_UNKNOWN = 3
# What XLM-R's own table makes a space of, or nothing; the rest of that table is NFKC.
_SPACES = r"[\s\u200b\u200e\u200f\u2028\u2029\ufeff]+"


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: "InferenceSession"
    tokenizer: "Tokenizer"
    words: Blocks
    places: FloatMatrix


class PackedEncoder:
    """Loaded at first use; safe for use from several threads."""

    def __init__(self, weights: ModelFile, graph: ModelFile) -> None:
        self._weights = weights
        self._graph = graph
        self._lock = threading.Lock()
        self._loading: Future[_Loaded] | None = None

    def warm(self) -> None:
        """Start loading in the background; return at once."""
        self._load()

    @property
    def tokenizer(self) -> "Tokenizer":
        """The tokenizer, without truncation and padding. Raises: ModelError."""
        return self._load().result().tokenizer

    def states(self, encoding: "Encoding") -> FloatMatrix:
        """Return the state of each token, (tokens, d); of at most 512 tokens.

        Raises: ModelError if the model cannot be loaded or fails.
        """
        loaded = self._load().result()
        ids = np.array(encoding.ids, dtype=np.int64)
        given = loaded.words.weights(ids) + loaded.places[: len(ids)]
        try:
            (states,) = loaded.session.run([OUTPUT], {INPUT: given[None]})
        except onnx_errors() as error:
            raise ModelError(f"the model failed on {len(ids)} tokens: {error}") from error
        return np.asarray(states[0], dtype=np.float32)

    def _load(self) -> "Future[_Loaded]":
        with self._lock:
            if self._loading is None:
                pool = ThreadPoolExecutor(1, thread_name_prefix="citewell-load")
                self._loading = pool.submit(self._loaded)
                pool.shutdown(wait=False)
            return self._loading

    def _loaded(self) -> _Loaded:
        model = PackedModel.open(self._weights)
        width = model.hidden
        places = model.plain("emb.pos").reshape(-1, width) + model.plain("emb.type")[:width]
        return _Loaded(
            _session(self._graph, model),
            tokenizer_of(model),
            model.blocks("emb.word", width),
            np.asarray(places[:LONGEST], dtype=np.float32),
        )


def tokenizer_of(model: PackedModel) -> "Tokenizer":
    """Return XLM-R's tokenizer over the model's vocabulary.

    *Source:* Kudo, Subword Regularization, ACL 2018 (the unigram model); Conneau et al.,
    Unsupervised Cross-lingual Representation Learning at Scale, ACL 2020 (this vocabulary).
    """
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    tokenizer = Tokenizer(models.Unigram(model.vocabulary, unk_id=_UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(_SPACES), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    special = [AddedToken(each, special=True, normalized=False) for each in _SPECIAL]
    tokenizer.add_special_tokens(special)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def initializers(model: PackedModel) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    """Yield the weights of the layers by their names in the graph."""
    wide = model.hidden
    yield from _norm(model, "emb.ln", "norm")
    for layer in range(model.layers):
        of = f"l{layer}."
        for part, names, columns in (
            ("attended", ("q", "k", "v"), wide),
            ("joined", ("ao",), wide),
            ("inner", ("fi",), wide),
            ("outer", ("fo",), model.inner),
        ):
            blocks = [model.blocks(f"{of}{name}.w", columns) for name in names]
            yield f"{of}{part}.weight", np.concatenate([_paired(each) for each in blocks])
            scales = np.concatenate([each.scales for each in blocks])
            yield f"{of}{part}.scales", scales.astype(np.float32)
            biases = [model.plain(f"{of}{name}.b") for name in names]
            yield f"{of}{part}.bias", np.concatenate(biases)
        yield from _norm(model, f"{of}aln", f"{of}attended_norm")
        yield from _norm(model, f"{of}oln", f"{of}outer_norm")


def _norm(
    model: PackedModel, theirs: str, ours: str
) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    yield f"{ours}.gain", model.plain(f"{theirs}.w")
    yield f"{ours}.bias", model.plain(f"{theirs}.b")


def _paired(blocks: Blocks) -> npt.NDArray[np.uint8]:
    """Return the halves as onnxruntime has them: two weights beside each other in one byte."""
    values = np.concatenate([blocks.halves & 15, blocks.halves >> 4], axis=2)
    return np.ascontiguousarray(values[:, :, 0::2] | (values[:, :, 1::2] << 4))


def _session(graph: ModelFile, model: PackedModel) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    given = {
        name: onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(value))
        for name, value in initializers(model)
    }
    try:
        options.add_external_initializers(list(given), list(given.values()))
        return onnxruntime.InferenceSession(
            graph.read(), options, providers=["CPUExecutionProvider"]
        )
    except onnx_errors() as error:
        raise ModelError(
            f"onnxruntime {onnxruntime.__version__} cannot load {graph.locate()}: {error}"
        ) from error
