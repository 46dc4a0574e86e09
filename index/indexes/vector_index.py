"""Nearest vectors by inner product, over FAISS."""

from pathlib import Path
from typing import Any, Literal

import faiss as typed_faiss
import numpy as np

from corpus.errors import InputError, SnapshotError
from index.values.ports import FloatMatrix, FloatVector, RowMask, Rows
from index.values.snapshot_settings import VectorSettings

# The stubs that faiss brings describe its C++ side, not what its Python side accepts.
faiss: Any = typed_faiss

IndexKind = Literal["exact", "hnsw"]

# Scores are compared at this many decimals: equal vectors may differ in the last bits, since
# FAISS sums in blocks that depend on where a row stands.
SCORE_DECIMALS = 6
_TIES = 16


class FaissVectorIndex:
    """An index in memory or mapped from a file. Safe for searching from several threads."""

    def __init__(self, index: Any, settings: VectorSettings) -> None:
        self._index = index
        self._settings = settings
        self._graph = isinstance(index, faiss.IndexHNSW)

    @classmethod
    def build(
        cls, vectors: FloatMatrix, settings: VectorSettings | None = None
    ) -> "FaissVectorIndex":
        """Return an index over (n, d) unit vectors; the same vectors give the same index.

        The graph is built by one thread: with several its edges depend on which came first.
        """
        settings = settings or VectorSettings()
        rows, dimensions = vectors.shape
        index: Any = faiss.IndexFlatIP(dimensions)
        if rows > settings.exact_limit:
            graph = faiss.IndexHNSWFlat(dimensions, settings.links, faiss.METRIC_INNER_PRODUCT)
            graph.hnsw.efConstruction = settings.build_width
            index = graph
        faiss.omp_set_num_threads(1)
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index, settings)

    @classmethod
    def open(cls, path: Path, settings: VectorSettings | None = None) -> "FaissVectorIndex":
        """Return the index of a file, memory-mapped. Raises SnapshotError if it is none."""
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise SnapshotError(f"FAISS cannot read {path}: {error}; build it again") from error
        return cls(index, settings or VectorSettings())

    def write(self, path: Path) -> None:
        """Write the index to a file. Raises SnapshotError, as when the disk is full."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise SnapshotError(f"FAISS cannot write {path}: {error}") from error

    @property
    def kind(self) -> IndexKind:
        """Whether every vector is compared, or a graph is followed."""
        return "hnsw" if self._graph else "exact"

    @property
    def rows(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    @property
    def bytes(self) -> int:
        """The size of the index, as a file or in memory."""
        return int(faiss.serialize_index(self._index).nbytes)

    def search(
        self, query: FloatVector, limit: int, allowed: RowMask | None = None
    ) -> tuple[Rows, FloatVector]:
        """Return at most `limit` rows and their cosines, best first, ties by row.

        The search itself passes over rows that are not allowed, so that as many are found as
        there are. Exact in an exact index, and in a graph when few rows are allowed.
        """
        if limit < 1:
            raise InputError(f"the number of results is {limit}, expected 1 or more")
        if query.shape != (self.dimensions,):
            raise InputError(f"the query has shape {query.shape}, expected ({self.dimensions},)")
        available = self.rows if allowed is None else int(np.count_nonzero(allowed))
        wanted = min(limit + _TIES, available)
        while wanted:
            rows, scores = self._nearest(query, wanted, available, allowed)
            # Go on until the cut does not fall among equals.
            if len(rows) < wanted or wanted == available or scores[limit - 1] > scores[-1]:
                return rows[:limit], scores[:limit]
            wanted = min(2 * wanted, available)
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)

    def vectors(self, rows: Rows) -> FloatMatrix:
        """Return the vectors of the rows, (n, d)."""
        found: FloatMatrix = self._index.reconstruct_batch(rows)
        return found

    def _nearest(
        self, query: FloatVector, wanted: int, available: int, allowed: RowMask | None
    ) -> tuple[Rows, FloatVector]:
        index, parameters = self._index, faiss.SearchParameters()
        if self._graph and (allowed is None or available > self._settings.exact_limit):
            parameters = faiss.SearchParametersHNSW()
            parameters.efSearch = max(self._settings.search_width, 2 * wanted)
        elif self._graph:
            # Few rows are allowed: compare each of them, in the flat index under the graph.
            index = faiss.downcast_index(self._index.storage)
        if allowed is not None and available < self.rows:
            # The selector keeps a pointer into `bits`, which must outlive the search.
            bits = np.packbits(allowed, bitorder="little")
            parameters.sel = faiss.IDSelectorBitmap(bits)
        faiss.omp_set_num_threads(1)
        found_scores, found_rows = index.search(
            np.ascontiguousarray(query[None, :], dtype=np.float32), wanted, params=parameters
        )
        kept = found_rows[0] >= 0
        rows = found_rows[0][kept].astype(np.int64)
        scores = np.round(found_scores[0][kept], SCORE_DECIMALS).astype(np.float32)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]
