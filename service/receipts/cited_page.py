"""The page of a citation as a PDF of its own, the quote highlighted."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpus.document import Document, Page
from corpus.errors import InputError, NotFoundError
from corpus.ids import DocId
from ingest.pages.excerpting import Excerpt
from ingest.pages.marking import Marks
from service.citations.page import PDF, Draws, Highlights, Pages, page_of
from service.receipts.verifying import Documents, SavedCitation, saved_answer, verdict_of
from service.values.verification import Verification


class CitedPages(Pages, Protocol):
    """Where a citation's pages are taken from."""

    def documents(self) -> list[Document]:
        """Return the current documents."""
        ...


def page_pdf(
    store: Pages, draws: Draws, doc_id: DocId, number: int, highlights: Sequence[str]
) -> bytes:
    """Return one page of a PDF as a PDF, the `start-end` ranges of its text highlighted.

    Raises: NotFoundError if the document is no PDF, InputError, PasswordError, ReadError.
    """
    page = page_of(store, doc_id, number)
    ranges = Highlights.parse(highlights, page).ranges
    document = _pdf(store, doc_id)
    return _excerpt(store, draws, document, {number: page}, {number: ranges})


def checked_citation(
    answer: Mapping[str, object], number: int, store: Documents
) -> tuple[SavedCitation, Verification]:
    """Return a citation of a saved answer, and where it stands now.

    Raises: InputError if `answer` is none or has no such citation, NotFoundError for a quote that
    stands nowhere any more.
    """
    citation = _citation(answer, number)
    verdict = verdict_of(citation, store)
    if verdict.verdict in {"altered", "gone"}:
        raise NotFoundError(f"Citation {number} is {verdict.verdict}: {verdict.detail}")
    return citation, verdict


def cited_pdf(
    citation: SavedCitation, verdict: Verification, store: CitedPages, draws: Draws
) -> bytes:
    """Return the pages that a citation stands on as a PDF, its quote highlighted.

    Raises: NotFoundError if the document is no PDF, PasswordError, ReadError.
    """
    doc_id = DocId(verdict.found_doc_id or citation.doc_id)
    ranges: dict[int, list[tuple[int, int]]] = {}
    for span in verdict.found_spans or citation.spans:
        ranges.setdefault(span.page, []).append((span.start, span.end))
    document = _pdf(store, doc_id)
    marked = {page: tuple(found) for page, found in ranges.items()}
    return _excerpt(store, draws, document, store.pages(doc_id, sorted(ranges)), marked)


def _citation(answer: Mapping[str, object], number: int) -> SavedCitation:
    found = saved_answer(answer).proofs
    for citation in found:
        if citation.number == number:
            return citation
    numbers = ", ".join(str(citation.number) for citation in found) or "none"
    raise InputError(f"The answer has no citation {number}; it has {numbers}.")


def _pdf(store: Pages, doc_id: DocId) -> Document:
    document = store.document(doc_id)
    if document.media_type != PDF:
        raise NotFoundError(
            f"Document {doc_id} is {document.media_type} and has no pages as PDF; the file is at "
            f"/v1/documents/{doc_id}/file."
        )
    return document


def _excerpt(
    store: Pages,
    draws: Draws,
    document: Document,
    pages: Mapping[int, Page],
    ranges: Mapping[int, tuple[tuple[int, int], ...]],
) -> bytes:
    wanted = [
        Excerpt(n, page.label, Marks(ranges[n], page.quality.source, page.text))
        for n, page in sorted(pages.items())
    ]
    named = " and ".join(page.label for page in pages.values())
    title = f"{document.title}, page {named}"
    return draws.excerpt(store.content(document.doc_id), wanted, title)
