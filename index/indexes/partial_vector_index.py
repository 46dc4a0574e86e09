"""Nearest vectors among some of a snapshot's rows: those that another model has vectors for."""

from dataclasses import dataclass

import numpy as np

from index.values.ports import FloatMatrix, FloatVector, RowMask, Rows, VectorIndex


@dataclass(frozen=True, slots=True)
class PartialVectorIndex:
    """An index over `rows`, (m,) in rising order; what it gives back are rows of the snapshot."""

    rows: Rows
    index: VectorIndex

    def search(
        self, query: FloatVector, limit: int, allowed: RowMask | None = None
    ) -> tuple[Rows, FloatVector]:
        """Return at most `limit` rows and their scores, best first, ties by row.

        `query` is (d,); `allowed` is over all rows of the snapshot.
        """
        own = None if allowed is None else allowed[self.rows]
        found, scores = self.index.search(query, limit, own)
        return self.rows[found], scores

    def vectors(self, rows: Rows) -> FloatMatrix:
        """Return the vectors of some of its rows, (n, d)."""
        return self.index.vectors(np.searchsorted(self.rows, rows))

    def holds(self, row: int) -> bool:
        """Return whether it has a vector for a row."""
        place = int(np.searchsorted(self.rows, row))
        return place < len(self.rows) and int(self.rows[place]) == row
