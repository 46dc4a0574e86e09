"""The lease of one job: renewed while its server lives, and lost when it does not."""

import logging
import threading
from types import TracebackType
from typing import Self

from corpus.errors import CitewellError, LeaseError, NotFoundError
from corpus.store import Job, JobState, JobStore

logger = logging.getLogger(__name__)

LEASE_S = 15.0
_SECONDS_BETWEEN_TRIES = 1.0


class Lease:
    """A leased job. Used in `with`, it is renewed on a thread of its own, in time three times."""

    def __init__(self, store: JobStore, job: Job, worker: str, seconds: float = LEASE_S) -> None:
        self.job = job
        self._store = store
        self._worker = worker
        self._seconds = seconds
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="citewell-lease", daemon=True)

    @property
    def lost(self) -> bool:
        """Whether the job is another server's by now, or is gone."""
        return self._lost.is_set()

    def write(self, state: JobState, progress: float, message: str) -> None:
        """Write how far the job is, if that can be written now."""
        try:
            self._update(state, progress, message, None)
        except CitewellError as error:
            logger.warning("the progress of job %s is not recorded: %s", self.job.job_id, error)

    def finish(
        self,
        state: JobState,
        progress: float,
        message: str,
        result: str | None,
        stopping: threading.Event,
    ) -> bool:
        """Write how the job ended, and return whether that is written.

        Where it cannot be (a full disk), it is tried again until it can, the lease is lost or the
        server stops: then the job is done again by who leases it next.
        """
        while not self.lost:
            try:
                return self._update(state, progress, message, result)
            except CitewellError as error:
                logger.warning("job %s is %s, not recorded: %s", self.job.job_id, state, error)
            if stopping.wait(_SECONDS_BETWEEN_TRIES):
                break
        return False

    def give_back(self) -> None:
        """Let another server, or this one when it runs again, do the job from its beginning."""
        try:
            self._store.give_back_job(self.job.job_id, self._worker)
        except CitewellError as error:
            logger.warning("job %s is not given back: %s", self.job.job_id, error)

    def __enter__(self) -> Self:
        self._renewing.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._renewing.join()

    def _update(self, state: JobState, progress: float, message: str, result: str | None) -> bool:
        """Write to the job; return False, and note it, if it is lost. Raises: StoreError."""
        try:
            self._store.update_job(
                self.job.job_id,
                state=state,
                progress=progress,
                message=message,
                result=result,
                worker=self._worker,
            )
        except (LeaseError, NotFoundError) as error:
            logger.warning("%s", error)
            self._lost.set()
            return False
        return True

    def _renew(self) -> None:
        while not self._ended.wait(self._seconds / 3):
            try:
                self._store.renew_lease(self.job.job_id, self._worker, self._seconds)
            except (LeaseError, NotFoundError):
                if not self._ended.is_set():  # else the job has just been finished
                    self._lost.set()
                return
            except CitewellError as error:
                logger.warning("the lease of job %s is not renewed: %s", self.job.job_id, error)
