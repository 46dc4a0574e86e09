"""What every VectorIndex does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError
from index.indexes.memory_indexes import MemoryVectorIndex
from index.indexes.vector_index import FaissVectorIndex
from index.values.ports import FloatMatrix, VectorIndex
from index.values.snapshot_settings import VectorSettings

Make = Callable[[FloatMatrix], VectorIndex]


def _random(rows: int = 200, dimensions: int = 16, seed: int = 0) -> FloatMatrix:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    unit: FloatMatrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@pytest.fixture(params=["memory", "exact", "hnsw", "exact from a file", "hnsw from a file"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    kind = str(request.param)

    def opened(vectors: FloatMatrix) -> VectorIndex:
        if kind == "memory":
            return MemoryVectorIndex(vectors)
        settings = VectorSettings(exact_limit=10 if kind.startswith("hnsw") else 10_000)
        index = FaissVectorIndex.build(vectors, settings)
        if kind.endswith("file"):
            index.write(tmp_path / "vectors.faiss")
            index = FaissVectorIndex.open(tmp_path / "vectors.faiss", settings)
        return index

    return opened


def test_a_vector_finds_itself_first_with_cosine_one(make: Make) -> None:
    vectors = _random()
    rows, scores = make(vectors).search(vectors[42], 5)
    assert rows[0] == 42
    assert scores[0] == pytest.approx(1, abs=1e-5)
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32


def test_rows_are_those_of_a_full_comparison_best_first(make: Make) -> None:
    vectors, query = _random(), _random(1, seed=1)[0]
    rows, scores = make(vectors).search(query, 20)
    assert rows.tolist() == np.argsort(-(vectors @ query))[:20].tolist()
    assert (np.diff(scores) <= 0).all()


def test_equal_vectors_come_in_order_of_row_also_at_the_cut(make: Make) -> None:
    vectors = np.repeat(_random(3), 40, axis=0)
    rows, scores = make(vectors).search(vectors[0], 7)
    assert rows.tolist() == list(range(7))
    assert len(set(scores.tolist())) == 1


def test_only_allowed_rows_are_found_and_as_many_as_there_are(make: Make) -> None:
    vectors, query = _random(), _random(1, seed=2)[0]
    allowed = np.zeros(200, dtype=np.bool_)
    allowed[3::25] = True
    rows, _ = make(vectors).search(query, 50, allowed)
    assert sorted(rows.tolist()) == np.flatnonzero(allowed).tolist()


def test_many_allowed_rows_give_the_best_of_them(make: Make) -> None:
    vectors, query = _random(), _random(1, seed=3)[0]
    allowed = np.ones(200, dtype=np.bool_)
    allowed[np.argsort(-(vectors @ query))[:5]] = False
    rows, _ = make(vectors).search(query, 10, allowed)
    assert rows.tolist() == np.argsort(-(vectors @ query))[5:15].tolist()


def test_nothing_is_found_where_nothing_is_allowed(make: Make) -> None:
    vectors = _random()
    rows, scores = make(vectors).search(vectors[0], 5, np.zeros(200, dtype=np.bool_))
    assert len(rows) == len(scores) == 0


def test_nothing_is_found_in_an_empty_index(make: Make) -> None:
    rows, scores = make(np.empty((0, 16), dtype=np.float32)).search(_random(1)[0], 5)
    assert len(rows) == len(scores) == 0


def test_a_limit_above_the_number_of_rows_gives_all_of_them(make: Make) -> None:
    rows, _ = make(_random(12)).search(_random(1)[0], 100)
    assert sorted(rows.tolist()) == list(range(12))


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(make: Make, limit: int) -> None:
    with pytest.raises(InputError, match="expected 1 or more"):
        make(_random()).search(_random(1)[0], limit)


def test_a_query_of_another_length_is_refused(make: Make) -> None:
    with pytest.raises(InputError, match="shape"):
        make(_random()).search(np.ones(3, dtype=np.float32), 5)
