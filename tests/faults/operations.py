"""What is written, and what must hold once it was interrupted and the next writer has come."""

import io
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CitewellError, NotFoundError
from corpus.ids import DocId
from corpus.stores.sql_store import SqlStore
from index.embedding.vector_cache import VectorCache
from index.snapshots.checking import verify_snapshot
from index.snapshots.publishing import current_id, snapshots_holding
from index.snapshots.snapshot import Snapshot
from service.backups.backing_up import back_up
from service.backups.repository import Repository
from service.backups.restoring import check_backup, restore
from service.collection.bundling import export_bundle
from service.collection.debts import pay_debts, published
from service.collection.deleting import delete_document
from service.collection.ingest_report import DocumentReport, IngestReport, IngestRequest, Progress
from service.collection.rolling_back import roll_back
from service.settings.settings import Settings
from service.workload.jobs import JobWorker
from service.workload.upload import Upload
from tests.service.small_collection import add, make_collection, publish_snapshot, settings_of

NEW = ("The Quokka Council began in 2004.",)


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done to a home, how the next one goes on from there, and what must hold then."""

    act: Callable[[Settings], object]
    go_on: Callable[[Settings], object]
    check: Callable[[Settings], None]


def prepare(home: Path) -> Settings:
    """Make a home with two snapshots."""
    settings = settings_of(home)
    make_collection(settings)
    with SqlStore.open(settings.store_url) as store:
        add(store, "second.md", ("A second page.",), title="Second", pdf=False)
        publish_snapshot(settings, store)
    return settings


def doc_id_of(settings: Settings, title: str) -> DocId | None:
    """Return the id of the document of a title, None if there is none."""
    with SqlStore.open(settings.store_url) as store:
        return next((d.doc_id for d in store.documents() if d.title == title), None)


def store_and_publish(settings: Settings) -> None:
    """Store a new document and publish a snapshot with it."""
    with (
        SqlStore.open(settings.store_url) as store,
        VectorCache.open(settings.layout.vectors) as cache,
    ):
        add(store, "new.md", NEW, title="New", pdf=False)
        published(store, cache, settings)


def check_whole(settings: Settings) -> None:
    """Check that what answers is sound and holds what the store does."""
    home = settings.layout
    current = current_id(home)
    assert current is not None
    assert verify_snapshot(home.snapshots / current) == []
    snapshot = Snapshot.open(home.snapshots / current)
    with SqlStore.open(settings.store_url) as store:
        held = [snapshot.chunk_id(row) for row in range(len(snapshot.chunk_ids))]
        assert held == store.current_chunk_ids()
        assert store.debts() == []
        assert store.problems() == []
    left = [path.name for path in home.snapshots.iterdir() if path.name.startswith(".building")]
    assert left == [], left


def check_new(settings: Settings) -> None:
    """Check that the new document is there once, and answers."""
    check_whole(settings)
    assert doc_id_of(settings, "New") is not None


def delete_second(settings: Settings) -> None:
    """Delete and purge a document."""
    doc_id = doc_id_of(settings, "Second")
    if doc_id is not None:
        delete_document(doc_id, settings, purge_older=True)


def complete_deletion(settings: Settings) -> None:
    """Do what the next server does; send the deletion again only if it was not begun."""
    pay_debts(settings)
    delete_second(settings)


def check_deleted(settings: Settings) -> None:
    """Check that nothing of the document is left, in whatever file."""
    check_whole(settings)
    assert doc_id_of(settings, "Second") is None
    with SqlStore.open(settings.store_url) as store:
        [deletion] = store.deletions()
    assert snapshots_holding(settings.layout, deletion.doc_id) == []
    with VectorCache.open(settings.layout.vectors) as cache:
        assert cache.remove(deletion.embedded_sha256s) == 0
    for path in settings.home.rglob("*"):
        assert not path.is_file() or b"A second page" not in path.read_bytes(), path


def check_deleted_here(settings: Settings) -> None:
    """Check that the document is in no file but those of the backup."""
    shutil.rmtree(settings.home / "backups")
    check_deleted(settings)


def ingest(
    request: IngestRequest, settings: Settings, _: Callable[[Progress], None]
) -> IngestReport:
    """Keep what was uploaded, as an ingest does, without reading it in a process of its own."""
    content = Path(request.paths[0]).read_text()
    with SqlStore.open(settings.store_url) as store:
        doc_id = add(store, "upload:new.md", (content,), title="New", pdf=False)
    report = DocumentReport(doc_id, "upload:new.md", "added", 1, 1, None)
    return IngestReport((report,), None)


def upload(settings: Settings) -> None:
    """Take an upload and run its job; the same request again makes no second one."""
    with SqlStore.open(settings.store_url) as store:
        worker = JobWorker(store, settings, ingest, lease_s=0.2)
        sent = Upload("new.md", "iscm", {}, request_key="once")
        job = worker.submit(io.BytesIO(NEW[0].encode()), sent)
        run_jobs(store, worker, job.job_id)


def run_jobs(store: SqlStore, worker: JobWorker, job_id: str) -> None:
    """Let a worker run until a job has ended."""
    worker.start()
    until = time.monotonic() + 20
    while store.job(job_id).state not in ("done", "failed"):
        assert time.monotonic() < until, store.job(job_id)
        time.sleep(0.01)
    worker.stop()


def check_uploaded(settings: Settings) -> None:
    """Check that the one job is done, or has failed with a reason, and no file is left."""
    with SqlStore.open(settings.store_url) as store:
        [job] = store.jobs()
        assert job.state == "done" or (job.state == "failed" and job.message), job
        assert job.state == "failed" or doc_id_of(settings, "New") is not None
        # What was never acknowledged goes when it is old.
        for path in settings.layout.uploads.iterdir():
            os.utime(path, (0, 0))
        worker = JobWorker(store, settings, ingest)
        worker.start()
        worker.stop()
    assert not list(settings.layout.uploads.glob("j*"))


def export(settings: Settings) -> None:
    """Write the snapshot to a bundle."""
    export_bundle(settings.home / "bundle.zip", settings)


def check_exported(settings: Settings) -> None:
    """Check that the bundle is whole."""
    with zipfile.ZipFile(settings.home / "bundle.zip") as bundle:
        assert bundle.testzip() is None
    check_whole(settings)


def go_back(settings: Settings) -> None:
    """Let the first snapshot answer."""
    first = min(settings.layout.snapshots.glob("s*"), key=lambda each: each.stat().st_mtime_ns)
    roll_back(first.name, settings)


def check_sound(settings: Settings) -> None:
    """Check that a sound snapshot answers."""
    current = current_id(settings.layout)
    assert current is not None
    assert verify_snapshot(settings.layout.snapshots / current) == []


def back_up_and_restore(settings: Settings) -> None:
    """Back the home up, and restore the newest backup beside it unless that was done."""
    back_up(settings.home / "backups", settings)
    restored = restored_of(settings)
    half = restored.layout.restoring.exists()
    if half or not Path(restored.home / "store.sqlite").exists():
        restore(Repository.open(settings.home / "backups", None), restored, replace=half)


def restored_of(settings: Settings) -> Settings:
    """Return the settings of the home that backups are restored into."""
    return settings_of(settings.home / "restored")


def check_restored(settings: Settings) -> None:
    """Check that every backup is whole, what was restored answers, and the next writer tidies."""
    check_whole(settings)
    repository = Repository.open(settings.home / "backups", None)
    for backup_id in repository.ids():
        assert check_backup(repository, backup_id).problems == ()
    check_whole(restored_of(settings))
    store_and_publish(restored_of(settings))
    left = [each.name for each in (settings.home / "restored").glob(".re*")]
    assert left == [], left


def restore_over(settings: Settings) -> None:
    """Back the home up, delete a document, and let the backup replace the home.

    Once there is a backup, only what was not done of the rest is.
    """
    half = settings.layout.restoring.exists()
    if not half:
        if not list(settings.home.glob("backups/backups/[!.]*")):
            back_up(settings.home / "backups", settings)
        complete_deletion(settings)
    repository = Repository.open(settings.home / "backups", None)
    restore(repository, settings, backup_id=repository.ids()[0], replace=True)


OPERATIONS = {
    "restoring": Operation(restore_over, restore_over, check_deleted_here),
    "backing up": Operation(back_up_and_restore, back_up_and_restore, check_restored),
    "publishing": Operation(store_and_publish, store_and_publish, check_new),
    "deleting": Operation(delete_second, complete_deletion, check_deleted),
    "uploading": Operation(upload, upload, check_uploaded),
    "exporting": Operation(export, export, check_exported),
    "rolling back": Operation(go_back, go_back, check_sound),
}

EXPECTED = (CitewellError, NotFoundError, OSError)
