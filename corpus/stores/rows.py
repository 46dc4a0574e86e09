"""Documents, pages, chunks, deletions and jobs as rows of the tables, and back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar

from sqlalchemy import RowMapping

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageQuality, PageSpan
from corpus.ids import ChunkId, DocId, Fingerprint, Sha256
from corpus.store import Deletion, Job

Row = dict[str, object]
Item = TypeVar("Item")

# The columns of a page's quality that are called as its fields are.
QUALITY = tuple(f.name for f in fields(PageQuality) if f.name != "source")

# A statement names at most this many values: SQLite allows 32,766, PostgreSQL 65,535.
BATCH = 500


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the items in order, at most BATCH at a time."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def row_of_document(document: Document, *, added: int) -> Row:
    """Return the row of a current document."""
    return {
        "doc_id": document.doc_id,
        "sha256": document.sha256,
        "source": document.source,
        "title": document.title,
        "collection": document.collection,
        "media_type": document.media_type,
        "reading": document.reading,
        "pages": document.pages,
        "publisher": document.publisher,
        "date": document.date,
        "language": document.language,
        "metadata": dict(document.metadata),
        "provenance": dict(document.provenance),
        "partial": document.partial,
        "is_current": True,
        "added": added,
    }


def document_of(row: RowMapping) -> Document:
    """Return the document of a row."""
    return Document(
        doc_id=DocId(row["doc_id"]),
        sha256=Sha256(row["sha256"]),
        source=row["source"],
        title=row["title"],
        collection=row["collection"],
        media_type=row["media_type"],
        reading=Fingerprint(row["reading"]),
        pages=row["pages"],
        publisher=row["publisher"],
        date=row["date"],
        language=row["language"],
        metadata=row["metadata"],
        provenance=row["provenance"],
        partial=row["partial"],
    )


def row_of_page(doc_id: DocId, page: Page) -> Row:
    """Return the row of a page."""
    quality = asdict(page.quality)
    return {
        "doc_id": doc_id,
        "number": page.number,
        "label": page.label,
        "text": page.text,
        "language": page.language,
        "text_source": quality.pop("source"),
        **quality,
    }


def page_of(row: RowMapping) -> Page:
    """Return the page of a row."""
    return Page(row["number"], row["label"], row["text"], quality_of(row), row["language"])


def quality_of(row: RowMapping) -> PageQuality:
    """Return the quality of a page's row."""
    return PageQuality(source=row["text_source"], **{name: row[name] for name in QUALITY})


def row_of_chunk(chunk: Chunk) -> Row:
    """Return the row of a chunk."""
    return {
        "chunk_id": chunk.chunk_id,
        "doc_id": chunk.doc_id,
        "ordinal": chunk.ordinal,
        "spans": [[span.page, span.start, span.end] for span in chunk.spans],
        "text": chunk.text,
        "sentences": [list(sentence) for sentence in chunk.sentences],
        "search_text": chunk.search_text,
        "context": chunk.context,
        "section": list(chunk.section),
        "embedded_sha256": chunk.embedded_sha256,
    }


def chunk_of(row: RowMapping) -> Chunk:
    """Return the chunk of a row."""
    return Chunk(
        chunk_id=ChunkId(row["chunk_id"]),
        doc_id=DocId(row["doc_id"]),
        ordinal=row["ordinal"],
        spans=tuple(PageSpan(*span) for span in row["spans"]),
        text=row["text"],
        sentences=tuple((start, end) for start, end in row["sentences"]),
        search_text=row["search_text"],
        context=row["context"],
        section=tuple(row["section"]),
    )


def row_of_deletion(deletion: Deletion) -> Row:
    """Return the row of a deletion."""
    return {
        "doc_id": deletion.doc_id,
        "source": deletion.source,
        "document_sha256": deletion.document_sha256,
        "pages": deletion.pages,
        "chunks": deletion.chunks,
        "embedded_sha256s": list(deletion.embedded_sha256s),
        "deleted_at": deletion.deleted_at,
    }


def deletion_of(row: RowMapping) -> Deletion:
    """Return the deletion of a row."""
    values: Mapping[str, Any] = {field: row[field] for field in Deletion.__slots__}
    return Deletion(**{**values, "embedded_sha256s": tuple(row["embedded_sha256s"])})


def job_of(row: RowMapping) -> Job:
    """Return the job of a row."""
    values: Mapping[str, Any] = {field: row[field] for field in Job.__slots__}
    return Job(**values)
