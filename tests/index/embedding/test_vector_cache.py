"""The cache keeps vectors exactly, gives none that is unsound, and can always be begun anew."""

import logging
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from sqlite3 import connect

import numpy as np
import pytest

from corpus.errors import SnapshotError, StoreError
from corpus.home import Home
from corpus.ids import Fingerprint, Sha256, sha256_of
from index.embedding.opening import open_vectors
from index.embedding.vector_cache import VectorCache
from index.values.ports import FloatMatrix

SMALL, LARGE = Fingerprint("small"), Fingerprint("large")


def keys_of(count: int) -> list[Sha256]:
    return [sha256_of(str(number)) for number in range(count)]


def vectors_of(count: int, dimensions: int = 8, seed: int = 0) -> FloatMatrix:
    return np.random.default_rng(seed).standard_normal((count, dimensions), dtype=np.float32)


def files_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


@pytest.fixture(params=["file", "postgresql"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorCache]:
    """An empty cache of each kind."""
    database = None if request.param == "file" else str(request.getfixturevalue("postgres"))
    with open_vectors(Home(tmp_path, database)) as cache:
        yield cache


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[VectorCache]:
    """An empty cache in a file."""
    with VectorCache.open(tmp_path / "vectors.sqlite") as cache:
        yield cache


def test_vectors_come_back_bit_by_bit_in_the_order_asked(cache: VectorCache) -> None:
    keys, vectors = keys_of(1203), vectors_of(1203)
    cache.put(SMALL, keys, vectors)
    order = random.Random(0).choices(range(1203), k=2000)
    matrix = cache.matrix(SMALL, [keys[row] for row in order], 8)
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, vectors[order])
    found = cache.get(SMALL, keys[:2])
    assert set(found) == set(keys[:2])
    np.testing.assert_array_equal(found[keys[1]], vectors[1])


def test_no_keys_are_an_empty_matrix(cache: VectorCache) -> None:
    assert cache.matrix(SMALL, [], 8).shape == (0, 8)
    cache.put(SMALL, [], vectors_of(0))
    assert cache.get(SMALL, []) == {}
    assert cache.remove([]) == 0


def test_embedders_do_not_share_vectors(cache: VectorCache) -> None:
    keys = keys_of(2)
    cache.put(SMALL, keys, vectors_of(2))
    cache.put(LARGE, keys[:1], vectors_of(1, 16))
    assert cache.missing(LARGE, keys) == keys[1:]
    assert cache.matrix(LARGE, keys[:1], 16).shape == (1, 16)


def test_missing_keys_are_in_order_each_once(cache: VectorCache) -> None:
    keys = keys_of(6)
    cache.put(SMALL, [keys[2]], vectors_of(1))
    asked = [keys[5], keys[2], keys[0], keys[5], keys[1]]
    assert cache.missing(SMALL, asked) == [keys[5], keys[0], keys[1]]


def test_a_matrix_with_missing_rows_says_how_many(cache: VectorCache) -> None:
    keys = keys_of(5)
    cache.put(SMALL, keys[:2], vectors_of(2))
    with pytest.raises(SnapshotError, match="3 of 5 texts have no vector of 8 dimensions"):
        cache.matrix(SMALL, keys, 8)
    with pytest.raises(SnapshotError, match="2 of 2 texts have no vector of 9 dimensions"):
        cache.matrix(SMALL, keys[:2], 9)


def test_putting_again_replaces(cache: VectorCache) -> None:
    keys = keys_of(3)
    cache.put(SMALL, keys, vectors_of(3))
    cache.put(SMALL, keys, vectors_of(3, seed=1))
    np.testing.assert_array_equal(cache.matrix(SMALL, keys, 8), vectors_of(3, seed=1))


def test_rows_and_keys_must_be_as_many(cache: VectorCache) -> None:
    with pytest.raises(ValueError, match="3 keys need as many rows"):
        cache.put(SMALL, keys_of(3), vectors_of(2))
    assert cache.missing(SMALL, keys_of(3)) == keys_of(3)


def test_vectors_last(tmp_path: Path) -> None:
    for path in (tmp_path / "vectors.sqlite", tmp_path / "new" / "folder" / "vectors.sqlite"):
        with VectorCache.open(path) as cache:
            cache.put(SMALL, keys_of(3), vectors_of(3))
        with VectorCache.open(path) as cache:
            np.testing.assert_array_equal(cache.matrix(SMALL, keys_of(3), 8), vectors_of(3))


def test_a_vector_that_differs_from_its_checksum_is_missing(
    tmp_path: Path, in_file: VectorCache
) -> None:
    keys, vectors = keys_of(3), vectors_of(3)
    in_file.put(SMALL, keys, vectors)
    with closing(connect(tmp_path / "vectors.sqlite")) as connection:
        altered = vectors[1].tobytes()[:-1] + b"\x7f"
        connection.execute("UPDATE vectors SET vector = ? WHERE key = ?", (altered, keys[1]))
        connection.commit()
    assert in_file.missing(SMALL, keys) == [keys[1]]
    assert set(in_file.get(SMALL, keys)) == {keys[0], keys[2]}
    with pytest.raises(SnapshotError, match="1 of 3"):
        in_file.matrix(SMALL, keys, 8)


