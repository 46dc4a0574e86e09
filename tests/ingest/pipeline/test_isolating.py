"""Worker processes: what a file does to them stays with them."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from corpus.errors import PasswordError, ReadError, UnsupportedError
from ingest.chunking.chunking import ChunkingSettings
from ingest.pipeline.isolating import ReadingWorkers, ReadRequest, ReadResult
from ingest.workers.limited_workers import WorkerLimits
from ingest.workers.pending_read import PendingRead
from tests.ingest.costly_files import expanding_epub
from tests.ingest.pdf_files import encrypted, pdf_of
from tests.ingest.pipeline.misbehaving import misbehave
from tests.ingest.samples import DOC_ID, assert_exact, tokenizer_json

pytestmark = pytest.mark.models  # the tokenizer comes with the model

ROOT = Path(__file__).parents[3]
LIMITS = WorkerLimits(timeout_s=8)
PDF = pdf_of([["One sentence here.", "Another follows."]])


@pytest.fixture(scope="module")
def workers() -> Iterator[ReadingWorkers]:
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), LIMITS, task=misbehave) as started:
        yield started


def request(name: str, content: bytes = PDF) -> ReadRequest:
    return ReadRequest(DOC_ID, name, content)


def test_a_file_is_read_and_chunked(workers: ReadingWorkers) -> None:
    result = workers.submit(request("some_file.pdf")).result()
    assert result.media_type == "application/pdf"
    assert result.title == "some file"
    assert_exact(result.chunks, result.reading)


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("hang", "longer than the limit of 8 s"),
        ("spin", "longer than the limit of 8 s"),
        ("crash", "process died"),
        ("exit", r"process died \(exit code 3\)"),
        ("memory", "more memory than the limit of 2147483648 bytes"),
        ("surprise", "KeyError"),
    ],
)
def test_what_goes_wrong_is_a_read_error_and_the_next_file_is_read(
    workers: ReadingWorkers, name: str, match: str
) -> None:
    with pytest.raises(ReadError, match=match):
        workers.submit(request(name)).result()
    assert workers.submit(request("next.pdf")).result().chunks


def test_the_readers_own_errors_arrive_as_they_are(workers: ReadingWorkers) -> None:
    with pytest.raises(UnsupportedError):
        workers.submit(request("a.xyz", b"words")).result()
    with pytest.raises(PasswordError):
        workers.submit(request("a.pdf", encrypted(PDF, user="x", owner="y"))).result()


def test_of_the_files_that_wait_the_largest_is_read_first(workers: ReadingWorkers) -> None:
    sizes = [1, 1, 10, 1000, 100]  # one is read and one is next before the others come
    pending = [workers.submit(request(f"timed {i}.txt", b"word " * n)) for i, n in enumerate(sizes)]
    times = [int(each.result().title) for each in pending]
    assert sorted(range(5), key=times.__getitem__) == [0, 1, 3, 4, 2]


def test_more_files_wait_where_there_are_more_workers_but_not_too_many_bytes() -> None:
    limits = replace(LIMITS, workers=2)
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), limits) as two:
        assert two.has_room(50, 10**6)
        assert not two.has_room(50, 10**9)
        assert two.has_room(2, 10**9)
        assert not two.has_room(1000, 10**6)


def killed_at_start(
    workers: ReadingWorkers, after_s: float, deaths: int
) -> PendingRead[ReadResult]:
    """Have a file read, and kill the first workers so long after their start."""
    mine = psutil.Process()
    seen = {child.pid for child in mine.children()}
    pending: list[PendingRead[ReadResult]] = []
    # Where the pipe to a dead worker is full this never returns; the test is to end all the same.
    submitting = threading.Thread(
        target=lambda: pending.append(workers.submit(request("a.pdf"))), daemon=True
    )
    submitting.start()
    for _ in range(deaths):
        while not (new := [c for c in mine.children() if c.pid not in seen and is_worker(c)]):
            pass
        seen |= {child.pid for child in new}
        time.sleep(after_s)
        new[0].kill()
    submitting.join(30)
    assert pending, "the file was not taken within 30 s"
    return pending[0]


def is_worker(child: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "spawn_main" in " ".join(child.cmdline())
    return False


def test_a_file_whose_workers_die_at_their_start_is_read_by_the_next_one() -> None:
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), LIMITS) as workers:
        with ThreadPoolExecutor() as waiting:
            pending = killed_at_start(workers, 0, deaths=2)
            assert waiting.submit(pending.result).result(60).chunks
        assert workers.submit(request("b.pdf")).result().chunks


@pytest.mark.parametrize("after_s", [0.02, 0.05, 0.1, 0.2, 0.4])
def test_reading_ends_whenever_a_worker_dies(after_s: float) -> None:
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), LIMITS) as workers:
        with ThreadPoolExecutor() as waiting:
            pending = killed_at_start(workers, after_s, deaths=1)
            try:
                assert waiting.submit(pending.result).result(60).chunks
            except ReadError as error:  # it had begun to read
                assert "process died" in str(error)  # noqa: PT017
        assert workers.submit(request("b.pdf")).result().chunks


def test_a_file_whose_workers_all_die_at_their_start_is_rejected() -> None:
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), LIMITS) as workers:
        with ThreadPoolExecutor() as waiting:
            pending = killed_at_start(workers, 0, deaths=3)
            with pytest.raises(ReadError, match="its process died at its start, 3 times"):
                waiting.submit(pending.result).result(60)
        assert workers.submit(request("b.pdf")).result().chunks


def test_a_file_is_read_after_an_idle_worker_has_died() -> None:
    others = {child.pid for child in psutil.Process().children()}
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), LIMITS) as workers:
        workers.submit(request("a.pdf")).result()
        found = [child for child in psutil.Process().children() if is_worker(child)]
        for idle in found:
            if idle.pid not in others:
                idle.kill()
        time.sleep(0.5)  # for the pool to see it
        assert workers.submit(request("b.pdf")).result().chunks


def test_a_file_that_no_worker_takes_is_rejected_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.workers.limited_workers._SECONDS_TO_START", 1)
    limits = replace(LIMITS, timeout_s=3)
    before = set(psutil.Process().children())
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), limits) as workers:
        workers.submit(request("a.pdf")).result()
        (idle,) = [c for c in psutil.Process().children() if c not in before and is_worker(c)]
        idle.kill()
        idle.wait()  # takes away what the pool would see its death by
        with ThreadPoolExecutor() as waiting:
            pending = waiting.submit(workers.submit(request("b.pdf")).result)
            with pytest.raises(ReadError, match="longer than the limit of 3 s"):
                pending.result(60)
        assert workers.submit(request("c.pdf")).result().chunks


SCRIPT = """
import time
from ingest.chunking.chunking import ChunkingSettings
from ingest.pipeline.isolating import ReadingWorkers, ReadRequest
from ingest.workers.limited_workers import WorkerLimits
from tests.ingest.pipeline.misbehaving import misbehave
from tests.ingest.samples import DOC_ID, tokenizer_json

