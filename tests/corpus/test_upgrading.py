"""Stores of every former release: opened or refused, with a copy first, up and down."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert

from corpus.errors import StoreError
from corpus.stores.database import Database, open_database
from corpus.stores.migrating import migrate, revisions
from corpus.stores.schema import documents, metadata
from corpus.stores.sql_store import SqlStore
from tests.corpus.store_files import ROOT, add, url_of

HEAD = revisions()[-1]
FORMER = revisions()[:-1]
DOCUMENT = {
    "doc_id": "d1", "sha256": "s", "source": "a.pdf", "title": "A", "collection": "default",
    "media_type": "application/pdf", "reading": "r", "pages": 0, "metadata": {"symbol": "X/1"},
    "is_current": True, "added": 1,
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a place for a store, of each kind."""
    if request.param == "sqlite":
        return url_of(tmp_path)
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = open_database(url)
    yield database
    database.close()


def make(database: Database, revision: str) -> None:
    """Make the store of the release that had this revision, with a document."""
    migrate(database, revision)
    with database.writing() as connection:
        connection.execute(insert(documents).values(DOCUMENT))


@pytest.mark.parametrize("revision", FORMER)
def test_a_store_of_each_former_release_opens_with_a_copy_kept(
    tmp_path: Path, revision: str
) -> None:
    database = open_database(url_of(tmp_path))
    make(database, revision)
    database.close()
    with SqlStore.open(url_of(tmp_path)) as store:
        assert [document.title for document in store.documents()] == ["A"]
        assert store.jobs() == []
        copy = tmp_path / f"store.sqlite.revision-{revision}"
        assert copy.stat().st_mode & 0o777 == 0o600
        with closing(connect(copy)) as connection:
            assert connection.execute("SELECT title FROM documents").fetchall() == [("A",)]
            stored = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert stored == (revision,)
        store.delete(store.documents()[0].doc_id)
        assert not copy.exists()


def test_a_copy_that_cannot_be_kept_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path))
    make(database, FORMER[-1])
    database.close()
    (tmp_path / f".store.sqlite.revision-{FORMER[-1]}").mkdir()
    with pytest.raises(StoreError, match="cannot be made before they are changed"):
        SqlStore.open(url_of(tmp_path))
    with closing(connect(tmp_path / "store.sqlite")) as connection:
        stored = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert stored == (FORMER[-1],)


def test_a_shared_store_of_a_former_release_is_migrated_when_it_is_said(postgres: str) -> None:
    database = open_database(postgres)
    make(database, FORMER[-1])
    with pytest.raises(StoreError, match=r"back it up \(pg_dump\), then: citewell store migrate"):
        SqlStore.open(postgres)
    assert migrate(database) == FORMER[-1]
    database.close()
    with SqlStore.open(postgres) as store:
        assert [document.title for document in store.documents()] == ["A"]


def test_tables_go_up_and_down_one_revision_at_a_time(url: str, database: Database) -> None:
    migrate(database, FORMER[0])
    with database.writing() as connection:
        connection.execute(insert(documents).values(DOCUMENT))
    for revision in [*revisions(), *FORMER[::-1], HEAD]:
        migrate(database, revision)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    with SqlStore.open(url) as store:
        assert store.documents()[0].metadata == {"symbol": "X/1"}


def test_a_revision_that_does_not_exist_is_named(database: Database) -> None:
    with pytest.raises(StoreError, match=f"no revision '1000'; known are 0001 to {HEAD}"):
        migrate(database, "1000")


def test_an_older_citewell_refuses_what_a_newer_one_has_made(url: str) -> None:
    with SqlStore.open(url) as store:
        add(store, "report", ["one"])
    code = (
        "import sys; from corpus.stores import migrating; from corpus.stores.sql_store import "
        "SqlStore; migrating.revisions = lambda: ['0001', '0002']; SqlStore.open(sys.argv[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, url], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert f"tables of revision {HEAD}, and this citewell knows them up to 0002" in done.stderr


def test_a_store_that_had_tables_is_not_begun_anew(url: str) -> None:
    with pytest.raises(StoreError, match="no tables, and documents or keys were kept in them"):
        SqlStore.open(url, make=False)
