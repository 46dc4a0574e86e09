"""Uploads that are ingested after their request has been answered: one worker, one at a time."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from corpus.errors import BusyError, CitewellError, NotFoundError, UnreachableError
from corpus.store import Job, JobState, JobStore, RequestKey
from service.collection.debts import pay_debts
from service.collection.ingest_report import IngestReport, IngestRequest, Progress
from service.collection.publishing import publish
from service.observing.observer import NOBODY, Observer
from service.observing.request_context import RequestContext, in_request
from service.settings.settings import Settings
from service.wire.state import report_json
from service.workload.job_progress import message_of, share_done
from service.workload.lease import LEASE_S, Lease
from service.workload.upload import Upload
from service.workload.upload_folder import UploadFolder

logger = logging.getLogger(__name__)

Publish = Callable[[IngestRequest, Settings, Callable[[Progress], None]], IngestReport]

MOST_ATTEMPTS = 5
GONE = "The file is not there any more; upload it again."
GIVEN_UP = (
    f"{MOST_ATTEMPTS} servers ended while they ingested this file. See why (their log; memory), "
    "then upload it again."
)
SECONDS_BETWEEN_UPDATES = 0.25
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_PAYMENTS = 30.0
# A signal to the whole process group ends the reading workers, too, perhaps a moment before this
# process hears of it.
SECONDS_TO_HEAR_OF_A_STOP = 0.3


class _StoppingError(Exception):
    """Raised inside an ingest to end it when the server stops, or has lost its lease."""


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a job ends; `result` is the report as JSON."""

    state: JobState
    message: str
    result: str | None = None


