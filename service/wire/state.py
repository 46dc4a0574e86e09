"""What goes over HTTP of the server's own state: jobs, snapshots, signs of life."""

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import TypeAdapter

from corpus.source_name import source_name, without_folders
from corpus.store import Job, JobState
from index.snapshots.publishing import SnapshotSummary
from service.collection.ingest_report import IngestReport

_REPORT: TypeAdapter[IngestReport] = TypeAdapter(IngestReport)


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job: `progress` is 0..1, `result` the ingest report once there is one."""

    job_id: str
    state: JobState
    source: str
    progress: float
    message: str
    result: IngestReport | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, job: Job) -> "JobEntry":
        """Return the entry of a job."""
        result = _shown(_REPORT.validate_json(job.result)) if job.result else None
        return cls(
            job.job_id,
            job.state,
            source_name(job.source),
            job.progress,
            without_folders(job.message),
            result,
            job.created_at,
            job.updated_at,
        )


@dataclass(frozen=True, slots=True)
class JobList:
    """The newest jobs first; `next` is always null."""

    jobs: tuple[JobEntry, ...]
    next: None = None


@dataclass(frozen=True, slots=True)
class SnapshotList:
    """The newest snapshots first; `next` is always null."""

    snapshots: tuple[SnapshotSummary, ...]
    next: None = None


@dataclass(frozen=True, slots=True)
class Rollback:
    """The current snapshot and the one before it."""

    snapshot: str
    previous: str | None


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the server. `problem` says why an older snapshot answers."""

    status: Literal["alive", "ready"]
    version: str
    snapshot: str | None = None
    problem: str | None = None


def _shown(report: IngestReport) -> IngestReport:
    """Return the report without the folders of this machine."""
    documents = (
        replace(
            each,
            source=source_name(each.source),
            reason=without_folders(each.reason) if each.reason else each.reason,
        )
        for each in report.documents
    )
    return replace(report, documents=tuple(documents))


def report_json(report: IngestReport) -> str:
    """Return the report as the JSON text that a job keeps."""
    return _REPORT.dump_json(report).decode("utf-8")
