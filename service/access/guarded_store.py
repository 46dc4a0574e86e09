"""The store as an access may change it; every change of a document goes through here."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Self

from corpus.chunk import Chunk
from corpus.document import Document, Page
from corpus.errors import ForbiddenError, NotFoundError
from corpus.ids import DocId
from corpus.source_name import source_name
from corpus.store import Deletion
from corpus.stores.database import Database
from corpus.stores.sql_store import SqlStore
from corpus.stores.storable import readable
from service.access.access import EVERYTHING, Access

Changing = Callable[[], AbstractContextManager[None]]


class GuardedStore(SqlStore):
    """The store, whose changes need both collections: where a document is and where it will be.

    Reads are of everything: an ingest has to know what is there. What a sender may be told is
    `SeenStore`'s. Open it under the writer's lock, or with `changing`, which holds that lock for
    each change, so that nothing moves between check and change.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._access = EVERYTHING
        self._changing: Changing = nullcontext

    @classmethod
    def open(
        cls,
        url: str,
        *,
        read_only: bool = False,
        make: bool = True,
        access: Access = EVERYTHING,
        changing: Changing = nullcontext,
    ) -> Self:
        """Return the store at a SQLAlchemy address, for one access. Raises: StoreError."""
        store = super().open(url, read_only=read_only, make=make)
        store._access = access
        store._changing = changing
        return store

    def document_to_change(self, doc_id: DocId) -> Document:
        """Return a document. Raises: NotFoundError, also for one of another collection."""
        document = self.document(doc_id)
        if not self._access.sees(document.collection):
            raise NotFoundError(f"there is no document {doc_id}")
        return document

    def add(
        self,
        document: Document,
        content: bytes,
        pages: Sequence[Page],
        chunks: Sequence[Chunk],
        *,
        again: bool = False,
    ) -> None:
        """Keep a document. Raises: ForbiddenError if its place or its source is another's."""
        self._access.require_collection(document.collection)
        with self._changing():
            self._require_place(document.doc_id, document.source)
            super().add(document, content, pages, chunks, again=again)

    def delete(self, doc_id: DocId, *, purge: bool = False) -> Deletion:
        """Remove a document. Raises: NotFoundError."""
        with self._changing():
            self.document_to_change(doc_id)
            return super().delete(doc_id, purge=purge)

    def deletion_to_finish(self, doc_id: DocId) -> Deletion:
        """Return the receipt of a document's last deletion, complete or not.

        Raises: NotFoundError if there is none, also for one of another collection.
        """
        found = self.last_deletion(doc_id)
        if found is None or not self._access.sees(found.collection):
            raise NotFoundError(f"there is no document {doc_id}")
        return found.deletion

    def rename(self, doc_id: DocId, source: str) -> None:
        """Give a document another source. Raises: NotFoundError; ForbiddenError as `add`."""
        with self._changing():
            self.document_to_change(doc_id)
            self._require_place(doc_id, source)
            super().rename(doc_id, source)

    def edit(self, source: str, changes: Mapping[str, str | None]) -> None:
        """Keep values said by hand. Raises: ForbiddenError for a source or collection of another.

        An edited collection is taken back only by an access to all: where the document was before
        is found when it is read again.
        """
        with self._changing():
            self._require_source(source)
            self._require_collections(source, changes)
            super().edit(source, changes)

    def _require_collections(self, source: str, changes: Mapping[str, str | None]) -> None:
        if "collection" not in changes:
            return
        collection = changes["collection"]
        if collection is not None:
            self._access.require_collection(readable(collection))
        elif "collection" in self.edits().get(source, {}) and not self._access.is_of_all:
            raise ForbiddenError(
                f"Key {self._access.key_id} is for some collections only, and the document may "
                "have come from another. Send the name of the collection that it is to be in, "
                "or use a key of all collections."
            )

    def _require_place(self, doc_id: DocId, source: str) -> None:
        found = self.documents_by_id([doc_id]).get(doc_id)
        if found is not None and not self._access.sees(found.collection):
            raise self._taken(source)
        self._require_source(source)

    def _require_source(self, source: str) -> None:
        if self._access.is_of_all:
            return
        current = (each for each in self.documents() if each.source == source)
        if not all(self._access.sees(each.collection) for each in current):
            raise self._taken(source)

    def _taken(self, source: str) -> ForbiddenError:
        return ForbiddenError(
            f"{source_name(source)} is in a collection that key {self._access.key_id} is not for. "
            "Use another name, or a key of that collection."
        )
