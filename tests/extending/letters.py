"""An embedder that counts letters."""

from collections.abc import Sequence

import numpy as np

from corpus.ids import Fingerprint
from index.embedders.fake import HashEmbedder
from index.values.ports import FloatMatrix, TokenizerSpec

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class LetterEmbedder:
    """Counts how often each letter of the English alphabet stands in a text."""

    name = "letters"
    fingerprint = Fingerprint("letters-1")
    dimensions = len(LETTERS)

    def __init__(self, *, threads: int | None = None) -> None:
        self.threads = threads

    @property
    def tokenizer(self) -> TokenizerSpec:
        """Words, as the offline double counts them."""
        return HashEmbedder().tokenizer

    def warm(self) -> None:
        """Nothing to load."""

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return one unit row a text: (n, 26), float32."""
        counts = np.array(
            [[1e-3 + text.casefold().count(each) for each in LETTERS] for text in texts],
            dtype=np.float32,
        ).reshape(-1, self.dimensions)
        unit: FloatMatrix = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return unit

    embed_queries = embed_documents
