"""What deletions owe outside the store, paid: vectors, and snapshots that hold the document.

A deletion is complete when its debt is paid. One that was interrupted is completed by the next
writer: an ingest, an edit, another deletion, or a server that has nothing else to do.
"""

from corpus.ids import DocId, SnapshotId
from corpus.stores.sql_store import SqlStore
from index.embedding.opening import open_vectors
from index.embedding.vector_cache import VectorCache
from index.snapshots.building import build
from index.snapshots.publishing import delete_snapshot, purge_snapshots, snapshots_holding
from service.access.access import EVERYTHING
from service.access.opening import open_guarded_store, open_store
from service.access.writing import is_ingesting, sole_writer
from service.settings.models import Models
from service.settings.settings import Settings


def published(
    store: SqlStore, cache: VectorCache, settings: Settings, *, ingest_ended: bool = False
) -> SnapshotId:
    """Publish a snapshot of the store, pay every debt, and return the snapshot's id.

    Only with the writer's lock. Old snapshots leave, as many as the settings say. A debt stays
    while an ingest is under way, which may yet embed what was deleted meanwhile: it pays again at
    its end (`ingest_ended`), or if it does not get there, the next writer.
    Raises: StoreError, SnapshotError, ModelError; then the debts stay.
    """
    debts = store.debts()
    for debt in debts:
        cache.remove(debt.deletion.embedded_sha256s)
    models = Models.open(settings)
    snapshot = build(
        store, cache, models.embedder, settings.layout, multilingual=models.multilingual
    )
    complete = ingest_ended or not is_ingesting(settings.layout)
    for debt in debts:
        if debt.purge:
            for older in older_holding(settings, debt.deletion.doc_id, snapshot):
                delete_snapshot(settings.layout, older)
        if complete:
            store.settle(debt)
    purge_snapshots(settings.layout, keep=settings.keep_snapshots, keep_past=settings.keep_past)
    return snapshot


def older_holding(settings: Settings, doc_id: DocId, snapshot: SnapshotId) -> list[SnapshotId]:
    """Return the snapshots beside this one that hold a document, those that have left too."""
    return [each for each in snapshots_holding(settings.layout, doc_id) if each != snapshot]


def pay_debts(settings: Settings) -> bool:
    """Complete what interrupted deletions owe; return whether there was anything to do.

    A home without a folder owes nothing, and none is made for it. While an ingest is under way
    nothing is done: it pays at its end.
    Raises: BusyError where another writer is at work, who pays; StoreError, SnapshotError,
    ModelError.
    """
    if not settings.layout.root.is_dir():
        return False
    with open_store(settings) as store:
        if not store.debts() or is_ingesting(settings.layout):
            return False
    with (
        sole_writer(settings.layout, patience_s=0),
        open_guarded_store(settings, EVERYTHING) as store,
        open_vectors(settings.layout) as cache,
    ):
        published(store, cache, settings)
    return True
