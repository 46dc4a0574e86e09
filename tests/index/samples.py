"""Small collections for the tests of the index."""

from collections.abc import Mapping, Sequence

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageSpan
from corpus.ids import Fingerprint, chunk_id_of, doc_id_of, sha256_of
from corpus.stores.memory_store import MemoryStore

READING = Fingerprint("reading-of-the-samples")

REPORTS: Mapping[str, Sequence[str]] = {
    "Almaty Process summary": (
        "The Almaty Process plans to cooperate with the Budapest Process and the Prague Process.",
        "Its secretariat is hosted by the International Organization for Migration.",
        "Forty-six States sent back the questionnaire.",
    ),
    "Colombo Process review": (
        "The Colombo Process brings together labour-sending countries of Asia.",
        "Ministers met in Kathmandu and adopted a declaration.",
        "The secretariat rotates among the member States.",
    ),
    "Cat care handbook": (
        "Cats sleep most of the day.",
        "A cat needs fresh water and a quiet place.",
    ),
}


def sample_document(title: str, **fields: str | None) -> Document:
    """Return a document whose id is made from its title."""
    sha256 = sha256_of(title)
    return Document(
        doc_id=doc_id_of(sha256),
        sha256=sha256,
        source=f"{title}.pdf",
        title=title,
        collection=fields.get("collection") or "samples",
        media_type="application/pdf",
        reading=READING,
        pages=1,
        publisher=fields.get("publisher"),
        date=fields.get("date"),
        language=fields.get("language"),
    )


def sample_chunks(document: Document, texts: Sequence[str]) -> tuple[Page, list[Chunk]]:
    """Return one page that holds the texts and one chunk for each."""
    chunks, start = [], 0
    for ordinal, text in enumerate(texts):
        span = PageSpan(1, start, start + len(text))
        start += len(text)
        chunk_id = chunk_id_of(document.doc_id, ((1, span.start, span.end),), text)
        chunks.append(
            Chunk(
                chunk_id=chunk_id,
                doc_id=document.doc_id,
                ordinal=ordinal,
                spans=(span,),
                text=text,
                sentences=((0, len(text)),),
                search_text=text,
                context=document.title,
            )
        )
    return Page(1, "1", "".join(texts)), chunks


def sample_store(
    reports: Mapping[str, Sequence[str]] = REPORTS, **fields: str | None
) -> MemoryStore:
    """Return a store with one document for each title."""
    store = MemoryStore()
    for title, texts in reports.items():
        document = sample_document(title, **fields)
        page, chunks = sample_chunks(document, texts)
        store.add(document, title.encode(), [page], chunks)
    return store
