"""The port `JobStore` over a database."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from corpus.clock import utc_now
from corpus.database import Database
from corpus.errors import NotFoundError, StoreError
from corpus.rows import batches, job_of
from corpus.schema import jobs
from corpus.storable import readable, refuse_unstorable_text
from corpus.store import Job, JobState


class SqlJobs:
    """The jobs of a database. Each method is one transaction."""

    _database: Database

    def create_job(self, job_id: str, source: str, *, collection: str = "default") -> Job:
        """Keep a new job in state `queued`. Raises: StoreError if the id is taken."""
        refuse_unstorable_text("the id of a job", job_id)
        now = utc_now()
        kept = readable(collection)
        job = Job(job_id, "queued", readable(source), 0.0, "", None, now, now, kept)
        row = {field: getattr(job, field) for field in Job.__slots__}
        with self._database.writing() as connection:
            taken = connection.execute(select(jobs.c.number).where(jobs.c.job_id == job_id))
            if taken.first():
                raise StoreError(f"there is a job {job_id} already")
            connection.execute(insert(jobs).values(row))
        return job

    def update_job(
        self,
        job_id: str,
        *,
        state: JobState,
        progress: float,
        message: str = "",
        result: str | None = None,
    ) -> Job:
        """Change a job's state, progress, message and result. Raises: NotFoundError.

        What cannot be stored in a message is replaced by U+FFFD: a failure must be told.
        """
        refuse_unstorable_text(f"the result of job {job_id}", result or "")
        change = update(jobs).where(jobs.c.job_id == job_id)
        change = change.values(
            state=state,
            progress=progress,
            message=readable(message),
            result=result,
            updated_at=utc_now(),
        )
        with self._database.writing() as connection:
            connection.execute(change)
            return _job(connection, job_id)

    def job(self, job_id: str) -> Job:
        """Return one job. Raises: NotFoundError."""
        with self._database.reading() as connection:
            return _job(connection, job_id)

    def jobs(self, *, limit: int = 100, collections: Sequence[str] | None = None) -> list[Job]:
        """Return the newest jobs first; only those of `collections`, where they are given."""
        query = select(jobs).order_by(jobs.c.number.desc()).limit(limit)
        if collections is not None:
            query = query.where(jobs.c.collection.in_(collections))
        with self._database.reading() as connection:
            return [job_of(row) for row in connection.execute(query).mappings()]

    def fail_running_jobs(self, message: str, job_ids: Sequence[str]) -> int:
        """Mark those jobs that a dead server left queued or running as failed; return how many."""
        change = update(jobs).where(jobs.c.state.in_(("queued", "running")))
        change = change.values(state="failed", message=readable(message), updated_at=utc_now())
        with self._database.writing() as connection:
            return sum(
                connection.execute(change.where(jobs.c.job_id.in_(batch))).rowcount
                for batch in batches(job_ids)
            )


def _job(connection: Connection, job_id: str) -> Job:
    row = connection.execute(select(jobs).where(jobs.c.job_id == job_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no job {job_id}")
    return job_of(row)
