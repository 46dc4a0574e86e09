"""What the store holds already, looked up once and kept up to date while files come in."""

from collections.abc import Iterable

from corpus.document import Document
from corpus.ids import DocId, Fingerprint
from corpus.store import Store
from ingest.source import Fields


class Known:
    """The documents of a store by id, and the current one of each source."""

    def __init__(self, store: Store) -> None:
        self._by_id = {
            document.doc_id: document for document in store.documents(current_only=False)
        }
        self._current = _by_source(store.documents())

    def current_of(self, source: str) -> Document | None:
        """Return the current document of a source."""
        return self._current.get(source)

    def current(self, doc_id: DocId) -> Document | None:
        """Return the document if it is the current one of its source."""
        document = self._by_id.get(doc_id)
        if document is None or self.current_of(document.source) != document:
            return None
        return document

    def keep(self, document: Document) -> None:
        """Note that a document was stored."""
        before = self._by_id.get(document.doc_id)
        if before is not None and self._current.get(before.source) == before:
            del self._current[before.source]
        self._by_id[document.doc_id] = document
        self._current[document.source] = document


def agrees(document: Document, fields: Fields, reading: Fingerprint) -> bool:
    """Tell whether a stored document is as it would be if it were ingested again."""
    wanted = {
        "title": fields.title,
        "publisher": fields.publisher,
        "date": fields.date,
        "language": fields.language,
        "collection": fields.collection,
    }
    return (
        document.reading == reading
        and all(value is None or getattr(document, name) == value for name, value in wanted.items())
        and fields.metadata.items() <= document.metadata.items()
    )


def _by_source(documents: Iterable[Document]) -> dict[str, Document]:
    return {document.source: document for document in documents}
