"""Documents, pages and hits with nothing in them but what a test looks at."""

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageSpan
from corpus.ids import ChunkId, DocId, Fingerprint, Sha256
from index.values.ranking import Hit, Scores


def document(title: str) -> Document:
    return Document(
        doc_id=DocId("d1"),
        sha256=Sha256("0" * 64),
        source="one.txt",
        title=title,
        collection="default",
        media_type="text/plain",
        reading=Fingerprint("f"),
        pages=1,
    )


def page(text: str) -> Page:
    return Page(1, "1", text)


def chunk(text: str, chunk_id: str = "c1", doc_id: str = "d1") -> Chunk:
    return Chunk(
        chunk_id=ChunkId(chunk_id),
        doc_id=DocId(doc_id),
        ordinal=0,
        spans=(PageSpan(1, 0, len(text)),),
        text=text,
        sentences=((0, len(text)),),
        search_text=text,
        context="",
    )


def hit(chunk_id: str, doc_id: str, score: float, rank: int) -> Hit:
    found = chunk("Words.", chunk_id, doc_id)
    return Hit(found.chunk_id, score, rank, Scores(), found)
