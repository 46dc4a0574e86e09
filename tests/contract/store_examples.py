"""Documents, pages and chunks to put into a store."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageQuality, PageSpan
from corpus.ids import DocId, Fingerprint, chunk_id_of, doc_id_of, sha256_of

# What a store keeps: any Unicode but NUL and lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
integers = st.integers(0, 2**31 - 1)


def a_document(
    name: str = "report", *, source: str | None = None, collection: str = "briefs", pages: int = 1
) -> Document:
    """Return a document whose bytes are its name."""
    sha256 = sha256_of(name)
    return Document(
        doc_id=doc_id_of(sha256),
        sha256=sha256,
        source=source or f"{name}.pdf",
        title=f"The {name}",
        collection=collection,
        media_type="application/pdf",
        reading=Fingerprint("reading-1"),
        pages=pages,
        publisher="IOM",
        date="2019-05",
        language="en",
        metadata={"region": "Asia"},
    )


def a_page(text: str, number: int = 1) -> Page:
    """Return a page of good quality."""
    return Page(number, str(number), text, PageQuality("A", "layer", len(text)))


def a_chunk(doc_id: DocId, text: str, ordinal: int = 0, *, page: int = 1) -> Chunk:
    """Return a chunk of one sentence, the whole text of a page."""
    spans = ((page, 0, len(text)),)
    return Chunk(
        chunk_id=chunk_id_of(doc_id, spans, text),
        doc_id=doc_id,
        ordinal=ordinal,
        spans=(PageSpan(*spans[0]),),
        text=text,
        sentences=((0, len(text)),),
        search_text=text,
        context="Title › Section",
        section=("1. Section",),
    )


def chunks_of(document: Document, words: Sequence[str]) -> list[Chunk]:
    """Return one chunk a page, the page's text a word."""
    return [
        a_chunk(document.doc_id, word, ordinal, page=ordinal + 1)
        for ordinal, word in enumerate(words)
    ]


def pages_of(words: Sequence[str]) -> list[Page]:
    """Return one page a word."""
    return [a_page(word, number) for number, word in enumerate(words, start=1)]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a document of one fixed id with any texts."""
    return replace(
        a_document(),
        source=draw(texts),
        title=draw(texts),
        collection=draw(texts),
        publisher=draw(st.none() | texts),
        date=draw(st.none() | texts),
        language=draw(st.none() | texts),
        metadata=draw(st.dictionaries(texts, texts, max_size=3)),
        partial=draw(st.none() | texts),
    )


qualities = st.builds(
    PageQuality,
    st.sampled_from(["A", "B", "C", "D"]),
    st.sampled_from(["layer", "ocr", "recovered", "none"]),
    integers,
    st.none() | texts,
    st.booleans(),
    *[st.none() | st.floats(0, 1)] * 4,
    st.none() | integers,
    *[integers] * 3,
)
pages = st.lists(
    st.builds(Page, st.integers(1, 9999), texts, texts, qualities),
    max_size=4,
    unique_by=lambda page: page.number,
)
spans = st.builds(
    lambda page, start, length: PageSpan(page, start, start + length),
    st.integers(1, 9999),
    integers,
    st.integers(1, 9999),
)
chunks = st.lists(
    st.builds(
        Chunk,
        st.uuids().map(lambda uuid: f"c{uuid.hex[:20]}"),
        st.just(a_document().doc_id),
        integers,
        st.lists(spans, max_size=3).map(tuple),
        texts,
        st.lists(st.tuples(integers, integers), max_size=3).map(tuple),
        texts,
        texts,
        st.lists(texts, max_size=3).map(tuple),
    ),
    max_size=4,
    unique_by=lambda chunk: chunk.chunk_id,
)