if __name__ == "__main__":
    workers = ReadingWorkers(ChunkingSettings(), tokenizer_json(), WorkerLimits(), task=misbehave)
    workers.submit(ReadRequest(DOC_ID, "a.txt", b"Words.")).result()
    workers.submit(ReadRequest(DOC_ID, "hang", b"Words."))
    print("started", flush=True)
    time.sleep(60)
"""


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(SCRIPT)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"started\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert children
        parent.kill()
    _, alive = psutil.wait_procs(children, timeout=15)
    assert not alive


def test_leaving_ends_the_workers_at_once() -> None:
    mine = psutil.Process()
    before = set(mine.children(recursive=True))
    started = time.monotonic()
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), LIMITS, task=misbehave) as workers:
        workers.submit(request("a.pdf")).result()
        workers.submit(request("hang"))
    new = [
        child
        for child in mine.children(recursive=True)
        if child not in before and "resource_tracker" not in " ".join(child.cmdline())
    ]
    assert not new
    assert time.monotonic() - started < 30


def test_a_small_file_of_very_much_text_is_refused(workers: ReadingWorkers) -> None:
    book = expanding_epub(paragraphs=20_000, times=1)
    assert len(book) < 4_000
    with pytest.raises(ReadError, match=r"639999 characters of text\. Expected at most 250000"):
        workers.submit(request("book.epub", book)).result()


def test_a_part_that_stands_in_the_order_many_times_is_read_once(workers: ReadingWorkers) -> None:
    result = workers.submit(request("book.epub", expanding_epub(times=200))).result()
    assert sum(len(page.text) for page in result.reading.pages) < 100_000
