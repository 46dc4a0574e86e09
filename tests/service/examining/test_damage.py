"""Homes that are damaged: doctor finds it, and nothing begins anew in silence."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import StoreError
from corpus.stores.sqlite import SqliteDatabase
from service.access.opening import open_store
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import publish
from service.engine.engine import Engine
from service.examining.examining import examine
from service.settings.settings import Settings
from tests.ingest.pdf_files import pdf_of
from tests.service.small_collection import settings_of

LINES = [f"The Northern Forum had {number} members in that year." for number in range(40)]
PAGES_OVERWRITTEN = 25


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with two documents."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "report.pdf").write_bytes(pdf_of([LINES, LINES[:7]]))
    (folder / "notes.txt").write_text("The Quokka Council began in 2004.\n" * 300)
    settings = settings_of(folder / "home")
    paths = [str(folder / "report.pdf"), str(folder / "notes.txt")]
    publish(IngestRequest(paths=paths), settings)
    return settings


@pytest.fixture
def home(whole: Settings, tmp_path: Path) -> Settings:
    """A copy of it, to be damaged."""
    shutil.copytree(whole.home, tmp_path / "home")
    return settings_of(tmp_path / "home")


def problems(settings: Settings) -> dict[str, str]:
    """Return what doctor finds wrong, by check."""
    return {found.check: found.detail for found in examine(settings) if not found.ok}


def store_of(settings: Settings) -> Path:
    return settings.home / "store.sqlite"


def overwritten(content: bytes, size: int) -> Iterator[bytes]:
    """Yield copies of a database, each with another page of random bytes."""
    chance = random.Random(7)
    pages = range(len(content) // size)
    for page in chance.sample(pages, min(PAGES_OVERWRITTEN, len(pages))):
        yield content[: page * size] + chance.randbytes(size) + content[(page + 1) * size :]


def test_nothing_is_wrong_with_a_home_that_is_whole(home: Settings) -> None:
    assert not problems(home)


def test_a_page_of_the_store_that_was_overwritten_is_found(home: Settings) -> None:
    store = store_of(home)
    with closing(sqlite3.connect(store)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    copies = list(overwritten(store.read_bytes(), size))
    missed = 0
    for copy in copies:
        store.write_bytes(copy)
        missed += "store" not in problems(home)
    assert (missed, len(copies)) == (0, PAGES_OVERWRITTEN)


def test_a_bit_of_a_stored_file_that_flipped_is_found(home: Settings) -> None:
    with closing(sqlite3.connect(store_of(home))) as connection:
        doc_id, content = connection.execute("SELECT doc_id, content FROM files").fetchone()
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        connection.execute("UPDATE files SET content = ? WHERE doc_id = ?", (flipped, doc_id))
        connection.commit()
    found = problems(home)
    assert set(found) == {"files"}
    assert doc_id in found["files"]


def test_a_value_that_cannot_be_read_any_more_is_a_finding(home: Settings) -> None:
    with closing(sqlite3.connect(store_of(home))) as connection:
        connection.execute("UPDATE documents SET metadata = 'no JSON'")
        connection.commit()
    assert "cannot be read" in problems(home)["store"]


@pytest.mark.parametrize("lost", ["deleted", "emptied"])
def test_a_home_that_has_lost_its_store_says_so_and_begins_no_new_one(
    home: Settings, lost: str
) -> None:
    store = store_of(home)
    store.unlink() if lost == "deleted" else store.write_bytes(b"")
    with pytest.raises(StoreError, match=r"has lost its store.*Restore"):
        Engine.open(home)
    with pytest.raises(StoreError, match="has lost its store"):
        publish(IngestRequest(paths=[]), home)
    assert "has lost its store" in problems(home)["store"]
    assert not store.exists() or not store.stat().st_size


def test_keys_that_were_lost_with_the_store_do_not_leave_a_home_open_to_all(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    open_store(settings).close()
    store_of(settings).unlink()
    with pytest.raises(StoreError, match="has lost its store"):
        Engine.open(settings)


def test_a_store_that_is_deleted_while_it_is_open_is_not_made_again(home: Settings) -> None:
    database = SqliteDatabase.open(str(store_of(home)))
    with database.reading():
        for file in home.home.glob("store.sqlite*"):
            file.unlink()
        with pytest.raises(StoreError, match="cannot open"), database.reading():
            pass
    database.close()
    assert not store_of(home).exists()
