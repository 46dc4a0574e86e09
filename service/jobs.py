"""Uploads that are ingested after their request has been answered: one worker, one at a time."""

import hashlib
import logging
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import BinaryIO

from filelock import FileLock, Timeout

from corpus.clock import utc_now
from corpus.errors import BusyError, CitewellError, NotFoundError, StoreError
from corpus.store import Job, JobState, JobStore
from service.access import EVERYTHING, Access
from service.ingest_report import IngestReport, IngestRequest, Progress
from service.publishing import publish
from service.settings import Settings
from service.wire_state import report_json

logger = logging.getLogger(__name__)

Publish = Callable[[IngestRequest, Settings, Callable[[Progress], None]], IngestReport]

STOPPED = "The server stopped before the file was ingested; upload it again."
SECONDS_BETWEEN_UPDATES = 0.25


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, what was said of it, and what its sender may do."""

    file_name: str
    collection: str
    metadata: Mapping[str, str]
    password: str | None = None
    access: Access = EVERYTHING

    @property
    def source(self) -> str:
        """The source under which the document is kept: the same name is the same source.

        Within its collection: a file of one never takes the place of another's.
        """
        name = safe_name(self.file_name)
        return (
            f"upload:{name}" if self.collection == "default" else f"upload:{self.collection}/{name}"
        )


class _StoppingError(Exception):
    """Raised inside an ingest to end it when the server stops."""


class JobWorker:
    """Runs uploads as jobs, in the order they came, on a thread of its own.

    A file waits in `uploads/<worker>/<job_id>/<name>` under the home folder and is removed after
    its job. The worker holds `uploads/<worker>.lock`, which the operating system frees when it
    dies: so the next one knows which jobs were left by the dead, and lets the others be.
    """

    def __init__(self, store: JobStore, settings: Settings, ingest: Publish = publish) -> None:
        self._store = store
        self._settings = settings
        self._ingest = ingest
        self._uploads = settings.layout.uploads
        self._lock: FileLock | None = None
        self._queue: Queue[tuple[str, Upload] | None] = Queue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Fail the jobs of dead servers, remove their files, and begin to work."""
        self._bury_the_dead()
        self._lock = _own_lock(self._uploads)
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, name="citewell-jobs", daemon=True)
        self._thread.start()

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """End the running job at its next step, fail those that wait, and return."""
        self._stopping.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._thread = None
        if self._lock is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            Path(self._lock.lock_file).unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    @property
    def stopping(self) -> bool:
        """Whether the server is going down."""
        return self._stopping.is_set()

    def submit(self, file: BinaryIO, upload: Upload) -> Job:
        """Keep the file and return its queued job.

        Raises: ForbiddenError for a collection that is not the sender's; StoreError, BusyError.
        """
        upload.access.require_collection(upload.collection)
        if self._queue.qsize() >= self._settings.uploads_waiting:
            raise BusyError(
                f"{self._queue.qsize()} uploads wait already; try again later.", retry_after_s=30.0
            )
        try:
            job_id = self._keep(file, safe_name(upload.file_name))
        except OSError as error:
            raise StoreError(f"The file cannot be kept in {self._folder}: {error}.") from error
        job = self._store.create_job(job_id, upload.source, collection=upload.collection)
        self._queue.put((job_id, upload))
        return job

    @property
    def _folder(self) -> Path:
        if self._lock is None:
            raise StoreError("The server is not running: uploads cannot be taken.")
        return Path(self._lock.lock_file).with_suffix("")

    def _bury_the_dead(self) -> None:
        for path in sorted(self._uploads.glob("*.lock")):
            lock = FileLock(path)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue  # its server lives
            folder = path.with_suffix("")
            left = [each.name for each in folder.iterdir()] if folder.is_dir() else []
            failed = self._store.fail_running_jobs(STOPPED, left)
            if failed:
                logger.warning("%d jobs were left unfinished by an earlier server", failed)
            shutil.rmtree(folder, ignore_errors=True)
            path.unlink(missing_ok=True)
            lock.release()

    def _keep(self, file: BinaryIO, name: str) -> str:
        """Copy the file to its folder, whole or not at all; return the id of its job."""
        self._folder.mkdir(parents=True, exist_ok=True)
        arriving = Path(tempfile.mkdtemp(prefix=".arriving-", dir=self._folder))
        try:
            digest = hashlib.sha256(utc_now().encode())
            with (arriving / name).open("wb") as kept:
                while block := file.read(1 << 20):
                    digest.update(block)
                    kept.write(block)
            job_id = f"j{digest.hexdigest()[:20]}"
            arriving.rename(self._folder / job_id)
        except BaseException:
            shutil.rmtree(arriving, ignore_errors=True)
            raise
        return job_id

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            job_id, upload = item
            try:
                self._run(job_id, upload)
            except CitewellError:
                logger.exception("job %s could not be recorded", job_id)
            finally:
                shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def _run(self, job_id: str, upload: Upload) -> None:
        updates = _Updates(self._store, job_id, self._stopping)
        try:
            if self.stopping:
                raise _StoppingError
            request = self._request(job_id, upload)
            report = self._ingest(request, self._settings, updates.on_progress)
        except _StoppingError:
            updates.write("failed", STOPPED)
        except (CitewellError, OSError) as error:
            updates.write("failed", str(error))
        except Exception:
            logger.exception("job %s failed", job_id)
            updates.write("failed", "The server met an error that it did not expect.")
        else:
            reasons = [d.reason or "" for d in report.documents if d.status == "rejected"]
            state: JobState = "failed" if reasons else "done"
            updates.write(state, " ".join(reasons) or "done", report_json(report))

    def _request(self, job_id: str, upload: Upload) -> IngestRequest:
        path = str(self._folder / job_id / safe_name(upload.file_name))
        return IngestRequest(
            paths=[path],
            collection=upload.collection,
            metadata=upload.metadata,
            addresses={path: upload.source},
            password=upload.password,
            access=upload.access,
        )


