"""A document removed everywhere: store, vectors, the snapshot that answers; with proof."""

from dataclasses import dataclass

from corpus.ids import DocId
from index.building import build
from index.publishing import delete_snapshot, snapshots_holding
from index.vector_cache import VectorCache
from service.access import EVERYTHING, Access
from service.models import Models
from service.opening import open_guarded_store
from service.settings import Settings
from service.writing import sole_writer


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """What was removed. `older_snapshots` still hold the document's vectors and words' postings."""

    doc_id: str
    source: str
    document_sha256: str
    pages: int
    chunks: int
    vectors: int
    deleted_at: str
    snapshot: str | None
    older_snapshots: tuple[str, ...]


def delete_document(
    doc_id: str,
    settings: Settings,
    *,
    purge_older: bool,
    access: Access = EVERYTHING,
    patience_s: float | None = None,
) -> DeletionReceipt:
    """Remove a document and publish a snapshot without it.

    Older snapshots that hold it are named in the receipt, and removed if `purge_older`.
    The receipt tells of the collections of `access`: its `vectors` are then of the texts that no
    other document in them has. A vector that another collection needs as well stays there.
    Raises: NotFoundError, StoreError, SnapshotError, ModelError; BusyError if another writer takes
    longer than `patience_s`.
    """
    layout, embedder = settings.layout, Models.open(settings).embedder
    with (
        sole_writer(layout, patience_s=patience_s),
        open_guarded_store(settings, access) as store,
        VectorCache.open(layout.vectors) as cache,
    ):
        seen = access.collections
        alone = None if seen is None else store.texts_alone(DocId(doc_id), seen)
        deletion = store.delete(DocId(doc_id))
        removed = cache.remove(deletion.embedded_sha256s)
        snapshot = build(store, cache, embedder, layout)
        holding = [s for s in snapshots_holding(layout, DocId(doc_id)) if s != snapshot]
        if purge_older:
            for older in holding:
                delete_snapshot(layout, older)
        return DeletionReceipt(
            doc_id=deletion.doc_id,
            source=deletion.source,
            document_sha256=deletion.document_sha256,
            pages=deletion.pages,
            chunks=deletion.chunks,
            vectors=removed if alone is None else alone,
            deleted_at=deletion.deleted_at,
            snapshot=snapshot,
            older_snapshots=() if purge_older else tuple(holding),
        )
