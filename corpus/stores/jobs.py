"""What every store of jobs has in common: a new job, and how it refuses."""

from corpus.clock import utc_now
from corpus.errors import InputError, LeaseError, NotFoundError, StoreError
from corpus.store import Job, JobState
from corpus.stores.storable import readable, refuse_unstorable_text

STATES: tuple[JobState, ...] = ("queued", "running", "done", "failed")
# Nobody leases a job for longer: a lease that ends later was made while a clock was wrong.
LONGEST_LEASE_S = 3600.0
UNFINISHED = ("queued", "running")


def queued_job(job_id: str, source: str, collection: str, sender: str) -> Job:
    """Return a new job, as it can be stored. Raises: StoreError for an id that cannot."""
    refuse_unstorable_text("the id of a job", job_id)
    now = utc_now()
    kept = readable(collection)
    return Job(job_id, "queued", readable(source), 0.0, "", None, now, now, kept, sender)


def id_taken(job_id: str) -> StoreError:
    """Return the error of a new job with the id of another."""
    return StoreError(f"there is a job {job_id} already")


def no_job(job_id: str) -> NotFoundError:
    """Return the error of a job that is not there."""
    return NotFoundError(f"there is no job {job_id}")


def lease_lost(job_id: str, worker: str) -> LeaseError:
    """Return the error of a job that its worker has not leased, or not any more."""
    return LeaseError(f"job {job_id} is not leased by {worker} any more")


def used_for_another(name: str) -> InputError:
    """Return the error of a request's key that stands for another content already."""
    return InputError(
        f"The Idempotency-Key {name!r} was sent with another file or other fields before. Expected "
        "the same request again; choose a new key for another one."
    )