class JobWorker:
    """Runs uploads as jobs on a thread of its own; the senders take turns.

    An upload is on the disk and its job in the store before it is acknowledged. A job is leased by
    the server that runs it, and its file stays until the job has ended: what a server leaves, in
    good order or dead, is done by the next one, or by another of the same home.
    """

    def __init__(
        self,
        store: JobStore,
        settings: Settings,
        ingest: Publish = publish,
        *,
        lease_s: float = LEASE_S,
    ) -> None:
        self._store = store
        self._settings = settings
        self._ingest = ingest
        self._lease_s = lease_s
        self.observer: Observer = NOBODY
        self._uploads = UploadFolder(settings.layout.uploads)
        self._name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Remove what no job needs any more, and begin to work."""
        self._uploads.sweep(self._is_finished)
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, name="citewell-jobs", daemon=True)
        self._thread.start()

    def begin_to_stop(self) -> None:
        """Say that the server is going down: from now on a failure may be due to that."""
        self._stopping.set()
        self._wake.set()

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """Leave the running job to the next server at its next step, and return."""
        self.begin_to_stop()
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._thread = None

    @property
    def stopping(self) -> bool:
        """Whether the server is going down."""
        return self._stopping.is_set()

    def submit(self, file: BinaryIO, upload: Upload) -> Job:
        """Keep the file and return its queued job; or that of the same request, sent before.

        Raises: ForbiddenError for a collection that is not the sender's; InputError for a request
        key that was used for another request; StoreError, BusyError.
        """
        upload.access.require_collection(upload.collection)
        waiting = len(self._store.unfinished_jobs(upload.sender))
        if waiting >= self._settings.uploads_waiting:
            raise BusyError(
                f"{waiting} of your uploads wait already; try again later.", retry_after_s=30.0
            )
        kept = self._uploads.keep(file, upload)
        name = upload.request_key
        try:
            job = self._store.create_job(
                kept.job_id,
                upload.source,
                collection=upload.collection,
                sender=upload.sender,
                request_key=None if name is None else RequestKey(name, kept.request_sha256),
            )
        except CitewellError:
            self._uploads.remove(kept.job_id)
            raise
        if job.job_id != kept.job_id:
            self._uploads.remove(kept.job_id)
        self._wake.set()
        return job

    def _is_finished(self, job_id: str) -> bool | None:
        try:
            return self._store.job(job_id).state in ("done", "failed")
        except NotFoundError:
            return None

    def _work(self) -> None:
        paid_at = -SECONDS_BETWEEN_PAYMENTS
        while not self.stopping:
            self._wake.clear()
            if self._work_once():
                continue
            if time.monotonic() - paid_at >= SECONDS_BETWEEN_PAYMENTS:
                paid_at = time.monotonic()
                self._pay_debts()
            self._wake.wait(SECONDS_BETWEEN_LOOKS)

    def _pay_debts(self) -> None:
        """Complete the deletions that another writer did not, unless one is at work now."""
        try:
            if pay_debts(self._settings):
                logger.warning("deletions that were interrupted are complete now")
        except BusyError:
            return
        except (CitewellError, OSError) as error:
            logger.warning("interrupted deletions are not complete yet: %s", error)

    def _work_once(self) -> bool:
        """Run the next job; return whether there was one."""
        try:
            job = self._store.lease_job(self._name, self._lease_s)
        except CitewellError as error:
            logger.warning("no job can be begun: %s", error)
            return False
        if job is None:
            return False
        with Lease(self._store, job, self._name, self._lease_s) as lease:
            updates = _Updates(lease, self._stopping)
            try:
                ending = self._ended(lease, updates)
            except _StoppingError:
                lease.give_back()
                return True
            written = lease.finish(
                ending.state, updates.share(ending), ending.message, ending.result, self._stopping
            )
        if written:
            self._uploads.remove(job.job_id)
        return True

    def _ended(self, lease: Lease, updates: "_Updates") -> _Ending:
        """Run a job and return how it ended. Raises: _StoppingError if it is to be run again."""
        if lease.job.attempts > MOST_ATTEMPTS:
            return _Ending("failed", GIVEN_UP)
        try:
            request, context = self._request(lease.job.job_id)
        except CitewellError as error:
            logger.warning("job %s: %s", lease.job.job_id, error)
            return _Ending("failed", GONE)
        with in_request(context):
            return self._ingested(request, lease, updates)

    def _ingested(self, request: IngestRequest, lease: Lease, updates: "_Updates") -> _Ending:
        """Ingest and return how the job ended. Raises: _StoppingError."""
        began = time.perf_counter()
        try:
            report = self._ingest(request, self._settings, updates.on_progress)
        except _StoppingError:
            raise
        except UnreachableError as error:
            logger.warning("job %s is done again: %s", lease.job.job_id, error)
            raise _StoppingError from error
        except (CitewellError, OSError) as error:
            ending = _Ending("failed", str(error))
        except Exception:
            logger.exception("job %s failed", lease.job.job_id)
            ending = _Ending("failed", "The server met an error that it did not expect.")
        else:
            ending = _ending_of(report)
            self.observer.ingested(report.summed_up(time.perf_counter() - began))
        if lease.lost or (
            ending.state == "failed" and self._stopping.wait(SECONDS_TO_HEAR_OF_A_STOP)
        ):
            raise _StoppingError
        return ending

    def _request(self, job_id: str) -> tuple[IngestRequest, RequestContext]:
        """Return what is to be ingested, and the request that sent it."""
        file, upload = self._uploads.read(job_id)
        context = RequestContext(upload.request_id or job_id, upload.access.key_id)
        request = IngestRequest(
            paths=[str(file)],
            collection=upload.collection,
            metadata=upload.metadata,
            addresses={str(file): upload.source},
            password=upload.password,
            access=upload.access,
        )
        return request, context


def _ending_of(report: IngestReport) -> _Ending:
    reasons = [d.reason or "" for d in report.documents if d.status == "rejected"]
    state: JobState = "failed" if reasons else "done"
    return _Ending(state, " ".join(reasons) or "done", report_json(report))


class _Updates:
    """Writes a job's progress to the store, not more often than it is looked at."""

    def __init__(self, lease: Lease, stopping: threading.Event) -> None:
        self._lease = lease
        self._stopping = stopping
        self._progress = 0.0
        self._written_at = 0.0

    def on_progress(self, progress: Progress) -> None:
        """Keep the progress of an ingest. Raises: _StoppingError when the server stops."""
        if progress.step != "done" and (self._stopping.is_set() or self._lease.lost):
            raise _StoppingError
        self._progress = max(self._progress, share_done(progress))
        if time.monotonic() - self._written_at >= SECONDS_BETWEEN_UPDATES:
            self._written_at = time.monotonic()
            self._lease.write("running", self._progress, message_of(progress))

    def share(self, ending: _Ending) -> float:
        """Return how much of the job is done, 0..1, when it has ended so."""
        return 1.0 if ending.state == "done" else self._progress
