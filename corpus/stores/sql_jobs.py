"""The port `JobStore` over a database."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, Select, Update, func, insert, or_, select, update

from corpus.clock import utc_now
from corpus.store import Job, JobState, JobSummary, RequestKey
from corpus.stores.database import Database
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
from corpus.stores.rows import job_of
from corpus.stores.schema import jobs
from corpus.stores.storable import readable, refuse_unstorable_text


class SqlJobs:
    """The jobs of a database. Each method is one transaction."""

    _database: Database

    def create_job(
        self,
        job_id: str,
        source: str,
        *,
        collection: str = "default",
        sender: str = "",
        request_key: RequestKey | None = None,
    ) -> Job:
        """Keep a new job in state `queued`; or return the one that the request made before.

        Raises: InputError if the request's key was used for another content; StoreError if the id
        is taken.
        """
        job = queued_job(job_id, source, collection, sender)
        row = {field: getattr(job, field) for field in Job.__slots__}
        only = f"request {sender} {readable(request_key.name)}" if request_key else f"job {job_id}"
        with self._database.writing(only) as connection:
            if request_key is not None:
                row["request_key"] = readable(request_key.name)
                row["request_sha256"] = request_key.request_sha256
                if (made := _made_before(connection, sender, request_key)) is not None:
                    return made
            taken = connection.execute(select(jobs.c.number).where(jobs.c.job_id == job_id))
            if taken.first():
                raise id_taken(job_id)
            connection.execute(insert(jobs).values(row))
        return job

    def lease_job(self, worker: str, seconds: float) -> Job | None:
        """Lease the next job that nobody works on, and return it `running`; None if there is none.

        Senders take turns: next is the oldest job of the one whose turn is longest ago.
        """
        with self._database.reading() as connection:
            now = self._database.now(connection)
            waiting = _waiting(now, self._database.now(connection, LONGEST_LEASE_S))
            if connection.execute(waiting.limit(1)).first() is None:
                return None
        turns = select(jobs.c.sender, func.max(jobs.c.turn).label("turn")).group_by(jobs.c.sender)
        turn_of = turns.subquery()
        next_one = waiting.join(turn_of, turn_of.c.sender == jobs.c.sender)
        next_one = next_one.order_by(turn_of.c.turn, jobs.c.number).limit(1)
        # What another server is leasing just now is passed over, not waited for.
        next_one = next_one.with_for_update(of=jobs, skip_locked=True)
        with self._database.writing(f"jobs of {worker}") as connection:
            number = connection.execute(next_one).scalar()
            if number is None:
                return None  # other servers were first
            last_turn = connection.execute(select(func.max(jobs.c.turn))).scalar_one()
            change = update(jobs).where(jobs.c.number == number)
            change = change.values(
                state="running",
                leased_by=worker,
                leased_until=self._database.now(connection, seconds),
                attempts=jobs.c.attempts + 1,
                turn=last_turn + 1,
                updated_at=utc_now(),
            )
            connection.execute(change)
            row = connection.execute(select(jobs).where(jobs.c.number == number))
            return job_of(row.mappings().one())

    def renew_lease(self, job_id: str, worker: str, seconds: float) -> None:
        """Let a lease end in so many seconds. Raises: LeaseError if the job is another's by now."""
        with self._database.writing(f"job {job_id}") as connection:
            until = self._database.now(connection, seconds)
            _change_leased(connection, job_id, worker, _of(job_id).values(leased_until=until))

    def give_back_job(self, job_id: str, worker: str) -> None:
        """End a lease before the job is done: it is queued again. Raises: LeaseError."""
        change = _of(job_id).values(
            state="queued",
            message="",
            leased_by=None,
            leased_until=None,
            attempts=jobs.c.attempts - 1,
            updated_at=utc_now(),
        )
        with self._database.writing(f"job {job_id}") as connection:
            _change_leased(connection, job_id, worker, change)

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
        """Change a job's state, progress, message and result. Raises: NotFoundError, LeaseError.

        What cannot be stored in a message is replaced by U+FFFD: a failure must be told.
        """
        refuse_unstorable_text(f"the result of job {job_id}", result or "")
        change = _of(job_id).values(
            state=state,
            progress=progress,
            message=readable(message),
            result=result,
            updated_at=utc_now(),
        )
        if state not in UNFINISHED:
            change = change.values(leased_by=None, leased_until=None)
        with self._database.writing(f"job {job_id}") as connection:
            if worker is None:
                connection.execute(change)
            else:
                _change_leased(connection, job_id, worker, change)
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

    def unfinished_jobs(self, sender: str | None = None) -> list[str]:
        """Return the ids of the jobs, of one sender if named, that are neither done nor failed."""
        query = select(jobs.c.job_id).where(jobs.c.state.in_(UNFINISHED)).order_by(jobs.c.number)
        if sender is not None:
            query = query.where(jobs.c.sender == sender)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def leases(self) -> dict[str, str]:
        """Return until when each leased job is leased, by its id."""
        query = select(jobs.c.job_id, jobs.c.leased_until).where(jobs.c.leased_until.is_not(None))
        with self._database.reading() as connection:
            return {row.job_id: row.leased_until for row in connection.execute(query)}

    def job_summary(self) -> JobSummary:
        """Return how many jobs there are in each state, and how far they are."""
        query = select(
            jobs.c.state,
            func.count().label("jobs"),
            func.avg(jobs.c.progress).label("progress"),
            func.min(jobs.c.created_at).label("oldest"),
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(jobs.c.state)).all()
        found = {row.state: row for row in rows}
        return JobSummary(
            {state: found[state].jobs if state in found else 0 for state in STATES},
            float(found["running"].progress) if "running" in found else None,
            found["queued"].oldest if "queued" in found else None,
        )


def _waiting(now: str, latest: str) -> Select[tuple[int]]:
    """Return the query of the numbers of the jobs that nobody works on.

    A lease that ends after `latest` was made while a clock was wrong.
    """
    until = jobs.c.leased_until
    free = or_(until.is_(None), until < now, until > latest)
    return select(jobs.c.number).where(jobs.c.state.in_(UNFINISHED), free)


def _made_before(connection: Connection, sender: str, request_key: RequestKey) -> Job | None:
    """Return the job that the request made, None if it is new. Raises: InputError."""
    named = jobs.c.request_key == readable(request_key.name)
    query = select(jobs).where(jobs.c.sender == sender, named)
    row: RowMapping | None = connection.execute(query).mappings().first()
    if row is None:
        return None
    if row["request_sha256"] != request_key.request_sha256:
        raise used_for_another(request_key.name)
    return job_of(row)


def _of(job_id: str) -> Update:
    return update(jobs).where(jobs.c.job_id == job_id)


def _change_leased(connection: Connection, job_id: str, worker: str, change: Update) -> None:
    """Execute a change of a job if the worker has leased it. Raises: NotFoundError, LeaseError."""
    if connection.execute(change.where(jobs.c.leased_by == worker)).rowcount == 0:
        _job(connection, job_id)
        raise lease_lost(job_id, worker)


def _job(connection: Connection, job_id: str) -> Job:
    row = connection.execute(select(jobs).where(jobs.c.job_id == job_id)).mappings().first()
    if row is None:
        raise no_job(job_id)
    return job_of(row)
