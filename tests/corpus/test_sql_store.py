"""What the store in a file promises: it lasts, two may write, and the deleted is in no file."""

import json
import random
import signal
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from corpus.stores.sql_store import SqlStore
from tests.contract.store_examples import a_document, chunks_of, pages_of
from tests.corpus.store_files import REWRITER, add, start, url_of

ADDER = """
import sys
from corpus.stores.sql_store import SqlStore
from tests.contract.store_examples import a_document, chunks_of, pages_of
with SqlStore.open(sys.argv[1]) as store:
    for number in range(15):
        document = a_document(f"{sys.argv[2]} {number}", source="the same.pdf")
        store.add(document, b"", pages_of(["word"]), chunks_of(document, ["word"]))
"""


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("store.sqlite*")))


def test_a_store_lasts(tmp_path: Path) -> None:
    with SqlStore.open(url_of(tmp_path / "a" / "b")) as store:
        doc_id = add(store, "report", ["one", "two"])
        store.create_job("j1", "report.pdf")
        store.keep_receipt("a1", "s1", "{}")
    with SqlStore.open(url_of(tmp_path / "a" / "b")) as store:
        assert store.document(doc_id) == a_document("report")
        assert store.content(doc_id) == b"report"
        assert list(store.current_chunks()) == sorted(
            chunks_of(a_document("report"), ["one", "two"]), key=lambda chunk: chunk.chunk_id
        )
        assert store.job("j1").state == "queued"
        assert store.receipt("a1") == "{}"


def test_a_closed_store_is_one_file(tmp_path: Path) -> None:
    with SqlStore.open(url_of(tmp_path)) as store:
        add(store, "report", ["one"])
    assert [file.name for file in tmp_path.iterdir()] == ["store.sqlite"]


@pytest.mark.parametrize("round_number", range(4))
def test_a_killed_writer_leaves_the_old_state_or_the_new(tmp_path: Path, round_number: int) -> None:
    writer = start(REWRITER, url_of(tmp_path))
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"
    time.sleep(random.Random(round_number).uniform(0.0, 0.3))
    writer.send_signal(signal.SIGKILL)
    acknowledged = ["0", *writer.stdout.read().split()]
    writer.stdout.close()
    writer.wait()
    with SqlStore.open(url_of(tmp_path)) as store:
        (document,) = store.documents(current_only=False)
        version = document.title
        words = [f"{version} of page {page}" for page in range(400)]
        assert int(version) in {int(acknowledged[-1]), int(acknowledged[-1]) + 1}
        assert store.content(document.doc_id) == version.encode()
        assert list(store.pages(document.doc_id).values()) == pages_of(words)
        assert sorted(store.current_chunks(), key=lambda chunk: chunk.ordinal) == chunks_of(
            document, words
        )
        add(store, "next", ["word"])
    with closing(connect(tmp_path / "store.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_processes_make_a_store_and_write_at_once(tmp_path: Path) -> None:
    writers = [start(ADDER, url_of(tmp_path), name) for name in ("one", "two")]
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    with SqlStore.open(url_of(tmp_path)) as store:
        assert len(store.documents(current_only=False)) == 30
        assert len(store.documents()) == 1
        assert store.documents() == store.documents_by_source("the same.pdf")[-1:]


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    with SqlStore.open(url_of(tmp_path)) as store:
        doc_id = add(store, "report", ["one"])
        with closing(connect(tmp_path / "store.sqlite", isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE documents SET title = 'half'")
            started = time.monotonic()
            assert store.document(doc_id).title == "The report"
            assert time.monotonic() - started < 5


def test_what_is_deleted_is_in_no_file(tmp_path: Path) -> None:
    # Random lengths and ids make SQLite move rows between pages, which leaves copies behind.
    chance = random.Random(1)
    names = [f"Zanzibar{number:03d}" for number in range(40)]
    with SqlStore.open(url_of(tmp_path)) as store:
        kept = {
            name: add(
                store,
                name,
                [f"{name} {page} {name * chance.randint(1, 90)}" for page in range(12)],
            )
            for name in names
        }
        for name in chance.sample(names, 8):
            quote = {"citations": [{"doc_id": kept[name], "quote": f"{name} quoted"}]}
            store.keep_receipt(f"answer to {name[-3:]}", "s1", json.dumps(quote))
            store.delete(kept[name])
            left = bytes_of(tmp_path)
            # The receipt of the deletion names the source, and nothing else does.
            assert left.count(name.encode()) == left.count(f"{name}.pdf".encode()) == 1
        assert sum(name.encode() in left for name in names) == 40


def test_an_erasure_that_failed_is_done_at_the_next_opening(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with SqlStore.open(url_of(tmp_path)) as store:
        doc_id = add(store, "report", ["Zanzibar"])
        with closing(connect(tmp_path / "store.sqlite", isolation_level=None)) as reader:
            # A reader of the state before the deletion holds it in the WAL.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM documents").fetchone()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("corpus.stores.sqlite.BUSY_TIMEOUT_S", 0.1)
                store.delete(doc_id)
            assert store.deletions()
            assert b"Zanzibar" in bytes_of(tmp_path)
            reader.execute("ROLLBACK")
    assert "deleted text may still be in free parts" in caplog.text
    with SqlStore.open(url_of(tmp_path)):
        assert b"Zanzibar" not in bytes_of(tmp_path)
    with closing(connect(tmp_path / "store.sqlite")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
