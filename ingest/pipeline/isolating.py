"""Reading and chunking in worker processes, so that a hostile file harms nothing but itself."""

import concurrent.futures
import heapq
import itertools
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from corpus.chunk import Chunk
from corpus.closing import Closing
from corpus.errors import ReadError
from corpus.ids import DocId
from ingest.chunking.chunking import ChunkingSettings, chunk
from ingest.chunking.token_counting import TokenCounter, TokenizerCounter
from ingest.metadata.describing import PASSED_OVER, Description
from ingest.metadata.self_describing import is_only_beginning, self_description
from ingest.pipeline.page_quality import with_ledger
from ingest.readers.choosing import reader_for
from ingest.readers.document.reader import OcrMode, Reading, ReadsScans
from ingest.sources.unpacking import Member, UnpackingLimits, unpack
from ingest.text.languages import with_languages
from ingest.workers.confining import share_with_workers
from ingest.workers.garbage_collection import collect_seldom
from ingest.workers.limited_workers import LimitedWorkers, WorkerLimits
from ingest.workers.pending_read import Begun, PendingRead

_AHEAD_A_WORKER = 50  # files to choose the largest from
_MOST_AHEAD_BYTES = 128 * 1024**2
_FEWEST_CHARACTERS = 250_000
_MOST_CHARACTERS_A_BYTE = 50


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """One file to read; a `title` given goes before the file's own.

    A `listed` title is from a manifest, which may have taken it for one by program: it is passed
    over where it is only how the first page begins. `ocr` says which pages are read from their
    image.
    """

    doc_id: DocId
    name: str
    content: bytes
    title: str | None = None
    listed: bool = False
    password: str | None = None
    ocr: OcrMode = "auto"


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A file's pages and chunks, its title and its media type, and what it says of itself."""

    reading: Reading
    title: str
    media_type: str
    chunks: tuple[Chunk, ...]
    said: Description = field(default_factory=Description)


def read_and_chunk(
    request: ReadRequest, chunking: ChunkingSettings, counter: TokenCounter
) -> ReadResult:
    """Return one file's pages and chunks, in this process.

    Raises: ReadError and below.
    """
    reader = reader_for(request.content, request.name)
    if isinstance(reader, ReadsScans):
        reader = reader.with_ocr(request.ocr)
    reading = reader.read(request.content, password=request.password)
    _refuse_expansion(reading, len(request.content))
    reading = replace(reading, pages=with_languages(reading.pages))
    reading = with_ledger(
        reading, request.content, media_type=reader.media_type, password=request.password
    )
    said = self_description(reading, request.name)
    given = request.title
    if given and request.listed and is_only_beginning(given, reading, said):
        said, given = said.over(Description(provenance={PASSED_OVER: given})), None
    title = given or said.values["title"]
    chunks = chunk(request.doc_id, title, reading, chunking, counter)
    return ReadResult(reading, title, reader.media_type, tuple(chunks), said)


def _refuse_expansion(reading: Reading, size: int) -> None:
    """Refuse a small file of very much text, which would keep the one ingest for long.

    A report has up to ten characters for each byte of its file.
    """
    characters = sum(len(page.text) for page in reading.pages)
    most = max(_FEWEST_CHARACTERS, _MOST_CHARACTERS_A_BYTE * size)
    if characters > most:
        raise ReadError(
            f"A file of {size} bytes with {characters} characters of text. Expected at most "
            f"{most}; a bomb? Save it again, or part it."
        )


