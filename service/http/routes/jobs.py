"""Jobs: what became of uploads."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from corpus.errors import NotFoundError
from corpus.store import Job
from service.access.access import SeenStore
from service.routing.dependencies import ChecksFirst, JobsOf, StoreOf, needs
from service.routing.streaming import event_stream
from service.wire.state import JobEntry, JobList
from service.wire.wire import json_of
from service.workload.jobs import JobWorker

router = APIRouter(
    route_class=ChecksFirst, prefix="/v1/jobs", tags=["jobs"], dependencies=[needs("ingest")]
)

SECONDS_BETWEEN_LOOKS = 0.25
FINISHED = ("done", "failed")

JobId = Annotated[str, Path(description="A job's id.", examples=["j0123456789abcdef0123"])]


@router.get("", summary="List jobs")
def jobs(
    store: StoreOf,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many come back.")] = 100,
) -> JobList:
    """List the newest jobs first."""
    return JobList(tuple(JobEntry.of(job) for job in store.jobs(limit=limit)))


@router.get("/{job_id}", summary="Show a job")
def job(job_id: JobId, store: StoreOf) -> JobEntry:
    """Return one job; its result is the ingest report once it has run."""
    return JobEntry.of(_job(store, job_id))


@router.get(
    "/{job_id}/events",
    summary="Follow a job",
    response_class=EventSourceResponse,
    responses={200: {"content": event_stream("progress", "done", "failed")}},
)
async def job_events(job_id: JobId, store: StoreOf, jobs: JobsOf) -> EventSourceResponse:
    """Follow a job: `progress` events at each change, then one `done` or `failed`.

    Each carries the job as JSON.
    """
    first = await run_in_threadpool(_job, store, job_id)
    return EventSourceResponse(events(store, jobs, first))


async def events(store: SeenStore, jobs: JobWorker, job: Job) -> AsyncIterator[ServerSentEvent]:
    """Yield the job at each change until it has finished, or the server stops."""
    seen: Job | None = None
    while True:
        finished = job.state in FINISHED
        if job != seen:
            seen = job
            name = job.state if finished else "progress"
            yield ServerSentEvent(json_of(JobEntry.of(job)), event=name)
        if finished or jobs.stopping:
            return
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        job = await run_in_threadpool(_job, store, job.job_id)


def _job(store: SeenStore, job_id: str) -> Job:
    if not re.fullmatch("[0-9A-Za-z_-]{1,64}", job_id):
        raise NotFoundError(f"there is no job {job_id}")
    return store.job(job_id)
