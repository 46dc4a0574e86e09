"""What has happened since a backup that a restore must not undo: deletions, and revoked keys."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from corpus.errors import CitewellError, NotFoundError
from corpus.ids import DocId, Sha256, doc_id_of
from corpus.store import Deletion
from corpus.stores.sql_store import SqlStore
from index.snapshots.checking import sha256_of_file
from service.auditing.checking import entries_of
from service.backups.manifest import Manifest
from service.backups.repository import Repository
from service.settings.settings import Settings

DELETED_SINCE = "Not done: its document was deleted after the backup that this job came from."


@dataclass(frozen=True, slots=True)
class Since:
    """What is gone by now. `deletions` are the records of them that the home's store has."""

    deleted: frozenset[DocId] = frozenset()
    revoked: frozenset[str] = frozenset()
    deletions: tuple[Deletion, ...] = ()

    @classmethod
    def known(cls, repository: Repository, manifest: Manifest, settings: Settings) -> Self:
        """Return what the newest backup, the home's audit log and its store know of.

        A document that was added again is not gone; the store knows best. A home whose store is
        lost or damaged still has its audit log.
        Raises: StoreError where the newest backup is damaged.
        """
        deleted, revoked = set[DocId](), set[str]()
        newest = repository.ids()[-1]
        if newest > manifest.backup_id:
            later = repository.manifest(newest)
            deleted.update(DocId(doc_id) for doc_id in later.deleted)
            revoked.update(later.revoked)
        for entry in entries_of(settings.layout):
            about = entry.about
            if entry.time <= manifest.made_at:
                continue
            if entry.event == "deleted":
                deleted.add(DocId(str(about.get("doc_id"))))
            elif entry.event == "ingested" and about.get("status") != "rejected":
                deleted.discard(DocId(str(about.get("doc_id"))))
            elif entry.event == "key_revoked":
                revoked.add(str(about.get("key_id")))
        try:
            with SqlStore.open(settings.store_url, read_only=True) as store:
                there = {document.doc_id for document in store.documents(current_only=False)}
                gone, keys = deleted_of(store), revoked_of(store)
                proofs = tuple(store.deletions())
        except CitewellError:
            return cls(frozenset(deleted), frozenset(revoked))
        return cls(frozenset((deleted - there) | gone), frozenset(revoked | keys), proofs)

    def bring_into(self, store: SqlStore, uploads: Path, *, keep_deleted: bool) -> list[DocId]:
        """Delete and revoke in a store that is being restored; return the documents meant.

        What deletions owe outside the store is owed by it then, whatever happens meanwhile.
        With `keep_deleted` documents stay. Raises: StoreError.
        """
        for key_id in sorted(self.revoked):
            try:
                store.revoke_key(key_id)
            except NotFoundError:
                continue
        there = {document.doc_id for document in store.documents(current_only=False)}
        meant = sorted(self.deleted & there)
        if not keep_deleted:
            for doc_id in meant:
                store.delete(doc_id, purge=True)
            store.keep_deletions(self.deletions)
            self._end_jobs(store, uploads)
        return meant

    def _end_jobs(self, store: SqlStore, uploads: Path) -> None:
        """Let no upload that waits bring back a document that was deleted since."""
        for job_id in store.unfinished_jobs():
            collection = store.job(job_id).collection
            files = [path for path in (uploads / job_id).glob("[!.]*") if path.is_file()]
            sums = [sha256_of_file(file) for file in files]
            ids = {doc_id_of(Sha256(each)) for each in sums}
            ids |= {doc_id_of(Sha256(each), apart_in=collection) for each in sums}
            if ids & self.deleted:
                store.update_job(job_id, state="failed", progress=0.0, message=DELETED_SINCE)


def deleted_of(store: SqlStore) -> set[DocId]:
    """Return the documents that were deleted and have not been added again."""
    there = {document.doc_id for document in store.documents(current_only=False)}
    return {deletion.doc_id for deletion in store.deletions()} - there


def revoked_of(store: SqlStore) -> set[str]:
    """Return the ids of the keys that were revoked."""
    return {each.key_id for each in store.keys() if each.revoked_at}  # noqa: SIM118 - no mapping
