"""Notes as a PDF: the cited pages themselves, each quote highlighted, the notes as comments."""

from collections.abc import Sequence
from typing import Protocol

from corpus.errors import NotFoundError
from corpus.ids import DocId
from ingest.pages.joining import Part
from service.citations.page import PDF, Draws
from service.keeping.keeping import SeenDocuments
from service.keeping.records import NoteRecord, QuoteRecord
from service.receipts.cited_page import cited_pdf

MOST_PAGES = 200


class Joins(Draws, Protocol):
    """What takes pages out and joins them: ingest's workers."""

    def joined(self, parts: Sequence[Part], title: str) -> bytes:
        """Return the parts as one PDF. Raises: ReadError."""
        ...


def as_pdf(
    records: Sequence[NoteRecord], title: str, documents: SeenDocuments, draws: Joins
) -> bytes:
    """Return the pages of the quotes that still stand, each with its reference and its note.

    Documents that are no PDFs have no such page, and are left out; so is what is beyond
    MOST_PAGES. Raises: NotFoundError if nothing is left, ReadError.
    """
    parts: list[Part] = []
    for record in records:
        for each in record.quotes:
            if len(parts) < MOST_PAGES and _has_page(each, documents):
                content = cited_pdf(each.citation, each.verification, documents, draws)
                comment = "\n\n".join(filter(None, (record.note.note, each.cited)))
                parts.append(Part(content, each.cited, comment))
    if not parts:
        raise NotFoundError(
            "No quote of the notebook stands on the page of a PDF. Save it as Word or Markdown."
        )
    return draws.joined(parts, title)


def _has_page(each: QuoteRecord, documents: SeenDocuments) -> bool:
    if each.verification.verdict not in {"ok", "moved"}:
        return False
    doc_id = DocId(each.verification.found_doc_id or each.citation.doc_id)
    return documents.document(doc_id).media_type == PDF
