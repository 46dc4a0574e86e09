"""How much of the exact result the graph finds."""

import numpy as np

from index.indexes.vector_index import FaissVectorIndex
from index.values.snapshot_settings import VectorSettings


def test_the_graph_finds_nearly_all_of_the_exact_ten() -> None:
    random = np.random.default_rng(5)
    centres = random.normal(size=(50, 64))
    vectors = centres[random.integers(50, size=8_000)] + 0.7 * random.normal(size=(8_000, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    exact = FaissVectorIndex.build(vectors)
    graph = FaissVectorIndex.build(vectors, VectorSettings(exact_limit=1_000))
    assert (exact.kind, graph.kind) == ("exact", "hnsw")
    everyone, tenth, half = np.ones(8_000, bool), np.zeros(8_000, bool), np.zeros(8_000, bool)
    tenth[random.permutation(8_000)[:800]] = True
    half[random.permutation(8_000)[:4_000]] = True
    for allowed in (everyone, half, tenth):
        found = [
            np.isin(graph.search(query, 10, allowed)[0], exact.search(query, 10, allowed)[0]).mean()
            for query in vectors[:200]
        ]
        assert np.mean(found) > 0.97
