"""The default embedder: an ONNX file run by onnxruntime, without torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from corpus.errors import ModelError
from index.models.model_files import BGE_SMALL_EN_MODEL, BGE_SMALL_EN_TOKENIZER
from index.models.onnx_model import OnnxFiles, OnnxTool
from index.values.ports import FloatMatrix, FloatVector, TokenizerSpec

if TYPE_CHECKING:
    from tokenizers import Encoding

Pooling = Literal["cls", "mean"]


@dataclass(frozen=True, slots=True)
class OnnxSpec(OnnxFiles):
    """How a sentence encoder turns token states into a vector.

    `pooling` takes the state of the first token or the mean of all; `query_prefix` stands before
    queries only; `window_tokens` counts special tokens too.
    """

    dimensions: int
    window_tokens: int
    pooling: Pooling = "cls"
    normalise: bool = True
    query_prefix: str = ""


BGE_SMALL_EN = OnnxSpec(
    name="BAAI/bge-small-en-v1.5",
    model=BGE_SMALL_EN_MODEL,
    tokenizer=BGE_SMALL_EN_TOKENIZER,
    dimensions=384,
    window_tokens=512,
    query_prefix="Represent this sentence for searching relevant passages: ",
)


class OnnxEmbedder(OnnxTool):
    """Embeds with an ONNX encoder, one text at a time, `threads` of them side by side.

    *Source:* Xiao et al., C-Pack: Packed Resources For General Chinese Embeddings, SIGIR 2024
    (the bge models: CLS pooling, unit length, an instruction before queries).
    """

    def __init__(self, spec: OnnxSpec = BGE_SMALL_EN, *, threads: int | None = None) -> None:
        super().__init__(spec, threads=threads)
        self._spec = spec

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._spec.dimensions

    @cached_property
    def tokenizer(self) -> TokenizerSpec:
        """The tokenizer as it counts: without truncation and padding."""
        return TokenizerSpec(self._model.tokenizer.to_str(), self._spec.window_tokens)

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors. Raises ModelError for a text longer than the window."""
        encodings = self._model.tokenizer.encode_batch(list(texts))
        for text, encoding in zip(texts, encodings, strict=True):
            if len(encoding.ids) > self._spec.window_tokens:
                raise ModelError(
                    f"a text of {len(encoding.ids)} tokens is longer than the window of "
                    f"{self._spec.window_tokens} tokens of {self.name}: {text[:60]!r}…; "
                    f"make the chunks smaller"
                )
        return self._embed(encodings)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors; a query is read up to the window."""
        return self._embed([self._encode_query(text) for text in texts])

    def _encode_query(self, text: str) -> "Encoding":
        tokenizer = self._model.tokenizer
        encoding = tokenizer.encode(self._spec.query_prefix + text, add_special_tokens=False)
        encoding.truncate(self._spec.window_tokens - tokenizer.num_special_tokens_to_add(False))
        return tokenizer.post_process(encoding)

    def _embed(self, encodings: Sequence["Encoding"]) -> FloatMatrix:
        vectors = np.empty((len(encodings), self.dimensions), dtype=np.float32)
        for row, states in enumerate(self._model.run(encodings)):
            vectors[row] = self._pool(states)
        return vectors

    def _pool(self, states: FloatMatrix) -> FloatVector:
        # (tokens, d); no padding, so the mean needs no mask.
        vector: FloatVector = states[0] if self._spec.pooling == "cls" else states.mean(axis=0)
        return vector / np.linalg.norm(vector) if self._spec.normalise else vector