class Task(Protocol):
    """What a worker runs for a request; replaced by tests that misbehave on purpose."""

    def __call__(
        self, request: ReadRequest, chunking: ChunkingSettings, counter: TokenCounter
    ) -> ReadResult:
        """Return what was read."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    """A file that waits to be read: the largest first, then in the order they came."""

    smaller: int
    number: int
    request: ReadRequest = field(compare=False)
    begun: Begun[ReadResult] = field(compare=False)


class ReadingWorkers(Closing):
    """Worker processes that read files under limits. A context manager; ends them on exit.

    Of the files that wait the largest is read first, so that at the end no worker is left alone
    with a long one. They do not outlive this process, however it ends, and leave Ctrl-C to it.
    """

    def __init__(
        self,
        chunking: ChunkingSettings,
        tokenizer_json: str,
        limits: WorkerLimits,
        *,
        task: Task = read_and_chunk,
    ) -> None:
        self._limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="citewell-tokenizer-")
        tokenizer = Path(self._folder.name) / "tokenizer.json"
        tokenizer.write_text(tokenizer_json, "utf-8")
        tokenizer.parent.chmod(0o755)  # for workers that run as another user
        self._workers = LimitedWorkers(limits, _prepare, chunking, tokenizer, task)
        self._numbers = itertools.count()
        self._waiting: list[_Waiting] = []
        self._given = 0  # files that the processes have, or have next
        self._lock = threading.RLock()

    def has_room(self, files: int, size: int) -> bool:
        """Tell whether more may be read or wait ahead of the file that is waited for.

        `files` do, of so many bytes in all. One worker alone takes what comes.
        """
        workers = self._limits.workers
        most = _AHEAD_A_WORKER * workers if workers > 1 else 2
        return files <= most and (files <= workers or size <= _MOST_AHEAD_BYTES)

    def submit(self, request: ReadRequest) -> PendingRead[ReadResult]:
        """Have a file read and return at once."""
        waiting = _Waiting(
            -len(request.content), next(self._numbers), request, concurrent.futures.Future()
        )
        with self._lock:
            heapq.heappush(self._waiting, waiting)
            self._give()
        return PendingRead(waiting.begun, self._limits)

    def _give(self) -> None:
        """Give the largest files to the processes, one more than there are processes."""
        while self._waiting and self._given <= self._limits.workers:
            waiting = heapq.heappop(self._waiting)
            self._given += 1
            request = waiting.request
            unread = replace(request, content=b"")
            future = self._workers.begin(_run, request.content, unread)
            waiting.begun.set_result(future)
            future.add_done_callback(self._take_back)

    def _take_back(self, _: object) -> None:
        with self._lock:
            self._given -= 1
            self._give()

    @contextmanager
    def unpacked(
        self, content: bytes, name: str, limits: UnpackingLimits, password: str | None = None
    ) -> Iterator[list[Member]]:
        """Write the files in a container to a folder that is there meanwhile.

        Raises: ReadError and below.
        """
        with tempfile.TemporaryDirectory(dir=self._workers.folder) as named:
            folder = Path(named)
            share_with_workers(folder)
            future = self._workers.begin(unpack, content, name, folder, limits, password)
            begun: Begun[list[Member]] = concurrent.futures.Future()
            begun.set_result(future)
            members = PendingRead(begun, self._limits).result()
            if any(m.path is not None and not _is_plain_file(m.path, folder) for m in members):
                raise ReadError("Unpacking gave a file outside its folder. Expected none; a trick?")
            yield members

    def close(self) -> None:
        """End the worker processes."""
        with self._lock:
            self._waiting.clear()
        self._workers.close()
        self._folder.cleanup()


def _is_plain_file(path: Path, folder: Path) -> bool:
    return path.parent == folder and path.is_file() and not path.is_symlink()


@dataclass(frozen=True, slots=True)
class _Worker:
    """What a worker process holds from its start to its end."""

    chunking: ChunkingSettings
    counter: TokenCounter
    task: Task


_workers: list[_Worker] = []  # filled in worker processes only, once


def _prepare(chunking: ChunkingSettings, tokenizer: Path, task: Task) -> None:
    # The tokenizer's threads would each reserve address space, which is limited.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _workers.append(_Worker(chunking, TokenizerCounter(tokenizer.read_text("utf-8")), task))
    collect_seldom()


def _run(content: bytes, request: ReadRequest) -> ReadResult:
    worker = _workers[0]
    return worker.task(replace(request, content=content), worker.chunking, worker.counter)
