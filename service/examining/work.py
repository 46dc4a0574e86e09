"""Checks of work that is not done: jobs, uploads, deletions; and of backups."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus.errors import CitewellError
from corpus.stores.jobs import LONGEST_LEASE_S
from service.backups.repository import Repository
from service.backups.restoring import check_backup
from service.examining.stored import opened
from service.settings.settings import Settings

_OVERDUE = timedelta(hours=1)


def jobs(settings: Settings) -> str:
    """Each job that has not ended has its upload, and a server that does it; and the other way."""
    uploads = settings.layout.uploads
    now = datetime.now(UTC)
    with opened(settings) as store:
        waiting = {job_id: store.job(job_id) for job_id in store.unfinished_jobs()}
        leases = store.leases()
        known = {job.job_id for job in store.jobs(limit=1_000_000)}
    gone = [job_id for job_id in waiting if not (uploads / job_id).is_dir()]
    if gone:
        raise CitewellError(
            f"the uploads of {len(gone)} jobs that have not ended are gone, first {gone[0]}; a "
            "running server ends them as `failed`: send the files again"
        )
    latest = (now + timedelta(seconds=LONGEST_LEASE_S)).isoformat()
    ahead = [job_id for job_id, until in leases.items() if until > latest]
    if ahead:
        raise CitewellError(
            f"the lease of job {ahead[0]} ends at {leases[ahead[0]]}, long from now: the clock was "
            "wrong; set it (NTP). A running server takes the job up all the same"
        )
    overdue = [
        job_id
        for job_id, job in waiting.items()
        if datetime.fromisoformat(job.updated_at) < now - _OVERDUE
    ]
    if overdue:
        raise CitewellError(
            f"{len(overdue)} uploads have waited for more than an hour, first {overdue[0]}; a "
            "running server takes them up: citewell serve"
        )
    orphans = [path for path in uploads.glob("j*") if path.name not in known and _is_old(path)]
    if orphans:
        raise CitewellError(
            f"{len(orphans)} uploads in {uploads} belong to no job, first {orphans[0].name}: they "
            "were never acknowledged; a running server removes them: citewell serve"
        )
    return f"{len(waiting)} have not ended, each with its upload"


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _OVERDUE.total_seconds()


def deletions(settings: Settings) -> str:
    """Each deletion is complete: vectors and snapshots too."""
    with opened(settings) as store:
        owed, all_of_them = store.debts(), len(store.deletions())
    if owed:
        raise CitewellError(
            f"{len(owed)} deletions are not complete, first that of {owed[0].deletion.doc_id}: its "
            "vectors, or snapshots that hold it, are still there. A running server completes them, "
            "and so does: citewell ingest PATH"
        )
    return f"{all_of_them}, each complete"


def backups(folder: Path, passphrase: str | None) -> str:
    """The newest backup in a folder is whole."""
    repository = Repository.open(folder, passphrase)
    found = check_backup(repository)
    if found.problems:
        raise CitewellError(
            f"the newest backup in {folder}, {found.backup_id}, is damaged: {found.problems[0]}; "
            "look at its disk, and back up into a new folder: citewell backup create FOLDER"
        )
    return f"{len(repository.ids())}, the newest of {found.made_at}, whole"
