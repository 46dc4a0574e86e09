"""The kinds of vector index that the study compares, each as FAISS has it, one thread."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import faiss as typed_faiss
import numpy as np
import numpy.typing as npt

from index.indexes.vector_index import FaissVectorIndex
from index.values.ports import FloatMatrix, FloatVector, RowMask
from index.values.snapshot_settings import VectorSettings

faiss: Any = typed_faiss  # the stubs that FAISS brings describe its C++ side

LINKS = 32
BUILD_WIDTH = 200
SEARCH_WIDTH = 256
PROBED_SHARE = 0.1
REFINED = 20
Found = npt.NDArray[np.int64]
Search = Callable[[FloatVector, int, RowMask | None], Found]


@dataclass(frozen=True, slots=True)
class Kind:
    """A built index: `search` gives the best rows, `bytes` is the size of its file."""

    search: Search
    bytes: int


def exact(vectors: FloatMatrix) -> Kind:
    """Compare every vector."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return Kind(_searching(index, faiss.SearchParameters), _size(index))


def hnsw(vectors: FloatMatrix) -> Kind:
    """Follow a graph over whole vectors."""
    return _graph(faiss.IndexHNSWFlat(vectors.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT), vectors)


def hnsw_sq8(vectors: FloatMatrix) -> Kind:
    """Follow a graph over vectors of one byte a dimension."""
    quantizer, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexHNSWSQ(vectors.shape[1], quantizer, LINKS, metric)
    index.train(vectors)
    return _graph(index, vectors)


def ivf_rabitq(vectors: FloatMatrix) -> Kind:
    """Look into a tenth of the cells at one bit a dimension; compare the best 200 exactly.

    *Source:* Gao and Long, RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error
    Bound for Approximate Nearest Neighbor Search, SIGMOD 2024.
    """
    rows, dimensions = vectors.shape
    cells = max(16, int(4 * rows**0.5))
    coarse = faiss.IndexFlatIP(dimensions)
    inner = faiss.IndexIVFRaBitQ(coarse, dimensions, cells, faiss.METRIC_INNER_PRODUCT)
    inner.cp.seed = 1
    inner.cp.max_points_per_centroid = 64
    index = faiss.IndexRefineFlat(inner)
    index.train(vectors)
    index.add(vectors)

    def search(query: FloatVector, limit: int, allowed: RowMask | None) -> Found:
        selector, bits = _selector(allowed)
        probing = faiss.IVFRaBitQSearchParameters()
        probing.nprobe = max(8, int(PROBED_SHARE * cells))
        probing.qb = 8
        refining = faiss.IndexRefineSearchParameters()
        refining.k_factor = REFINED
        refining.base_index_params = probing
        if selector is not None:
            refining.sel = probing.sel = selector
        found: Found = index.search(query[None, :], limit, params=refining)[1][0]
        del bits
        return found

    return Kind(search, _size(index))


def citewell(vectors: FloatMatrix) -> Kind:
    """What citewell builds and how it searches."""
    index = FaissVectorIndex.build(vectors, VectorSettings())

    def search(query: FloatVector, limit: int, allowed: RowMask | None) -> Found:
        return index.search(query, limit, allowed)[0]

    return Kind(search, index.bytes)


KINDS: dict[str, Callable[[FloatMatrix], Kind]] = {
    "exact": exact,
    "hnsw": hnsw,
    "hnsw-sq8": hnsw_sq8,
    "ivf-rabitq": ivf_rabitq,
    "citewell": citewell,
}


def _graph(index: Any, vectors: FloatMatrix) -> Kind:
    index.hnsw.efConstruction = BUILD_WIDTH
    index.add(vectors)

    def parameters() -> Any:
        found = faiss.SearchParametersHNSW()
        found.efSearch = SEARCH_WIDTH
        return found

    return Kind(_searching(index, parameters), _size(index))


def _searching(index: Any, parameters: Callable[[], Any]) -> Search:
    def search(query: FloatVector, limit: int, allowed: RowMask | None) -> Found:
        selector, bits = _selector(allowed)
        wanted = parameters()
        if selector is not None:
            wanted.sel = selector
        found: Found = index.search(query[None, :], limit, params=wanted)[1][0]
        del bits
        return found

    return search


def _selector(allowed: RowMask | None) -> tuple[Any, Any]:
    """Return FAISS's selector of the allowed rows, and the bits that it points into."""
    if allowed is None:
        return None, None
    bits = np.packbits(allowed, bitorder="little")
    return faiss.IDSelectorBitmap(bits), bits


def _size(index: Any) -> int:
    return int(faiss.serialize_index(index).nbytes)
