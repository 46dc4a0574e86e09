"""An embedder for tests: a bag of hashed words. No model, no download, the same everywhere."""

import json
import re
import zlib
from collections.abc import Sequence

import numpy as np

from corpus.errors import ModelError
from corpus.ids import Fingerprint, fingerprint_of
from index.values.ports import FloatMatrix, TokenizerSpec

# What the tokenizer below calls a token: the `Whitespace` pre-tokenizer of `tokenizers`.
_TOKEN = re.compile(r"\w+|[^\w\s]+")
_TOKENIZER: dict[str, object] = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": None,
    "decoder": None,
    "model": {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"},
}


class HashEmbedder:
    """Counts the words of a text in `dimensions` buckets, chosen by CRC-32: words, not meaning.

    A text without words is the first unit vector, so that every vector has length 1. `threads` are
    taken as by other embedders; it needs none.
    """

    def __init__(
        self,
        *,
        dimensions: int = 64,
        window_tokens: int = 512,
        threads: int | None = None,  # noqa: ARG002 - as other embedders take them
    ) -> None:
        self._dimensions = dimensions
        self._window_tokens = window_tokens

    @property
    def name(self) -> str:
        """`hash`."""
        return "hash"

    @property
    def fingerprint(self) -> Fingerprint:
        """Over the settings."""
        return fingerprint_of(
            {"name": self.name, "d": self._dimensions, "window": self._window_tokens}
        )

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._dimensions

    @property
    def tokenizer(self) -> TokenizerSpec:
        """Words and runs of punctuation."""
        return TokenizerSpec(json.dumps(_TOKENIZER), self._window_tokens)

    def warm(self) -> None:
        """Nothing to load."""

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors. Raises ModelError for a text longer than the window."""
        for text in texts:
            tokens = len(_TOKEN.findall(text))
            if tokens > self._window_tokens:
                raise ModelError(
                    f"a text of {tokens} tokens is longer than the window of "
                    f"{self._window_tokens} tokens of {self.name}; make the chunks smaller"
                )
        return self._embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors; a query is read up to the window."""
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> FloatMatrix:
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _TOKEN.findall(text.lower())[: self._window_tokens]:
                vectors[row, zlib.crc32(word.encode()) % self._dimensions] += 1
            if not vectors[row].any():
                vectors[row, 0] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors
