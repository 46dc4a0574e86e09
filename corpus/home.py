"""The folder that holds a collection's state."""

from dataclasses import dataclass
from pathlib import Path

BACKUP_DRAFT = ".backup-"
RESTORE_DRAFT = ".restore-"


@dataclass(frozen=True, slots=True)
class Home:
    """The layout of `CITEWELL_HOME`: this class is the format.

    store.sqlite       documents, pages, chunks, jobs, receipts
    store-made         says that there is a store, so that its loss is known
    vectors.sqlite     embeddings by text hash and embedder fingerprint
    snapshots/<id>/    one immutable index; snapshots/CURRENT names the one that answers
    snapshots/past/    what snapshots held that have left; snapshots/HISTORY which answered when
    restoring          there while a restore replaces the above, so that nothing uses the half of it
    signing-key.pem    signs answers; for its owner alone
    aliases.json       names that a user has paired or parted
    audit/2027-01.jsonl  who asked, ingested, deleted; audit/head.json says where it ends
    uploads/<job_id>/  a file that was sent, until its job has ended
    ingest.lock        held by the one process that ingests
    change.lock        held while the collection is changed

    With a store in PostgreSQL, `database` is its address: several machines may share the folder
    then. The vectors are in that database, and the locks are held in it too.
    """

    root: Path
    database: str | None = None
    key_file: Path | None = None

    @property
    def store_url(self) -> str:
        """The SQLAlchemy address of the default store."""
        return f"sqlite:///{self.root / 'store.sqlite'}"

    @property
    def store_made(self) -> Path:
        """The file that says that the home has a store."""
        return self.root / "store-made"

    @property
    def restoring(self) -> Path:
        """The file that says that a restore has begun to replace what is here."""
        return self.root / "restoring"

    @property
    def vectors(self) -> Path:
        """The vector cache."""
        return self.root / "vectors.sqlite"

    @property
    def aliases(self) -> Path:
        """What users have said of aliases."""
        return self.root / "aliases.json"

    @property
    def snapshots(self) -> Path:
        """The folder of snapshots."""
        return self.root / "snapshots"

    @property
    def current(self) -> Path:
        """The file that names the snapshot that answers."""
        return self.snapshots / "CURRENT"

    @property
    def signing_key(self) -> Path:
        """The private key that signs answers; `key_file` where it is kept elsewhere."""
        return self.key_file or self.root / "signing-key.pem"

    @property
    def audit(self) -> Path:
        """The folder of the audit log."""
        return self.root / "audit"

    @property
    def uploads(self) -> Path:
        """The files that were sent and whose jobs have not ended."""
        return self.root / "uploads"

    @property
    def ingest_lock(self) -> Path:
        """The lock of the one ingest."""
        return self.root / "ingest.lock"

    @property
    def change_lock(self) -> Path:
        """The lock of the one writer."""
        return self.root / "change.lock"
