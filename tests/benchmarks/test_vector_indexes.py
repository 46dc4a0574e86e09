"""Kinds of vector index beside each other."""

import numpy as np

from benchmarks.retrieval import vector_indexes
from benchmarks.retrieval.enlarged_vectors import enlarge, unit


def test_every_kind_of_vector_index_is_measured_and_filters_lose_nothing_here() -> None:
    random = np.random.default_rng(1)
    data = enlarge(unit(random.normal(size=(400, 32)).astype(np.float32)), 2_000)
    assert data.vectors.shape == (2_000, 32)
    assert int(data.mask(0.1, seed=1).sum()) == 200
    found = vector_indexes.study(data, data.vectors[::100], ["exact", "citewell"], (1.0, 0.1))
    assert [(row.kind, row.share) for row in found] == [
        *(("exact", 1.0), ("exact", 0.1)),
        *(("citewell", 1.0), ("citewell", 0.1)),
    ]
    assert all(row.recall == 1 for row in found)
    assert vector_indexes.table(found).count("\n") == 5
