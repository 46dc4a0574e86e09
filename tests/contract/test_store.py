"""The stores, each against the contracts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.stores.memory_store import MemoryStore
from corpus.stores.sql_store import SqlStore
from tests.contract.job_contract import JobsContract, ReceiptsContract
from tests.contract.key_contract import KeysContract
from tests.contract.note_contract import NotesContract
from tests.contract.store_contract import (
    AnyStore,
    DeletionContract,
    DocumentsContract,
    SourcesContract,
)
from tests.postgres import empty


class StoreContract(
    DocumentsContract,
    SourcesContract,
    DeletionContract,
    ReceiptsContract,
    JobsContract,
    KeysContract,
    NotesContract,
):
    pass


class TestSqlStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[AnyStore]:
        with SqlStore.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
            yield store


@pytest.fixture(scope="module")
def opened(postgres_database: str) -> Iterator[SqlStore]:
    with SqlStore.open(postgres_database) as store:
        yield store


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def store(self, opened: SqlStore) -> AnyStore:
        empty(opened)
        return opened


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> AnyStore:
        return MemoryStore()
