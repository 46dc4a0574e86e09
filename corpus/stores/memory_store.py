"""The ports of `corpus.store` in dictionaries: the double for tests that need no disk."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from threading import RLock

from corpus.chunk import Chunk, ChunkPlace
from corpus.clock import utc_now
from corpus.document import Document, Page
from corpus.errors import NotFoundError, StoreError
from corpus.ids import ChunkId, DocId, Sha256
from corpus.key import Key
from corpus.receipt import documents_quoted
from corpus.store import Debt, Deletion
from corpus.stores.memory_jobs import MemoryJobs
from corpus.stores.memory_notes import MemoryNotes
from corpus.stores.memory_page_grades import MemoryLedger
from corpus.stores.memory_sources import MemorySources
from corpus.stores.storable import refuse_unstorable, refuse_unstorable_text


class MemoryStore(MemoryJobs, MemoryNotes, MemorySources, MemoryLedger):
    """A `Store` and every other port beside it, that forgets everything when it goes."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = RLock()
        self._documents: dict[DocId, Document] = {}  # the order of addition
        self._current: dict[str, DocId] = {}
        self._content: dict[DocId, bytes] = {}
        self._pages: dict[DocId, dict[int, Page]] = {}
        self._chunks: dict[ChunkId, Chunk] = {}
        self._embedded: dict[DocId, set[Sha256]] = {}
        self._deletions: list[Deletion] = []
        self._debts: dict[DocId, Debt] = {}
        self._deleted: dict[DocId, Debt] = {}
        self._receipts: dict[str, str] = {}
        self._keys: dict[str, Key] = {}

    def add(
        self,
        document: Document,
        content: bytes,
        pages: Sequence[Page],
        chunks: Sequence[Chunk],
        *,
        again: bool = False,
    ) -> None:
        """Keep a document, making it the current one of its source."""
        refuse_unstorable(document, pages, chunks)
        doc_id = document.doc_id
        with self._lock:
            if again:
                self.document(doc_id)
            for chunk in chunks:
                if self._chunks.get(chunk.chunk_id, chunk).doc_id != doc_id:
                    raise StoreError(f"chunk {chunk.chunk_id} belongs to another document")
            self._remove(doc_id)
            self._documents[doc_id] = document
            self._current[document.source] = doc_id
            self._content[doc_id] = content
            self._pages[doc_id] = {page.number: page for page in pages}
            self._chunks |= {chunk.chunk_id: chunk for chunk in chunks}
            embedded = self._embedded.setdefault(doc_id, set())
            embedded |= {chunk.embedded_sha256 for chunk in chunks}

    def documents(
        self, *, current_only: bool = True, collection: str | None = None
    ) -> list[Document]:
        """Return documents ordered by doc_id."""
        with self._lock:
            kept = sorted(self._documents.values(), key=lambda document: document.doc_id)
            return [
                document
                for document in kept
                if (not current_only or self._is_current(document.doc_id))
                and collection in {None, document.collection}
            ]

    def documents_by_source(self, source: str) -> list[Document]:
        """Return the editions of a source, current or not, oldest first."""
        with self._lock:
            return [document for document in self._documents.values() if document.source == source]

    def document(self, doc_id: DocId) -> Document:
        """Return one document, current or not."""
        with self._lock:
            if doc_id not in self._documents:
                raise NotFoundError(f"there is no document {doc_id}")
            return self._documents[doc_id]

    def documents_by_id(self, doc_ids: Sequence[DocId]) -> dict[DocId, Document]:
        """Return the documents that exist among `doc_ids`, current or not."""
        with self._lock:
            return {key: self._documents[key] for key in doc_ids if key in self._documents}

    def page_labels(self, pages: Mapping[DocId, Set[int]]) -> dict[DocId, dict[int, str]]:
        """Return what is printed on the pages, by document and number; of those that exist."""
        with self._lock:
            return {
                doc_id: {
                    n: self._pages[doc_id][n].label
                    for n in sorted(numbers)
                    if n in self._pages[doc_id]
                }
                for doc_id, numbers in pages.items()
                if doc_id in self._pages
            }

    def content(self, doc_id: DocId) -> bytes:
        """Return the bytes that the document was read from."""
        with self._lock:
            self.document(doc_id)
            return self._content[doc_id]

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]:
        """Return pages by number, in order; all of them, or those of `numbers` that exist."""
        with self._lock:
            self.document(doc_id)
            kept = sorted(self._pages[doc_id].items())
        return {number: page for number, page in kept if numbers is None or number in numbers}

    def chunks(self, chunk_ids: Sequence[ChunkId]) -> dict[ChunkId, Chunk]:
        """Return the chunks that exist among `chunk_ids`, in their order."""
        with self._lock:
            return {key: self._chunks[key] for key in chunk_ids if key in self._chunks}

    def chunk_places(self, doc_id: DocId) -> list[ChunkPlace]:
        """Return where the document's chunks stand, in order; none for an unknown document."""
        with self._lock:
            chunks = [chunk for chunk in self._chunks.values() if chunk.doc_id == doc_id]
        chunks.sort(key=lambda chunk: chunk.ordinal)
        return [ChunkPlace(chunk.chunk_id, chunk.spans, chunk.section) for chunk in chunks]

    def current_chunks(self) -> Iterator[Chunk]:
        """Yield the chunks of all current documents, ordered by chunk_id."""
        with self._lock:
            return iter([self._chunks[chunk_id] for chunk_id in self.current_chunk_ids()])

    def current_chunk_ids(self) -> list[ChunkId]:
        """Return the ids of the chunks of all current documents, in order."""
        with self._lock:
            kept = self._chunks.values()
            return sorted(chunk.chunk_id for chunk in kept if self._is_current(chunk.doc_id))

    def page_languages(self) -> dict[DocId, dict[int, str]]:
        """Return the language of each page of the current documents that has one."""
        found: dict[DocId, dict[int, str]] = {}
        with self._lock:
            for doc_id, pages in self._pages.items():
                for number, page in sorted(pages.items()):
                    if page.language and self._is_current(doc_id):
                        found.setdefault(doc_id, {})[number] = page.language
        return found

    def delete(self, doc_id: DocId, *, purge: bool = False) -> Deletion:
        """Remove a document with its bytes, pages and chunks, and the answers that quote it."""
        with self._lock:
            document = self.document(doc_id)
            pages = len(self._pages[doc_id])
            chunks = self._remove(doc_id)
            others = {chunk.embedded_sha256 for chunk in self._chunks.values()}
            embedded = tuple(sorted(self._embedded.pop(doc_id) - others))
            deletion = Deletion(
                doc_id, document.source, document.sha256, pages, chunks, embedded, utc_now()
            )
            debt = Debt(len(self._deletions), deletion, document.collection, purge)
            self._debts[doc_id] = self._deleted[doc_id] = debt
            self._deletions.append(deletion)
            if not self.documents_by_source(document.source):
                self._forget(document.source)
            for answer_id, answer in list(self._receipts.items()):
                if doc_id in documents_quoted(answer):
                    del self._receipts[answer_id]
            return deletion

    def deletions(self) -> list[Deletion]:
        """Return the receipts of all deletions, oldest first."""
        with self._lock:
            return list(self._deletions)

    def debts(self) -> list[Debt]:
        """Return what deletions still owe, oldest first."""
        with self._lock:
            return sorted(self._debts.values(), key=lambda debt: debt.number)

    def last_deletion(self, doc_id: DocId) -> Debt | None:
        """Return a document's last deletion, paid or not; None if there is none."""
        with self._lock:
            return self._deleted.get(doc_id)

    def owe_purge(self, doc_id: DocId) -> None:
        """Make a purge a debt of a document's last deletion."""
        with self._lock:
            last = self._deleted.get(doc_id)
            if last is None:
                raise NotFoundError(f"there is no document {doc_id}")
            self._debts[doc_id] = replace(last, purge=True)

    def settle(self, debt: Debt) -> None:
        """Note that a debt is paid; one that has grown since stays."""
        with self._lock:
            if self._debts.get(debt.deletion.doc_id) == debt:
                del self._debts[debt.deletion.doc_id]

    def rename(self, doc_id: DocId, source: str) -> None:
        """Give a document another source, as whose current document it stays."""
        refuse_unstorable_text("the source of a document", source)
        with self._lock:
            document = self.document(doc_id)
            if document.source == source:
                return
            if self._current.get(document.source) == doc_id:
                del self._current[document.source]
            del self._documents[doc_id]
            self._documents[doc_id] = replace(document, source=source)
            self._current[source] = doc_id
            self._move(document.source, source)

    def create_key(self, key: Key) -> None:
        """Keep a new key."""
        with self._lock:
            live = {k.name: k.key_id for k in self._keys.values() if k.revoked_at is None}
            if key.name in live:
                raise StoreError(f"there is a key named {key.name!r} already: {live[key.name]}")
            self._keys[key.key_id] = key

    def keys(self) -> list[Key]:
        """Return every key, in the order they were made."""
        with self._lock:
            return list(self._keys.values())

    def has_keys(self) -> bool:
        """Return whether a key was ever made."""
        return bool(self._keys)

    def key_of(self, sha256: Sha256) -> Key:
        """Return the key with this checksum."""
        for key in self.keys():
            if key.sha256 == sha256:
                return key
        raise NotFoundError("there is no such key")

    def revoke_key(self, key_id: str) -> Key:
        """Revoke a key from now on; again changes nothing."""
        with self._lock:
            if key_id not in self._keys:
                raise NotFoundError(f"there is no key {key_id}")
            key = self._keys[key_id]
            self._keys[key_id] = replace(key, revoked_at=key.revoked_at or utc_now())
            return self._keys[key_id]

    def keep_receipt(self, answer_id: str, snapshot: str, answer_json: str) -> None:
        """Keep an answer; keeping the same id again changes nothing."""
        for text in (answer_id, snapshot, answer_json):
            refuse_unstorable_text(f"answer {answer_id!r}", text)
        quoted = documents_quoted(answer_json)
        with self._lock:
            deleted = {deletion.doc_id for deletion in self._deletions} - self._documents.keys()
            if answer_id not in self._receipts and quoted & deleted:
                raise NotFoundError(f"answer {answer_id} quotes a document that has been deleted")
            self._receipts.setdefault(answer_id, answer_json)

    def receipt(self, answer_id: str) -> str:
        """Return the answer's JSON."""
        with self._lock:
            if answer_id not in self._receipts:
                raise NotFoundError(f"there is no answer {answer_id}")
            return self._receipts[answer_id]

    def _is_current(self, doc_id: DocId) -> bool:
        return self._current.get(self._documents[doc_id].source) == doc_id

    def _remove(self, doc_id: DocId) -> int:
        """Remove a document but for what it was embedded as; return the number of its chunks."""
        document = self._documents.pop(doc_id, None)
        if document and self._current.get(document.source) == doc_id:
            del self._current[document.source]
        self._content.pop(doc_id, None)
        self._pages.pop(doc_id, None)
        gone = [chunk.chunk_id for chunk in self._chunks.values() if chunk.doc_id == doc_id]
        for chunk_id in gone:
            del self._chunks[chunk_id]
        return len(gone)
