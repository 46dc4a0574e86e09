"""The port `JobStore` in dictionaries."""

from collections.abc import Sequence
from dataclasses import replace
from threading import RLock

from corpus.clock import utc_in, utc_now
from corpus.store import Job, JobState, JobSummary, RequestKey
from corpus.stores.jobs import (
    LONGEST_LEASE_S,
    STATES,
    UNFINISHED,
    id_taken,
    lease_lost,
    no_job,
    queued_job,
    used_for_another,
)
from corpus.stores.storable import readable, refuse_unstorable_text


class MemoryJobs:
    """The jobs of a store that forgets everything when it goes."""

    _lock: RLock

    def __init__(self) -> None:
        super().__init__()
        self._jobs: dict[str, Job] = {}
        self._leases: dict[str, tuple[str, str]] = {}  # worker and end by job
        self._turns: dict[str, int] = {}  # by sender
        self._requests: dict[tuple[str, str], tuple[RequestKey, str]] = {}

    def create_job(
        self,
        job_id: str,
        source: str,
        *,
        collection: str = "default",
        sender: str = "",
        request_key: RequestKey | None = None,
    ) -> Job:
        """Keep a new job in state `queued`; or return the one that the request made before."""
        job = queued_job(job_id, source, collection, sender)
        with self._lock:
            if request_key is not None:
                made = self._requests.get((sender, request_key.name))
                if made is not None and made[0] != request_key:
                    raise used_for_another(request_key.name)
                if made is not None:
                    return self._jobs[made[1]]
                self._requests[sender, request_key.name] = (request_key, job_id)
            if job_id in self._jobs:
                raise id_taken(job_id)
            self._jobs[job_id] = job
            return job

    def lease_job(self, worker: str, seconds: float) -> Job | None:
        """Lease the next job that nobody works on, and return it; None if there is none."""
        with self._lock:
            now, latest = utc_now(), utc_in(LONGEST_LEASE_S)
            ends = {job_id: until for job_id, (_, until) in self._leases.items()}
            free = [
                job
                for job in self._jobs.values()
                if job.state in UNFINISHED and not now <= ends.get(job.job_id, "") <= latest
            ]
            if not free:
                return None
            job = min(free, key=lambda each: self._turns.get(each.sender, 0))
            self._turns[job.sender] = max(self._turns.values(), default=0) + 1
            self._leases[job.job_id] = (worker, utc_in(seconds))
            return self._replace(job.job_id, state="running", attempts=job.attempts + 1)

    def renew_lease(self, job_id: str, worker: str, seconds: float) -> None:
        """Let a lease end in so many seconds. Raises: LeaseError if the job is another's by now."""
        with self._lock:
            self._check_lease(job_id, worker)
            self._leases[job_id] = (worker, utc_in(seconds))

    def give_back_job(self, job_id: str, worker: str) -> None:
        """End a lease before the job is done: it is queued again. Raises: LeaseError."""
        with self._lock:
            self._check_lease(job_id, worker)
            del self._leases[job_id]
            attempts = self.job(job_id).attempts - 1
            self._replace(job_id, state="queued", message="", attempts=attempts)

    def update_job(
        self,
        job_id: str,
        *,
        state: JobState,
        progress: float,
        message: str = "",
        result: str | None = None,
        worker: str | None = None,
    ) -> Job:
        """Change a job's state, progress, message and result. Raises: LeaseError."""
        refuse_unstorable_text(f"the result of job {job_id}", result or "")
        with self._lock:
            if worker is not None:
                self._check_lease(job_id, worker)
            if state not in UNFINISHED:
                self._leases.pop(job_id, None)
            self.job(job_id)
            return self._replace(
                job_id, state=state, progress=progress, message=readable(message), result=result
            )

    def job(self, job_id: str) -> Job:
        """Return one job."""
        with self._lock:
            if job_id not in self._jobs:
                raise no_job(job_id)
            return self._jobs[job_id]

    def jobs(self, *, limit: int = 100, collections: Sequence[str] | None = None) -> list[Job]:
        """Return the newest jobs first; only those of `collections`, where they are given."""
        with self._lock:
            newest = reversed(self._jobs.values())
            found = [j for j in newest if collections is None or j.collection in collections]
            return found[:limit]

    def unfinished_jobs(self, sender: str | None = None) -> list[str]:
        """Return the ids of the jobs, of one sender if named, that are neither done nor failed."""
        with self._lock:
            waiting = [job for job in self._jobs.values() if job.state in UNFINISHED]
            return [job.job_id for job in waiting if sender is None or job.sender == sender]

    def job_summary(self) -> JobSummary:
        """Return how many jobs there are in each state, and how far they are."""
        with self._lock:
            found = {
                state: [job for job in self._jobs.values() if job.state == state]
                for state in STATES
            }
        running, queued = found["running"], found["queued"]
        return JobSummary(
            {state: len(jobs) for state, jobs in found.items()},
            sum(job.progress for job in running) / len(running) if running else None,
            min((job.created_at for job in queued), default=None),
        )

    def _check_lease(self, job_id: str, worker: str) -> None:
        self.job(job_id)
        if self._leases.get(job_id, ("", ""))[0] != worker:
            raise lease_lost(job_id, worker)

    def _replace(self, job_id: str, **changes: object) -> Job:
        job = replace(self._jobs[job_id], updated_at=utc_now(), **changes)  # type: ignore[arg-type]
        self._jobs[job_id] = job
        return job
