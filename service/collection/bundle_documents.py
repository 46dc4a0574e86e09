"""The documents of a bundle as `verify` and `ask` look them up, without a store."""

from collections.abc import Callable

from corpus.document import Document, Page
from corpus.errors import NotFoundError
from corpus.ids import DocId
from service.collection.bundle import BundleFile, Packed


class BundleDocuments:
    """The documents of a bundle, looked up without a store. Each is read when it is asked for.

    `as_read` gives a document's pages as they count: as bundled, or read again from its bytes.
    """

    def __init__(self, bundle: BundleFile, as_read: Callable[[Packed, bytes], Packed]) -> None:
        self._bundle = bundle
        self._as_read = as_read
        self._ids = bundle.doc_ids

    def documents(self) -> list[Document]:
        """Return the documents ordered by doc_id."""
        return [self.document(doc_id) for doc_id in self._ids]

    def document(self, doc_id: DocId) -> Document:
        """Return one document. Raises: NotFoundError."""
        return self._packed(doc_id).document

    def pages(self, doc_id: DocId) -> dict[int, Page]:
        """Return the pages by number. Raises: NotFoundError."""
        packed = self._packed(doc_id)
        found = self._as_read(packed, self._bundle.content(packed.document))
        return {page.number: page for page in found.pages}

    def _packed(self, doc_id: DocId) -> Packed:
        if doc_id not in self._ids:
            raise NotFoundError(f"there is no document {doc_id} in the bundle")
        return self._bundle.packed(doc_id)
