"""What a snapshot keeps of a document: enough to filter by, and to tell which one is meant."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from corpus.document import Document
from corpus.ids import DocId


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """The fields of a Document that questions and filters can name.

    Not its source: the same reports in another folder give the same snapshot.
    """

    doc_id: DocId
    title: str
    collection: str
    publisher: str | None = None
    date: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> "IndexedDocument":
        """Return what is indexed of a document."""
        return cls(
            document.doc_id,
            document.title,
            document.collection,
            document.publisher,
            document.date,
            document.language,
            dict(document.metadata),
        )

    def to_json(self) -> dict[str, object]:
        """Return the document as JSON values."""
        return asdict(self)


def read_documents(text: str) -> Sequence[IndexedDocument]:
    """Return the documents that a snapshot's `documents.json` lists, in order."""
    return [IndexedDocument(**fields) for fields in json.loads(text)]
