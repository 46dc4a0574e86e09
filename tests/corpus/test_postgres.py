"""What the store in PostgreSQL promises beside the contract: many writers, clear refusals."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from corpus.errors import StoreError
from corpus.ids import DocId
from corpus.stores.schema import metadata
from corpus.stores.sql_store import SqlStore
from tests.contract.store_contract import answer_quoting
from tests.contract.store_examples import a_document
from tests.corpus.store_files import add
from tests.postgres import Cluster, free_port


def test_migrating_from_nothing_makes_the_schema(postgres: str) -> None:
    SqlStore.open(postgres).close()
    SqlStore.open(postgres, read_only=True).close()
    engine = create_engine(postgres)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_servers_that_start_at_once_make_the_tables_once(postgres: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(SqlStore.open, [postgres] * 4):
            assert store.documents() == []
            store.close()


def test_each_job_is_leased_once_by_many_workers(postgres: str) -> None:
    stores = [SqlStore.open(postgres) for _ in range(4)]
    for number in range(40):
        stores[0].create_job(f"j{number}", "a.pdf", sender=f"s{number % 3}")

    def work(store: SqlStore) -> list[str]:
        taken = []
        while (job := store.lease_job(threading.current_thread().name, 60)) is not None:
            taken.append(job.job_id)
            store.update_job(job.job_id, state="done", progress=1.0)
        return taken

    with ThreadPoolExecutor(4) as pool:
        counts = Counter(job for taken in pool.map(work, stores) for job in taken)
    assert counts == Counter({f"j{number}": 1 for number in range(40)})
    for store in stores:
        store.close()


def test_a_job_that_is_being_leased_is_passed_over(postgres: str) -> None:
    with SqlStore.open(postgres) as store:
        store.create_job("j1", "a.pdf")
        store.create_job("j2", "a.pdf")
        with store._database.writing("other") as other:
            other.exec_driver_sql("SELECT * FROM jobs WHERE job_id = 'j1' FOR UPDATE")
            leased = store.lease_job("two", 60)
    assert leased is not None
    assert leased.job_id == "j2"


def test_documents_added_at_once_are_all_kept_and_one_is_current(postgres: str) -> None:
    stores = [SqlStore.open(postgres) for _ in range(3)]

    def work(number: int) -> None:
        for each in range(8):
            document = a_document(f"{number} {each}", source="the same.pdf")
            stores[number].add(document, b"", [], [])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert len(stores[0].documents(current_only=False)) == 24
    assert stores[0].documents() == stores[0].documents_by_source("the same.pdf")[-1:]
    for store in stores:
        store.close()


def test_no_answer_is_kept_that_quotes_what_is_being_deleted(postgres: str) -> None:
    with SqlStore.open(postgres) as store, ThreadPoolExecutor(1) as pool:
        for number in range(10):
            doc_id = add(store, f"report {number}", ["word"])
            kept = pool.submit(store.keep_receipt, f"a{number}", "s1", answer_quoting(doc_id))
            store.delete(doc_id)
            kept.exception()
            with store._database.reading() as connection:
                left = connection.exec_driver_sql("SELECT count(*) FROM receipts").scalar()
            assert left == 0


def test_texts_sort_by_code_point(postgres: str) -> None:
    with SqlStore.open(postgres) as store:
        for name in ("a", "B", "é", "Z", "z"):
            store.add(a_document(name, collection=name), b"", [], [])
        assert store.collections() == ["B", "Z", "a", "z", "é"]


def test_what_is_deleted_is_in_no_table_after_erasing(postgres: str) -> None:
    with SqlStore.open(postgres) as store:
        doc_id = add(store, "report", ["Zanzibar"])
        store.delete(doc_id)
        store._database.erase()
        assert store.problems() == []


def test_what_cannot_be_a_store_is_named(cluster: Cluster, postgres: str) -> None:
    cluster.sql(
        "CREATE DATABASE narrow TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    missing = f"postgresql+psycopg://citewell:secret@127.0.0.1:{free_port()}/citewell"
    for url, message in (
        (cluster.url("narrow"), "keeps texts as LATIN1; make a database with UTF8"),
        (cluster.url("nowhere"), "cannot open .*createdb"),
        (f"{postgres}?options=-csearch_path%3Dnowhere", "has no schema"),
        (missing, r"cannot reach postgresql\+psycopg://citewell:\*\*\*@127"),
        ("postgresql+asyncpg://host/name", "is not known here"),
    ):
        with pytest.raises(StoreError, match=message) as refusal:
            SqlStore.open(url)
        assert "secret" not in str(refusal.value)


def test_a_database_of_another_program_is_left_alone(postgres: str) -> None:
    engine = create_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bookmarks (address text)")
    engine.dispose()
    with pytest.raises(StoreError, match=r"tables of another program \(bookmarks\)"):
        SqlStore.open(postgres)


def test_reading_only_refuses_every_write(postgres: str) -> None:
    with pytest.raises(StoreError, match="has no tables"):
        SqlStore.open(postgres, read_only=True)
    with SqlStore.open(postgres) as store:
        add(store, "report", ["one"])
    with SqlStore.open(postgres, read_only=True) as store:
        assert len(store.documents()) == 1
        with pytest.raises(StoreError, match="reading only"):
            add(store, "other", ["two"])


@pytest.mark.parametrize("name", ["d\ud800", "d\0"])
def test_an_id_that_is_no_text_is_refused(postgres: str, name: str) -> None:
    with SqlStore.open(postgres) as store, pytest.raises(StoreError):
        store.document(DocId(name))


def test_a_store_comes_back_after_its_server_was_restarted(cluster: Cluster, postgres: str) -> None:
    with SqlStore.open(postgres) as store:
        doc_id = add(store, "report", ["one"])
        cluster.stop("immediate")
        with pytest.raises(StoreError, match="cannot reach"):
            store.document(doc_id)
        cluster.start()
        assert store.document(doc_id).title == "The report"
