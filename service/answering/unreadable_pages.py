"""Whether the pages that a question points to could not be read."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from corpus.document import Document, Page
from corpus.ids import DocId
from corpus.store import Store
from index.values.ranking import QueryInterpretation
from service.answering.names import missing_share

_PAGE_ASKED = re.compile(r"\b(?:page|p\.)\s*(\d+|[ivxlc]+)\b", re.IGNORECASE)
_HALF = 0.5
_FEWEST_WORDS = 2


def points_to_unreadable(
    question: str, understood: QueryInterpretation, store: Store, collections: Sequence[str] | None
) -> bool:
    """Return whether a question points to pages without readable text.

    It does if it names a page of a document, and that page is one; if it names a document of whose
    pages at least half are; or if it holds all words of the title, or of the file's name, of a
    document that has no text at all.
    """
    for doc_id in understood.documents:
        if _is_unread(question, store.pages(DocId(doc_id))):
            return True
    return any(
        _is_titled(question, document) and _is_unread(question, store.pages(document.doc_id))
        for document in store.documents()
        if collections is None or document.collection in collections
    )


def _is_unread(question: str, pages: dict[int, Page]) -> bool:
    unreadable = [page for page in pages.values() if page.quality.grade == "D"]
    asked = {found.casefold() for found in _PAGE_ASKED.findall(question)}
    if any(page.label.casefold() in asked or str(page.number) in asked for page in unreadable):
        return True
    return bool(pages) and len(unreadable) >= _HALF * len(pages)


def _is_titled(question: str, document: Document) -> bool:
    """Return whether all words of three letters or more of a title, two or more, are asked."""
    for name in (document.title, PurePath(document.source).stem):
        words = [word for word in re.findall(r"[^\W_]+", name) if len(word) >= 3]
        if len(words) >= _FEWEST_WORDS and not missing_share(words, question):
            return True
    return False
