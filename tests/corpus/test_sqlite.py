"""Files that cannot be opened, read or written: what is said of them, and what still works."""

import os
import random
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from corpus.errors import StoreError
from corpus.ids import DocId
from corpus.stores.sql_store import SqlStore
from tests.contract.store_examples import a_document
from tests.corpus.store_files import REWRITER, add, start, url_of


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def make_read_only(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


def test_a_store_in_a_read_only_place_is_read(small_disk: Path) -> None:
    with SqlStore.open(url_of(small_disk)) as store:
        doc_id = add(store, "report", ["one"])
    make_read_only(small_disk)
    with SqlStore.open(url_of(small_disk), read_only=True) as store:
        assert store.read_only
        assert store.content(doc_id) == b"report"
        assert len(list(store.current_chunks())) == 1
        with pytest.raises(StoreError, match="reading only"):
            store.delete(doc_id)
    with pytest.raises(StoreError, match="is read-only; open it for reading only"):
        SqlStore.open(url_of(small_disk))


def test_a_store_left_open_in_a_read_only_place_is_read_or_refused(small_disk: Path) -> None:
    writer = start(REWRITER, url_of(small_disk))
    assert writer.stdout is not None
    writer.stdout.readline()
    writer.kill()
    writer.communicate()
    (small_disk / "store.sqlite-shm").unlink()
    make_read_only(small_disk)
    with pytest.raises(StoreError, match=r"was not closed .* open it once where it can be written"):
        SqlStore.open(url_of(small_disk), read_only=True)


def test_a_full_disk_is_named_and_nothing_is_half_kept(small_disk: Path) -> None:
    with SqlStore.open(url_of(small_disk)) as store:
        doc_id = add(store, "report", ["one"])
        big = a_document("big")
        with pytest.raises(StoreError, match=r"disk is full|its free space"):
            store.add(big, random.Random(0).randbytes(2_000_000), [], [])
        assert [document.doc_id for document in store.documents()] == [doc_id]
        add(store, "small", ["two"])
        assert len(store.documents()) == 2


def test_reading_only_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no store at .*; begin with: citewell ingest"):
        SqlStore.open(url_of(tmp_path / "a"), read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_reading_only_refuses_every_write(tmp_path: Path) -> None:
    with SqlStore.open(url_of(tmp_path)) as store:
        add(store, "report", ["one"])
    with SqlStore.open(url_of(tmp_path), read_only=True) as store:
        assert len(store.documents()) == 1
        with pytest.raises(StoreError, match="reading only"):
            add(store, "other", ["two"])
        with pytest.raises(StoreError, match="reading only"):
            store.keep_receipt("a1", "s1", "{}")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_text("These are notes, not a database. " * 50)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"store\.sqlite is not a store"):
            SqlStore.open(url_of(tmp_path), read_only=read_only)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "store.sqlite")) as connection:
        connection.execute("CREATE TABLE bookmarks (address)")
    with pytest.raises(StoreError, match=r"tables of another program \(bookmarks\)"):
        SqlStore.open(url_of(tmp_path))


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    with SqlStore.open(url_of(tmp_path)) as store:
        doc_id = add(store, "report", [f"word {n} " * 50 for n in range(300)])
    with (tmp_path / "store.sqlite").open("r+b") as file:
        file.seek(4096 * 30)
        file.write(b"\xff" * 4096 * 60)
    with (
        SqlStore.open(url_of(tmp_path)) as store,
        pytest.raises(StoreError, match=r"is damaged .*restore it from a copy"),
    ):
        store.pages(doc_id)


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").mkdir()
    with pytest.raises(StoreError, match="it is a folder"):
        SqlStore.open(url_of(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot use .*store\.sqlite"):
        SqlStore.open(url_of(tmp_path / "file" / "home"))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("var/store.sqlite", "not the address of a store"),
        ("sqlite://", "not known here"),
        ("sqlite:///", "kept in a file"),
        ("sqlite:///:memory:", "kept in a file"),
        ("mysql://host/name", "a store of 'mysql' is not known here"),
    ],
)
def test_an_address_of_no_store_is_refused(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        SqlStore.open(url)


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "a %20?x=1#y é"
    with SqlStore.open(url_of(folder)) as store:
        add(store, "report", ["one"])
    assert (folder / "store.sqlite").is_file()


def test_an_id_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with SqlStore.open(url_of(tmp_path)) as store, pytest.raises(StoreError, match="no text"):
        store.document(DocId("d\ud800"))


def test_a_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The two files beside it too. A group that was given rights to an older one keeps them."""
    file, former = tmp_path / "store.sqlite", os.umask(0o022)
    try:
        with SqlStore.open(url_of(tmp_path)) as store:
            add(store, "a", ["word"])
            assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}
        file.chmod(0o664)
        SqlStore.open(url_of(tmp_path)).close()
        assert stat.S_IMODE(file.stat().st_mode) == 0o660
    finally:
        os.umask(former)
