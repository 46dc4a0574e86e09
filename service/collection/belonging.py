"""What belongs to a document, and what it belongs to, for those who look at it."""

from typing import TypedDict

from corpus.document import Document
from corpus.store import Store
from index.documents.indexed_document import IndexedDocument
from index.documents.wholes import Wholes


class Belonging(TypedDict):
    """The whole that a document is a part of, its own parts, and other parts without a whole."""

    belongs_to: str | None
    parts: list[str]
    siblings: list[str]


def belonging_of(document: Document, store: Store) -> Belonging:
    """Return the ids of the current documents of the same report."""
    near = store.documents(collection=document.collection)
    wholes = Wholes.of(IndexedDocument.of(each) for each in near)
    return Belonging(
        belongs_to=wholes.whole_of.get(document.doc_id),
        parts=list(wholes.parts_of(document.doc_id)),
        siblings=list(wholes.siblings.get(document.doc_id, ())),
    )