def test_removed_vectors_are_in_no_file(tmp_path: Path, in_file: VectorCache) -> None:
    keys, vectors = keys_of(400), vectors_of(400)
    in_file.put(SMALL, keys, vectors)
    in_file.put(LARGE, keys, -vectors)
    (tmp_path / "vectors.sqlite.damaged-1").write_bytes(vectors.tobytes())
    (tmp_path / "vectors.sqlite-wal.damaged-1").write_bytes(vectors.tobytes())
    gone = random.Random(0).sample(range(400), 150)
    assert in_file.remove([keys[row] for row in gone]) == 300
    assert len(in_file.missing(SMALL, keys)) == len(in_file.missing(LARGE, keys)) == 150
    left = files_of(tmp_path)
    for row in gone:
        assert vectors[row].tobytes() not in left
        assert (-vectors[row]).tobytes() not in left
        assert keys[row].encode() not in left
    kept = set(range(400)) - set(gone)
    assert all(vectors[row].tobytes() in left for row in kept)


def test_a_file_that_is_no_cache_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"no database" * 500)
    with VectorCache.open(path) as cache:
        cache.put(SMALL, keys_of(1), vectors_of(1))
        assert cache.missing(SMALL, keys_of(1)) == []
    (aside,) = tmp_path.glob("vectors.sqlite.damaged-*")
    assert aside.read_bytes() == b"no database" * 500
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert f"set aside as {aside.name}" in caplog.text


def test_a_database_of_another_program_is_set_aside_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    with closing(connect(path)) as connection:
        connection.execute("CREATE TABLE vectors (key, embedder, vector, crc32)")
    with VectorCache.open(path) as cache:
        cache.put(SMALL, keys_of(1), vectors_of(1))
        cache.remove(keys_of(1))
    (aside,) = tmp_path.glob("vectors.sqlite.foreign-*")
    with closing(connect(aside)) as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (0,)


@pytest.mark.parametrize("act", ["missing", "put", "remove"])
def test_damage_found_in_use_starts_a_new_cache(tmp_path: Path, act: str) -> None:
    path, keys, vectors = tmp_path / "vectors.sqlite", keys_of(3000), vectors_of(3000, 64)
    with VectorCache.open(path) as cache:
        cache.put(SMALL, keys, vectors)
    with path.open("r+b") as file:  # all but the first pages, which opening reads
        file.seek(4096 * 8)
        file.write(b"\xff" * (path.stat().st_size - 4096 * 8))
    with VectorCache.open(path) as cache:
        assert not list(tmp_path.glob("*.damaged-*"))
        if act == "missing":
            assert cache.missing(SMALL, keys) == keys
        elif act == "put":
            cache.put(SMALL, keys, vectors)
            np.testing.assert_array_equal(cache.matrix(SMALL, keys, 64), vectors)
        else:
            assert cache.remove(keys) == 0
    assert len(list(tmp_path.glob("vectors.sqlite.damaged-*"))) == (act != "remove")


def test_a_put_that_fails_keeps_nothing(tmp_path: Path, in_file: VectorCache) -> None:
    with closing(connect(tmp_path / "vectors.sqlite")) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON vectors WHEN new.key = "
            f"'{keys_of(3)[2]}' BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    with pytest.raises(StoreError, match="refused"):
        in_file.put(SMALL, keys_of(3), vectors_of(3))
    assert in_file.missing(SMALL, keys_of(3)) == keys_of(3)
    in_file.put(SMALL, keys_of(2), vectors_of(2))


def test_a_folder_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vectors.sqlite").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="it is a folder"):
        VectorCache.open(tmp_path / "vectors.sqlite")
    with pytest.raises(StoreError, match="cannot use the vector cache"):
        VectorCache.open(tmp_path / "file" / "vectors.sqlite")


def test_a_closed_cache_refuses(in_file: VectorCache) -> None:
    in_file.close()
    with pytest.raises(StoreError, match="closed"):
        in_file.get(SMALL, keys_of(1))


def test_threads_share_a_cache(cache: VectorCache) -> None:
    keys, vectors = keys_of(64), vectors_of(64)

    def put_and_get(row: int) -> bool:
        cache.put(SMALL, [keys[row]], vectors[row : row + 1])
        return bool((cache.matrix(SMALL, [keys[row]], 8)[0] == vectors[row]).all())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(put_and_get, range(64)))
    np.testing.assert_array_equal(cache.matrix(SMALL, keys, 8), vectors)


def _put_from_another_process(path: Path, start: int) -> None:
    with VectorCache.open(path) as cache:
        for row in range(start, start + 20):
            cache.put(SMALL, keys_of(40)[row : row + 1], vectors_of(40)[row : row + 1])


def test_two_processes_make_and_fill_a_cache_at_once(tmp_path: Path) -> None:
    path, context = tmp_path / "vectors.sqlite", get_context("spawn")
    writers = [
        context.Process(target=_put_from_another_process, args=(path, start)) for start in (0, 20)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    with VectorCache.open(path) as cache:
        np.testing.assert_array_equal(cache.matrix(SMALL, keys_of(40), 8), vectors_of(40))
