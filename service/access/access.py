"""What the sender of a request may do, and the store as it may see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.chunk import Chunk, ChunkPlace
from corpus.clock import utc_now
from corpus.document import Document, Page
from corpus.errors import AccessError, ForbiddenError, NotFoundError
from corpus.ids import ChunkId, DocId, sha256_of
from corpus.key import SCOPES, Scope
from corpus.page_grades import PageSummary, QualityCount
from corpus.store import Job, KeyStore
from corpus.stores.sql_store import SqlStore
from service.values.request import Request


@dataclass(frozen=True, slots=True)
class Access:
    """Scopes, and the collections that they hold for: None for all of them.

    `key_id` is None for a request without a key, where the server takes such.
    """

    key_id: str | None
    scopes: tuple[Scope, ...]
    collections: tuple[str, ...] | None = None

    def require(self, scope: Scope) -> None:
        """Return if the scope is there. Raises: ForbiddenError, or AccessError without a key."""
        if scope in self.scopes or (scope == "metrics" and "admin" in self.scopes):
            return
        if self.key_id is None:
            raise AccessError(f"This needs a key with the scope {scope}. {_HOW}")
        raise ForbiddenError(
            f"Key {self.key_id} has the scopes {', '.join(self.scopes)}; this needs {scope}."
        )

    def require_all(self) -> None:
        """Return if every collection is allowed. Raises: ForbiddenError."""
        if self.collections is not None:
            raise ForbiddenError(
                f"Key {self.key_id} is for some collections only, and this is about all of them."
            )

    def require_collection(self, name: str) -> None:
        """Return if this collection is allowed. Raises: ForbiddenError, whether it is there or not.

        >>> Access("k1", ("read",), ("iscm",)).require_collection("iscm")
        """
        if not self.sees(name):
            raise ForbiddenError(f"Key {self.key_id} is not for the collection {name!r}.")

    @property
    def is_of_all(self) -> bool:
        """Whether every collection is allowed."""
        return self.collections is None

    @property
    def may_keep(self) -> bool:
        """Whether there is a notebook for the sender: a key's, or that of a server without keys."""
        return self.key_id is not None or "ingest" in self.scopes

    def sees(self, collection: str) -> bool:
        """Return whether what is in this collection is there for the sender."""
        return self.collections is None or collection in self.collections

    def limited(self, request: Request) -> Request:
        """Return the request, kept to the collections that are allowed."""
        if self.collections is None:
            return request
        asked = request.collections
        kept = tuple(c for c in self.collections if asked is None or c in asked)
        return replace(request, collections=kept)


EVERYTHING = Access(None, SCOPES)
ONLY_READING = Access(None, ("read",))

_HOW = "Send it as `Authorization: Bearer KEY`; `citewell keys create` makes one."


def access_of_key(secret: str, keys: KeyStore) -> Access:
    """Return what a key allows. Raises: AccessError, the same for each kind of wrong key."""
    wrong = AccessError(f"The key is unknown, expired or revoked. {_HOW}")
    try:
        key = keys.key_of(sha256_of(secret))
    except NotFoundError as error:
        raise wrong from error
    if key.state(utc_now()) != "active":
        raise wrong
    return Access(key.key_id, key.scopes, key.collections)


def no_key() -> AccessError:
    """Return the error of a request that has no key and needs one."""
    return AccessError(f"This server answers those who have a key. {_HOW}")


@dataclass(frozen=True, slots=True)
class SeenStore:
    """The store as an access sees it: what is in another collection is not there.

    The error for it is word for word the one for what does not exist.
    """

    store: SqlStore
    access: Access

    def documents(
        self, *, current_only: bool = True, collection: str | None = None
    ) -> list[Document]:
        """Return documents ordered by doc_id."""
        found = self.store.documents(current_only=current_only, collection=collection)
        return [document for document in found if self.access.sees(document.collection)]

    def document(self, doc_id: DocId) -> Document:
        """Return one document, current or not. Raises: NotFoundError."""
        document = self.store.document(doc_id)
        if not self.access.sees(document.collection):
            raise NotFoundError(f"there is no document {doc_id}")
        return document

    def editions(self, source: str) -> list[Document]:
        """Return the editions of a source, current or not, oldest first."""
        found = self.store.documents_by_source(source)
        return [document for document in found if self.access.sees(document.collection)]

    def chunk_places(self, doc_id: DocId) -> list[ChunkPlace]:
        """Return where the document's chunks stand, in order. Raises: NotFoundError."""
        self.document(doc_id)
        return self.store.chunk_places(doc_id)

    def collections(self) -> list[str]:
        """Return the names of the collections that have documents, in order."""
        return [name for name in self.store.collections() if self.access.sees(name)]

    def content(self, doc_id: DocId) -> bytes:
        """Return the bytes that the document was read from. Raises: NotFoundError."""
        self.document(doc_id)
        return self.store.content(doc_id)

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]:
        """Return pages by number. Raises: NotFoundError."""
        self.document(doc_id)
        return self.store.pages(doc_id, numbers)

    def ledger(self, doc_id: DocId) -> list[PageSummary]:
        """Return the pages of a document without their text. Raises: NotFoundError."""
        self.document(doc_id)
        return self.store.ledger(doc_id)

    def quality_counts(self, *, collection: str | None = None) -> list[QualityCount]:
        """Return the pages of current documents, counted by document, grade and source."""
        found = self.store.quality_counts(collection=collection)
        return [count for count in found if self.access.sees(count.collection)]

    def chunks(self, chunk_ids: Sequence[ChunkId]) -> dict[ChunkId, Chunk]:
        """Return the chunks that exist among `chunk_ids`."""
        found = self.store.chunks(chunk_ids)
        seen = {doc_id: self._is_seen(doc_id) for doc_id in {c.doc_id for c in found.values()}}
        return {chunk_id: chunk for chunk_id, chunk in found.items() if seen[chunk.doc_id]}

    def job(self, job_id: str) -> Job:
        """Return one job. Raises: NotFoundError."""
        job = self.store.job(job_id)
        if not self.access.sees(job.collection):
            raise NotFoundError(f"there is no job {job_id}")
        return job

    def jobs(self, *, limit: int = 100) -> list[Job]:
        """Return the newest jobs first."""
        return self.store.jobs(limit=limit, collections=self.access.collections)

    def _is_seen(self, doc_id: DocId) -> bool:
        try:
            self.document(doc_id)
        except NotFoundError:
            return False
        return True
