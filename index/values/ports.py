"""The ports of the index: what runs a model, and what searches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeGuard

import numpy as np
import numpy.typing as npt

from corpus.chunk import Chunk
from corpus.ids import ChunkId, Fingerprint

FloatMatrix = npt.NDArray[np.float32]
FloatVector = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
RowMask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TokenizerSpec:
    """What is needed to count tokens as an embedder does, elsewhere (another process, say).

    `tokenizer_json` is the Hugging Face tokenizers file as text; `window_tokens` the most tokens
    that the embedder reads, special tokens included.
    """

    tokenizer_json: str
    window_tokens: int


class Embedder(Protocol):
    """Texts to unit vectors.

    A vector depends on its text alone, never on the texts beside it. Safe for use from several
    threads. A text longer than the window raises ModelError; nothing is cut silently, except
    that a query longer than the window is read up to the window.
    """

    @property
    def name(self) -> str:
        """The model's name, as on the Hugging Face hub where it has one."""
        ...

    @property
    def fingerprint(self) -> Fingerprint:
        """Equal for equal weights and settings. Cheap: loads no model."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    @property
    def tokenizer(self) -> TokenizerSpec:
        """How to count tokens as this embedder does."""
        ...

    def warm(self) -> None:
        """Begin to load, in the background where it can; errors wait for the first use."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return one L2-normalised row a text: (n, dimensions), float32."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Return one L2-normalised row a query: (n, dimensions), float32."""
        ...


class Reranker(Protocol):
    """Query and texts to relevance: one raw score a text, higher is better, no fixed range."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    @property
    def fingerprint(self) -> Fingerprint:
        """Equal for equal weights and settings. Cheap: loads no model."""
        ...

    def warm(self) -> None:
        """Begin to load the model, as an embedder does."""
        ...

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        """Return the score of each text, (n,), float32, whatever its neighbours."""
        ...


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """The best answer span in one passage, the score that it answers and that of "not here".

    `start` and `end` are half-open code points of the passage, on whole words; both 0 where it has
    no word. Scores have no fixed range; `margin`, their difference, is what compares passages.
    `relevance` is how much the passage is about the question, on the scale of the model's kind.
    `answers` is the logit of "this passage answers" by itself, 0 of a model that has none.
    `nearest` says that it is the sentence nearest to the question: nobody has read that it answers.
    """

    start: int
    end: int
    score: float
    null_score: float
    relevance: float
    answers: float = 0.0
    nearest: bool = False

    @property
    def margin(self) -> float:
        """How much better an answer is than "not here"; 0 is not yet a sensible threshold."""
        return self.score - self.null_score


class SpanFinder(Reranker, Protocol):
    """Question and passages to the best answer span in each passage.

    What is found in a passage does not depend on the passages beside it. Safe for use from several
    threads. A passage longer than the window is read in overlapping windows, all of it. As a
    reranker it scores a text by the margin of its span.
    """

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        """Return one span a passage, in their order."""
        ...


def finds_spans(model: Reranker | None) -> TypeGuard[SpanFinder]:
    """Return whether a reading model marks words; nothing of it is loaded."""
    return callable(getattr(type(model), "find", None))


class VectorIndex(Protocol):
    """Nearest vectors by inner product. Rows are positions in the snapshot's chunk list."""

    def search(
        self, query: FloatVector, limit: int, allowed: RowMask | None = None
    ) -> tuple[Rows, FloatVector]:
        """Return at most `limit` rows and their scores, best first, ties by row.

        `query` is (d,); `allowed` is (n,), True for rows that may be returned.
        """
        ...

    def vectors(self, rows: Rows) -> FloatMatrix:
        """Return the vectors of the rows, (n, d)."""
        ...


class LexicalIndex(Protocol):
    """BM25 over the chunks' context and search text. Rows as in VectorIndex."""

    def search(
        self, query: str, limit: int, allowed: RowMask | None = None
    ) -> tuple[Rows, FloatVector]:
        """Return at most `limit` rows with a score above 0, best first, ties by row."""
        ...

    def search_similar(
        self, word: str, edits: int, limit: int, allowed: RowMask | None = None
    ) -> Rows:
        """Return at most `limit` rows that hold a word up to `edits` letters away, 1 or 2."""
        ...


class ChunkSource(Protocol):
    """Chunks by id; the store is one."""

    def chunks(self, chunk_ids: Sequence[ChunkId]) -> Mapping[ChunkId, Chunk]:
        """Return the chunks that exist among `chunk_ids`."""
        ...
