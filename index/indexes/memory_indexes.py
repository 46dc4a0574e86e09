"""Both indexes in memory, written for clarity: doubles for tests, and what to compare with."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA

from corpus.errors import InputError
from index.values.ports import FloatMatrix, FloatVector, RowMask, Rows

_K1 = 1.2
_B = 0.75


class MemoryVectorIndex:
    """Compares every vector, in float64."""

    def __init__(self, vectors: FloatMatrix) -> None:
        self._vectors = vectors.astype(np.float64)

    def search(
        self, query: FloatVector, limit: int, allowed: RowMask | None = None
    ) -> tuple[Rows, FloatVector]:
        """Return at most `limit` rows and their cosines, best first, ties by row."""
        if query.shape != self._vectors.shape[1:]:
            raise InputError(f"the query has shape {query.shape}, the vectors others")
        return _best(np.round(self._vectors @ query, 6), limit, allowed)

    def vectors(self, rows: Rows) -> FloatMatrix:
        """Return the vectors of the rows, (n, d)."""
        return self._vectors[rows].astype(np.float32)


class MemoryLexicalIndex:
    """BM25 in Lucene's form over lower-case words of one text a row, lengths kept exactly."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = [Counter(_words(text)) for text in texts]
        self._lengths = np.array([counts.total() for counts in self._counts], dtype=np.float64)

    def search(
        self, query: str, limit: int, allowed: RowMask | None = None
    ) -> tuple[Rows, FloatVector]:
        """Return at most `limit` rows with a score above 0, best first, ties by row."""
        scores = np.zeros(len(self._counts))
        for word in _words(query):
            scores += self._scores_of(word)
        found = scores > 0 if allowed is None else (scores > 0) & allowed
        return _best(scores, limit, found)

    def search_similar(
        self, word: str, edits: int, limit: int, allowed: RowMask | None = None
    ) -> Rows:
        """Return at most `limit` rows that hold a word up to `edits` letters away, 1 or 2."""
        near = [
            row
            for row, counts in enumerate(self._counts)
            if (allowed is None or allowed[row])
            and any(OSA.distance(word.lower(), each) <= edits for each in counts)
        ]
        return np.array(near[:limit], dtype=np.int64)

    def _scores_of(self, word: str) -> FloatVector:
        frequency = np.array([counts[word] for counts in self._counts], dtype=np.float64)
        holding, rows = np.count_nonzero(frequency), len(frequency)
        if not holding:
            return np.zeros(rows, dtype=np.float32)
        rarity = np.log(1 + (rows - holding + 0.5) / (holding + 0.5))
        length = 1 - _B + _B * self._lengths / self._lengths.mean()
        scores: FloatVector = rarity * (_K1 + 1) * frequency / (frequency + _K1 * length)
        return scores


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _best(
    scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]], limit: int, allowed: RowMask | None
) -> tuple[Rows, FloatVector]:
    if limit < 1:
        raise InputError(f"the number of results is {limit}, expected 1 or more")
    rows = np.arange(len(scores)) if allowed is None else np.flatnonzero(allowed)
    order = rows[np.lexsort((rows, -scores[rows]))][:limit]
    return order.astype(np.int64), scores[order].astype(np.float32)
