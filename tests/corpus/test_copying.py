"""A store copied to PostgreSQL and back is the same store, row by row."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, Table

from corpus.errors import InputError, StoreError
from corpus.stores.shared import copying
from corpus.stores.shared.copying import copy_store
from corpus.stores.sql_store import SqlStore
from tests.corpus.store_files import add, url_of


def fill(url: str) -> None:
    """Make a store with rows that two kinds of stores could keep differently."""
    with SqlStore.open(url) as store:
        for number in range(3):
            add(store, f"report {number}", [f"word {number}", "naïve “quote” \U0001f600"])
        store.delete(store.documents()[0].doc_id)
        store.create_job("j1", "a.pdf")
        store.update_job("j1", state="running", progress=1 / 3)


def test_a_copy_and_the_copy_of_the_copy_are_the_same(tmp_path: Path, postgres: str) -> None:
    fill(url_of(tmp_path / "a"))
    first = copy_store(url_of(tmp_path / "a"), postgres)
    assert copy_store(postgres, url_of(tmp_path / "b")) == first
    assert {table.name: table.rows for table in first}["chunks"] == 4
    with SqlStore.open(url_of(tmp_path / "a")) as source, SqlStore.open(postgres) as copied:
        assert copied.documents() == source.documents()
        assert list(copied.current_chunks()) == list(source.current_chunks())
        assert copied.job("j1") == source.job("j1")
        copied.create_job("j2", "b.pdf")  # has the number after the last that was copied
        assert [job.job_id for job in copied.jobs()] == ["j2", "j1"]


def test_a_store_with_rows_is_not_copied_over(tmp_path: Path, postgres: str) -> None:
    fill(url_of(tmp_path))
    fill(postgres)
    with pytest.raises(InputError, match=r"is not empty: its table .* has rows"):
        copy_store(url_of(tmp_path), postgres)
    with pytest.raises(InputError, match="to itself"):
        copy_store(postgres, postgres)


def test_a_copy_that_differs_is_not_kept(
    tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the server had changed a value on its way."""
    fill(url_of(tmp_path))
    count_on = copying._count_on

    def change(connection: Connection, table: Table) -> None:
        count_on(connection, table)
        if table.name == "documents":
            connection.exec_driver_sql(
                "CREATE FUNCTION bent() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN NEW.label := NEW.label || '?'; RETURN NEW; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER bent BEFORE INSERT ON pages FOR EACH ROW EXECUTE FUNCTION bent()"
            )

    monkeypatch.setattr(copying, "_count_on", change)
    with pytest.raises(StoreError, match="the copy of the table pages differs"):
        copy_store(url_of(tmp_path), postgres)
    with SqlStore.open(postgres) as store:
        assert store.documents() == []
