"""Servers of one store count together, whatever kind of store it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.stores.sql_store import SqlStore
from tests.corpus.store_files import url_of


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    file = request.param == "sqlite"
    url = url_of(tmp_path) if file else str(request.getfixturevalue("postgres"))
    with SqlStore.open(url) as store:
        yield store


def test_a_minute_of_tokens_is_taken_and_grows_again(store: SqlStore) -> None:
    assert store.take("key one", 6, 5) == 0.0
    assert store.take("key one", 6, 1) == 0.0
    assert 5.0 < store.take("key one", 6, 1) <= 10.0
    assert store.take("key two", 6, 6) == 0.0
    assert store.take("key three", 600_000, 600_000) == 0.0
    assert store.take("key three", 600_000, 1) < 1.0


def test_what_is_refused_takes_nothing(store: SqlStore) -> None:
    assert store.take("key one", 6, 4) == 0.0
    for _ in range(3):
        assert store.take("key one", 6, 5) > 20.0
    assert store.take("key one", 6, 2) == 0.0


def test_many_at_once_take_no_more_than_there_are(store: SqlStore) -> None:
    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(lambda _: store.take("key one", 20), range(30)))
    assert 20 <= waits.count(0.0) <= 23  # some grow again meanwhile


def test_a_name_is_first_once_in_its_time(store: SqlStore) -> None:
    assert store.first("message", 60)
    assert not store.first("message", 60)
    assert store.first("other", 60)
    assert store.first("message", 0.0)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: store.first("at once", 60), range(8))).count(True) == 1
