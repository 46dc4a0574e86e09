"""What the store holds already, looked up once and kept up to date while files come in."""

from collections.abc import Iterable, Mapping

from corpus.document import Document
from corpus.ids import DocId, Fingerprint, Sha256
from corpus.store import Store
from ingest.metadata.describing import EDIT, FIELDS, PASSED_OVER, Description
from ingest.pipeline.settings import is_as_read_now


class StoredDocuments:
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

    def with_bytes(self, sha256: Sha256, collection: str) -> Document | None:
        """Return a current document of a collection that has these bytes."""
        found = (each for each in self._current.values() if each.sha256 == sha256)
        return next((each for each in found if each.collection == collection), None)

    def is_elsewhere(self, collection: str, source: str, doc_id: DocId) -> bool:
        """Tell whether a source, or the place of a document, is of another collection by now."""
        held = (self.current_of(source), self._by_id.get(doc_id))
        return any(each is not None and each.collection != collection for each in held)

    def keep(self, document: Document) -> None:
        """Note that a document was stored."""
        before = self._by_id.get(document.doc_id)
        if before is not None and self._current.get(before.source) == before:
            del self._current[before.source]
        self._by_id[document.doc_id] = document
        self._current[document.source] = document


def agrees(document: Document, wanted: Description, reading: Fingerprint) -> bool:
    """Tell whether a stored document is as it would be if it were ingested again."""
    edits = {
        name: value for name, value in wanted.values.items() if wanted.provenance[name] == EDIT
    }
    return (
        is_as_read_now(document.reading, reading)
        and has_edits(document, edits)
        and all(_has(document, name, value) for name, value in wanted.values.items())
    )


def has_edits(document: Document, edits: Mapping[str, str]) -> bool:
    """Tell whether a stored document says what was said by hand, and nothing taken back since."""
    stored = {name for name, origin in document.provenance.items() if origin == EDIT}
    return stored == set(edits) and all(value_of(document, k) == v for k, v in edits.items())


def value_of(document: Document, name: str) -> str | None:
    """Return a field or a metadata value of a document by its name."""
    if name in FIELDS:
        value: str | None = getattr(document, name)
        return value
    return document.metadata.get(name)


def _has(document: Document, name: str, value: str) -> bool:
    """Tell whether a document has a value, or it is the title that was passed over."""
    passed_over = document.provenance.get(PASSED_OVER) if name == "title" else None
    return value in (value_of(document, name), passed_over)


def _by_source(documents: Iterable[Document]) -> dict[str, Document]:
    return {document.source: document for document in documents}
