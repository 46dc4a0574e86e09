"""The tables are made by migrations, equal to `corpus.stores.schema`, and cheap to open."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine.interfaces import ReflectedIndex

from corpus.document import PageQuality
from corpus.errors import StoreError
from corpus.stores.database import open_database
from corpus.stores.migrating import MIGRATIONS, revisions, upgrade
from corpus.stores.schema import metadata
from corpus.stores.sql_store import SqlStore
from tests.corpus.store_files import ROOT, add, url_of

OPENER = """
import sys
from corpus.stores.sql_store import SqlStore
SqlStore.open(sys.argv[1]).close()
SqlStore.open(sys.argv[1], read_only=True).close()
print("alembic" in sys.modules)
"""


def tables_of(file: Path) -> dict[str, list[str]]:
    """Return what each table is made of: columns, keys and indexes, in one order."""
    engine = create_engine(f"sqlite:///{file}")
    found = inspect(engine)
    tables = {
        name: sorted(
            repr(part)
            for parts in (
                found.get_columns(name),
                [found.get_pk_constraint(name)],
                found.get_foreign_keys(name),
                found.get_unique_constraints(name),
                map(_index_in_words, found.get_indexes(name)),
            )
            for part in parts
        )
        for name in found.get_table_names()
        if name != "alembic_version"
    }
    engine.dispose()
    return tables


def _index_in_words(index: ReflectedIndex) -> dict[str, object]:
    """Return the index with the condition of a partial one as text."""
    options = index.get("dialect_options", {})
    return {**index, "dialect_options": {key: str(value) for key, value in options.items()}}


def test_migrating_from_nothing_equals_creating_the_schema(tmp_path: Path) -> None:
    SqlStore.open(url_of(tmp_path)).close()
    created = create_engine(f"sqlite:///{tmp_path / 'created.sqlite'}")
    metadata.create_all(created)
    created.dispose()
    migrated = tables_of(tmp_path / "store.sqlite")
    assert set(migrated) == set(metadata.tables)
    assert migrated == tables_of(tmp_path / "created.sqlite")


def test_alembic_finds_nothing_to_change(tmp_path: Path) -> None:
    SqlStore.open(url_of(tmp_path)).close()
    engine = create_engine(url_of(tmp_path))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_migrations_are_numbered_in_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    line = [revision.revision for revision in script.walk_revisions()]
    assert line[::-1] == revisions()
    assert script.get_heads() == revisions()[-1:]


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    with SqlStore.open(url_of(tmp_path)) as store:
        add(store, "report", ["one"])
    database = open_database(url_of(tmp_path))
    upgrade(database)
    database.close()
    with SqlStore.open(url_of(tmp_path)) as store:
        assert len(store.documents()) == 1


def test_opening_a_store_that_is_up_to_date_imports_no_alembic(tmp_path: Path) -> None:
    SqlStore.open(url_of(tmp_path)).close()
    opened = subprocess.run(
        [sys.executable, "-c", OPENER, url_of(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert opened.stdout == "False\n"


def test_a_store_of_a_newer_citewell_is_refused(tmp_path: Path) -> None:
    SqlStore.open(url_of(tmp_path)).close()
    with closing(connect(tmp_path / "store.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    for read_only in (False, True):
        with pytest.raises(StoreError, match=rf"revision 9999, .* up to {revisions()[-1]}"):
            SqlStore.open(url_of(tmp_path), read_only=read_only)


def test_an_empty_file_becomes_a_store_but_not_for_reading_only(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").touch()
    with pytest.raises(StoreError, match="has no tables and this citewell needs"):
        SqlStore.open(url_of(tmp_path), read_only=True)
    with SqlStore.open(url_of(tmp_path)) as store:
        assert store.documents() == []


def test_a_migration_that_fails_leaves_no_table(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("alembic.operations.Operations.create_index", _fail)
        with pytest.raises(ZeroDivisionError):
            upgrade(database)
    database.close()
    assert tables_of(tmp_path / "store.sqlite") == {}


def test_a_home_of_the_former_release_keeps_its_pages_and_their_grades(tmp_path: Path) -> None:
    upgrade_to(tmp_path / "store.sqlite", "0003")
    with closing(connect(tmp_path / "store.sqlite")) as connection:
        connection.execute(
            "INSERT INTO documents (doc_id, sha256, source, title, collection, media_type, reading,"
            " pages, metadata, provenance, is_current, added) VALUES ('d1', 's', 'a.pdf', 'A',"
            " 'default', 'application/pdf', 'r', 3, '{}', '{}', 1, 1)"
        )
        connection.executemany(
            "INSERT INTO pages (doc_id, number, label, text, grade, text_source, characters,"
            " reason) VALUES ('d1', ?, 'i', ?, ?, ?, ?, ?)",
            [
                (1, "Words.", "good", "text", 6, None),
                (2, "Wcrds.", "poor", "ocr", 6, "read from the image"),
                (3, "", "unreadable", "none", 0, "no text on the page"),
            ],
        )
        connection.commit()
    with SqlStore.open(url_of(tmp_path)) as store:
        (document,) = store.documents()
        pages = store.pages(document.doc_id)
    assert document.partial is None
    assert [page.text for page in pages.values()] == ["Words.", "Wcrds.", ""]
    assert [page.quality for page in pages.values()] == [
        PageQuality("A", "layer", 6),
        PageQuality("C", "ocr", 6, "read from the image"),
        PageQuality("D", "none", 0, "no text on the page"),
    ]


def upgrade_to(file: Path, revision: str) -> None:
    """Make the store of a former release."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def _fail(*arguments: object, **settings: object) -> None:
    raise ZeroDivisionError
