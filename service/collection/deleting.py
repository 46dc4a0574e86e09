"""A document removed everywhere: store, vectors, the snapshot that answers; with proof."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import cast

from corpus.errors import NotFoundError, StoreError
from corpus.ids import DocId, SnapshotId
from corpus.source_name import source_name
from corpus.store import Deletion
from index.embedding.opening import open_vectors
from index.embedding.vector_cache import VectorCache
from service.access.access import EVERYTHING, Access
from service.access.guarded_store import GuardedStore
from service.access.opening import open_guarded_store
from service.access.writing import sole_writer
from service.auditing.recording import open_audit
from service.citations.receipt_signing import SigningKey
from service.collection.debts import older_holding, published
from service.settings.settings import Settings
from service.values.answer import Signature


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """What was deleted. `older_snapshots` still contain the document's vectors and postings.

    `signature` is over everything else; None where the home has no key and cannot be written.
    """

    doc_id: str
    source: str
    document_sha256: str
    pages: int
    chunks: int
    vectors: int
    deleted_at: str
    snapshot: str | None
    older_snapshots: tuple[str, ...]
    signature: Signature | None = None


def delete_document(
    doc_id: str,
    settings: Settings,
    *,
    purge_older: bool,
    access: Access = EVERYTHING,
    patience_s: float | None = None,
) -> DeletionReceipt:
    """Remove a document and publish a snapshot without it.

    Older snapshots that hold it are named in the receipt, and removed if `purge_older`. The same
    call again completes a deletion that was interrupted, as the next writer does
    (`service.collection.debts`), purges what was not purged, and returns the receipt.
    The receipt tells of the collections of `access`: its `vectors` are then of the texts that no
    other document in them has. A vector that another collection needs as well stays there.
    Raises: NotFoundError, StoreError, SnapshotError, ModelError; BusyError if another writer takes
    longer than `patience_s`.
    """
    [receipt] = delete_documents(
        [doc_id], settings, purge_older=purge_older, access=access, patience_s=patience_s
    )
    return receipt


def delete_documents(
    doc_ids: Sequence[str],
    settings: Settings,
    *,
    purge_older: bool,
    access: Access = EVERYTHING,
    patience_s: float | None = None,
    on_document: Callable[[int, int], None] = lambda *_: None,
) -> list[DeletionReceipt]:
    """Remove documents, publish one snapshot without them, and return a receipt each.

    `on_document` is told how many are removed, and of how many. As `delete_document`.
    """
    with (
        sole_writer(settings.layout, patience_s=patience_s),
        open_guarded_store(settings, access) as store,
        open_vectors(settings.layout) as cache,
    ):
        audit, removed = open_audit(settings), []
        for number, doc_id in enumerate(doc_ids, start=1):
            deletion, vectors = _deleted(DocId(doc_id), store, cache, access, purge=purge_older)
            audit.record("deleted", _recorded(deletion, purge=purge_older))
            removed.append((deletion, vectors))
            on_document(number, len(doc_ids))
        snapshot = published(store, cache, settings)
        return [
            _signed(
                _receipt(
                    deletion, vectors, snapshot, older_holding(settings, deletion.doc_id, snapshot)
                ),
                settings,
            )
            for deletion, vectors in removed
        ]


def require_deletable(doc_id: str, settings: Settings, access: Access) -> None:
    """Return if there is such a document, or was one that was deleted. Raises: NotFoundError."""
    with open_guarded_store(settings, access) as store:
        try:
            store.document_to_change(DocId(doc_id))
        except NotFoundError:
            store.deletion_to_finish(DocId(doc_id))


def _deleted(
    doc_id: DocId, store: GuardedStore, cache: VectorCache, access: Access, *, purge: bool
) -> tuple[Deletion, int]:
    """Delete a document, or find its deletion; return the proof and how many vectors went."""
    seen = access.collections
    try:
        store.document_to_change(doc_id)
    except NotFoundError:
        deletion = store.deletion_to_finish(doc_id)
        if purge:
            store.owe_purge(doc_id)
        # Which of its texts other collections have is not told to a key that is not for them.
        return deletion, deletion.chunks if seen else len(deletion.embedded_sha256s)
    alone = None if seen is None else store.texts_alone(doc_id, seen)
    deletion = store.delete(doc_id, purge=purge)
    removed = cache.remove(deletion.embedded_sha256s)
    return deletion, removed if alone is None else alone


def _recorded(deletion: Deletion, *, purge: bool) -> dict[str, object]:
    return {
        "doc_id": deletion.doc_id,
        "source": deletion.source,
        "document_sha256": deletion.document_sha256,
        "purge": purge,
    }


def _receipt(
    deletion: Deletion, vectors: int, snapshot: SnapshotId, older: list[SnapshotId]
) -> DeletionReceipt:
    return DeletionReceipt(
        doc_id=deletion.doc_id,
        source=source_name(deletion.source),
        document_sha256=deletion.document_sha256,
        pages=deletion.pages,
        chunks=deletion.chunks,
        vectors=vectors,
        deleted_at=deletion.deleted_at,
        snapshot=snapshot,
        older_snapshots=tuple(older),
    )


def _signed(receipt: DeletionReceipt, settings: Settings) -> DeletionReceipt:
    """Return the receipt signed; as it is where the home's key cannot be used."""
    plain = cast("Mapping[str, object]", json.loads(json.dumps(asdict(receipt))))
    with suppress(StoreError):
        key = SigningKey.open(settings.layout.signing_key)
        return replace(receipt, signature=key.signature(plain))
    return receipt