def _own_lock(uploads: Path) -> FileLock:
    """Return the lock of a new worker, held. Raises: StoreError."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="server-", dir=_made(uploads)))
        lock = FileLock(folder.with_suffix(".lock"))
        lock.acquire()
    except OSError as error:
        raise StoreError(f"Cannot write in {uploads}: {error}.") from error
    return lock


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class _Updates:
    """Writes a job's progress to the store, not more often than it is looked at."""

    def __init__(self, store: JobStore, job_id: str, stopping: threading.Event) -> None:
        self._store = store
        self._job_id = job_id
        self._stopping = stopping
        self._progress = 0.0
        self._written_at = 0.0

    def on_progress(self, progress: Progress) -> None:
        """Keep the progress of an ingest. Raises: _StoppingError when the server stops."""
        if self._stopping.is_set() and progress.step != "done":
            raise _StoppingError
        self._progress = max(self._progress, share_done(progress))
        if time.monotonic() - self._written_at >= SECONDS_BETWEEN_UPDATES:
            self.write("running", message_of(progress))

    def write(self, state: JobState, message: str, result: str | None = None) -> None:
        """Write state, message and result."""
        self._written_at = time.monotonic()
        self._progress = 1.0 if state == "done" else self._progress
        try:
            self._store.update_job(
                self._job_id, state=state, progress=self._progress, message=message, result=result
            )
        except NotFoundError:
            logger.warning("job %s is no longer in the store", self._job_id)


def share_done(progress: Progress) -> float:
    """Return how much of one upload is done, 0..1: a tenth reading, then embedding, building."""
    match progress.step:
        case "waiting" | "reading":
            return 0.1 * progress.sources_done / max(progress.sources_total, 1)
        case "embedding":
            return 0.1 + 0.8 * progress.texts_done / max(progress.texts_total, 1)
        case "building":
            return 0.9
        case "done":
            return 1.0


def message_of(progress: Progress) -> str:
    """Return what is going on, in a few words."""
    if progress.step == "embedding":
        return f"embedding: {progress.texts_done:,} of {progress.texts_total:,} texts"
    return progress.step


def safe_name(file_name: str) -> str:
    """Return a file name that is safe in a folder: no path, no control characters, not hidden.

    >>> safe_name("../../etc/Almaty report.pdf")
    'Almaty report.pdf'
    >>> safe_name("..")
    'upload'
    """
    base = re.split(r"[\\/]", file_name)[-1]
    clean = re.sub(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"|?*]', "_", base).strip(" .")
    stem, dot, suffix = clean.rpartition(".")
    if len(suffix.encode()) > 16 or not dot:
        stem, dot, suffix = clean, "", ""
    room = 180 - len(suffix.encode())
    return (stem.encode()[:room].decode("utf-8", "ignore") + dot + suffix) or "upload"
