"""The port of the system of record, and what goes through it."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, Protocol

from corpus.chunk import Chunk, ChunkPlace
from corpus.document import Document, Page
from corpus.ids import ChunkId, DocId, Sha256
from corpus.key import Key
from corpus.origin import SourceStore
from corpus.page_grades import LedgerStore

JobState = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Deletion:
    """Proof of a deletion: what was removed, and when (ISO 8601, UTC)."""

    doc_id: DocId
    source: str
    document_sha256: Sha256
    pages: int
    chunks: int
    embedded_sha256s: tuple[Sha256, ...]
    deleted_at: str


@dataclass(frozen=True, slots=True)
class Debt:
    """What a deletion still owes: vectors, a snapshot without the document, with `purge` more.

    `purge` is that older snapshots that hold the document are removed. `collection` is the one
    that the document was in.
    """

    number: int
    deletion: Deletion
    collection: str
    purge: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that outlives its request. `progress` is 0..1; `result` is JSON text.

    `collection` is the one that it adds to, `sender` the id of the key that sent it, empty without
    one. `attempts` counts the servers that began it and did not say how it ended.
    """

    job_id: str
    state: JobState
    source: str
    progress: float
    message: str
    result: str | None
    created_at: str
    updated_at: str
    collection: str = "default"
    sender: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class JobSummary:
    """Jobs by state; how much of the running ones is done, 0..1; when the oldest queued was sent.

    The latter two are None where there is none.
    """

    counts: Mapping[JobState, int]
    progress: float | None
    oldest_queued: str | None


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a sender calls a request, so that sending it twice does it once; and its content."""

    name: str
    request_sha256: Sha256


class Store(SourceStore, LedgerStore, Protocol):
    """Documents with their pages, chunks and bytes.

    Every method is one transaction. Safe to call from several threads and processes.
    A `source` has one current document; the ones before it are kept, not current.
    Raises StoreError when the database fails, NotFoundError for an id that is not there.
    """

    def add(
        self,
        document: Document,
        content: bytes,
        pages: Sequence[Page],
        chunks: Sequence[Chunk],
        *,
        again: bool = False,
    ) -> None:
        """Keep a document, making it the current one of its source.

        Adding the same `doc_id` again replaces its row, pages and chunks. With `again` it must be
        there: NotFoundError if it was deleted meanwhile.
        """
        ...

    def documents(
        self, *, current_only: bool = True, collection: str | None = None
    ) -> list[Document]:
        """Return documents ordered by doc_id."""
        ...

    def document(self, doc_id: DocId) -> Document:
        """Return one document, current or not."""
        ...

    def documents_by_id(self, doc_ids: Sequence[DocId]) -> dict[DocId, Document]:
        """Return the documents that exist among `doc_ids`, current or not."""
        ...

    def page_labels(self, pages: Mapping[DocId, Set[int]]) -> dict[DocId, dict[int, str]]:
        """Return what is printed on the pages, by document and number; of those that exist."""
        ...

    def content(self, doc_id: DocId) -> bytes:
        """Return the bytes that the document was read from."""
        ...

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]:
        """Return pages by number; all of them, or those of `numbers` that exist."""
        ...

    def chunks(self, chunk_ids: Sequence[ChunkId]) -> dict[ChunkId, Chunk]:
        """Return the chunks that exist among `chunk_ids`."""
        ...

    def chunk_places(self, doc_id: DocId) -> list[ChunkPlace]:
        """Return where the document's chunks stand, in order; none for an unknown document."""
        ...

    def current_chunks(self) -> Iterator[Chunk]:
        """Yield the chunks of all current documents, ordered by chunk_id."""
        ...

    def current_chunk_ids(self) -> list[ChunkId]:
        """Return the ids of the chunks of all current documents, in order."""
        ...

    def page_languages(self) -> dict[DocId, dict[int, str]]:
        """Return the language of each page of the current documents that has one."""
        ...

    def delete(self, doc_id: DocId, *, purge: bool = False) -> Deletion:
        """Remove a document, its bytes, pages and chunks; keep and return the receipt.

        An older document of the same source does not become current again. What is outside the
        store is a debt until it is done (`debts`), a purge of older snapshots too if wanted.
        """
        ...

    def debts(self) -> list[Debt]:
        """Return what deletions still owe, oldest first."""
        ...

    def last_deletion(self, doc_id: DocId) -> Debt | None:
        """Return a document's last deletion, paid or not; None if there is none."""
        ...

    def owe_purge(self, doc_id: DocId) -> None:
        """Make a purge a debt of a document's last deletion."""
        ...

    def settle(self, debt: Debt) -> None:
        """Note that a debt is paid; one that has grown since stays."""
        ...

    def deletions(self) -> list[Deletion]:
        """Return the receipts of all deletions, oldest first."""
        ...


class JobStore(Protocol):
    """Jobs by id. Raises NotFoundError for an id that is not there.

    A server leases the job that it works on, until a time that it puts off while it lives. A job
    whose lease has run out is anybody's: so no job waits for a server that is dead, and none is
    lost with it. Times are those of `corpus.clock`.
    """

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

        Raises: InputError if the sender used the request's key for another content.
        """
        ...

    def lease_job(self, worker: str, seconds: float) -> Job | None:
        """Lease the next job that nobody works on, and return it `running`; None if there is none.

        The lease ends in so many seconds, by the clock that all who use the store share. Senders
        take turns: next is the oldest job of the one whose turn is longest ago.
        """
        ...

    def renew_lease(self, job_id: str, worker: str, seconds: float) -> None:
        """Let a lease end in so many seconds. Raises: LeaseError if the job is another's by now."""
        ...

    def give_back_job(self, job_id: str, worker: str) -> None:
        """End a lease before the job is done: it is queued again. Raises: LeaseError."""
        ...

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
        """Change a job's state, progress, message and result; a finished one has no lease.

        Raises: LeaseError if a `worker` is named that has not leased it, or not any more.
        """
        ...

    def job(self, job_id: str) -> Job:
        """Return one job."""
        ...

    def jobs(self, *, limit: int = 100, collections: Sequence[str] | None = None) -> list[Job]:
        """Return the newest jobs first; only those of `collections`, where they are given."""
        ...

    def unfinished_jobs(self, sender: str | None = None) -> list[str]:
        """Return the ids of the jobs, of one sender if named, that are neither done nor failed."""
        ...

    def job_summary(self) -> JobSummary:
        """Return how many jobs there are in each state, and how far they are."""
        ...


class KeyStore(Protocol):
    """API keys. The keys themselves are never kept, only their checksums."""

    def create_key(self, key: Key) -> None:
        """Keep a new key. Raises StoreError if its name is taken by one that is not revoked."""
        ...

    def keys(self) -> list[Key]:
        """Return every key, revoked ones too, in the order they were made."""
        ...

    def has_keys(self) -> bool:
        """Return whether a key was ever made."""
        ...

    def key_of(self, sha256: Sha256) -> Key:
        """Return the key with this checksum. Raises NotFoundError."""
        ...

    def revoke_key(self, key_id: str) -> Key:
        """Revoke a key from now on; again changes nothing. Raises NotFoundError."""
        ...


class TallyStore(Protocol):
    """What servers of one store count together."""

    def take(self, name: str, per_minute: int, count: int = 1) -> float:
        """Take so many tokens of a name, or none; return in how many seconds there are enough."""
        ...

    def first(self, name: str, seconds: float) -> bool:
        """Return whether the name was not given in so many seconds before, and note it."""
        ...
