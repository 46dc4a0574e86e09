"""Proof of a statement: making a citation that holds, and checking one made earlier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote as quoted_path

from corpus.chunk import Chunk, text_at
from corpus.document import Document, Page, PageSpan
from corpus.errors import NotFoundError, StoreError
from corpus.ids import DocId, sha256_of
from corpus.source_name import source_name
from corpus.store import Store
from index.values.ranking import Hit
from service.citations.csl_item import csl_item, pages_label
from service.citations.quote import Quote
from service.citations.quote_text import as_one_line
from service.citations.referencing import reference
from service.values.answer import Citation, CitedQuality, RepeatedPassage, Span
from service.values.instruction_like import flags_of


def page_url(base_url: str, doc_id: str, spans: Sequence[PageSpan]) -> str:
    """Return the absolute address that opens the first span's page with the quote marked."""
    first = spans[0]
    marks = "&".join(f"highlight={s.start}-{s.end}" for s in spans if s.page == first.page)
    return f"{base_url.rstrip('/')}/documents/{quoted_path(doc_id)}/pages/{first.page}?{marks}"


def labelled(spans: Sequence[PageSpan], pages: Mapping[int, Page]) -> tuple[Span, ...]:
    """Return the spans with the printed label of each page."""
    return tuple(Span(s.page, pages[s.page].label, s.start, s.end) for s in spans)


def cited_quality(spans: Sequence[PageSpan], pages: Mapping[int, Page]) -> CitedQuality:
    """Return the quality of the worst of the pages that the spans stand on."""
    worst = max((pages[span.page].quality for span in spans), key=lambda each: each.grade)
    return CitedQuality(worst.grade, worst.source)


@dataclass(frozen=True, slots=True)
class Citer:
    """Makes citations that are checked against the stored pages before they are given out.

    `shown_titles` are those of documents that share their title with another one.
    """

    store: Store
    base_url: str
    shown_titles: Mapping[DocId, str] = field(default_factory=dict)

    def title_of(self, document: Document) -> str:
        """Return the title by which a document is shown."""
        return self.shown_titles.get(document.doc_id, document.title)

    def pages_of(self, chunk: Chunk) -> dict[int, Page]:
        """Return the pages that the chunk stands on."""
        return self.store.pages(chunk.doc_id, sorted({span.page for span in chunk.spans}))

    def cite(self, number: int, chunk: Chunk, document: Document, start: int, end: int) -> Citation:
        """Return the citation of `chunk.text[start:end]`.

        Raises: StoreError if the stored pages do not hold these words at this place. A quote that
        cannot be proved is never given out.
        """
        pages = self.pages_of(chunk)
        spans = chunk.spans_of(start, end)
        quote = chunk.text[start:end]
        held = text_at(spans, pages)
        if held != quote:
            raise StoreError(
                f"Document {document.doc_id}: found {held[:60]!r} on page {spans[0].page} where "
                f"chunk {chunk.chunk_id} says {quote[:60]!r}. Ingest {document.source} again."
            )
        return Citation(
            number=number,
            passage_id=chunk.chunk_id,
            doc_id=document.doc_id,
            title=self.title_of(document),
            source=source_name(document.source),
            collection=document.collection,
            metadata=public_metadata(document),
            section=chunk.section,
            spans=labelled(spans, pages),
            quote=quote,
            quote_sha256=sha256_of(quote),
            document_sha256=document.sha256,
            url=page_url(self.base_url, document.doc_id, spans),
            flags=flags_of(quote),
            quality=cited_quality(spans, pages),
            reference=reference(
                csl_item(document),
                "chicago",
                pages_label([pages[span.page].label for span in spans]),
            ).cited,
            language=pages[spans[0].page].language or document.language,
        )

    def repeated(self, quoted: Quote, hits: Sequence[Hit]) -> tuple[RepeatedPassage, ...]:
        """Return the first passage of each other document that says a sentence in its words.

        Only passages that were found are looked at.
        """
        said = as_one_line(quoted.text).casefold()
        found: dict[DocId, RepeatedPassage] = {}
        for hit in hits:
            chunk = hit.chunk
            if chunk.doc_id == quoted.chunk.doc_id or chunk.doc_id in found:
                continue
            for start, end in chunk.sentences:
                if as_one_line(chunk.text[start:end]).casefold() == said:
                    found[chunk.doc_id] = self._repeated(chunk, start, end)
                    break
        return tuple(found.values())

    def _repeated(self, chunk: Chunk, start: int, end: int) -> RepeatedPassage:
        spans = chunk.spans_of(start, end)
        return RepeatedPassage(
            passage_id=chunk.chunk_id,
            doc_id=chunk.doc_id,
            title=self.title_of(self.store.document(chunk.doc_id)),
            spans=labelled(spans, self.pages_of(chunk)),
            url=page_url(self.base_url, chunk.doc_id, spans),
        )


def public_metadata(document: Document) -> dict[str, str]:
    """Return the document's metadata with publisher, date and language where they are known."""
    fields = {
        "publisher": document.publisher,
        "date": document.date,
        "language": document.language,
    }
    return {k: v for k, v in fields.items() if v is not None} | dict(document.metadata)


def documents_of(store: Store, doc_ids: Sequence[DocId]) -> dict[DocId, Document]:
    """Return the documents by id, read at once. Raises: NotFoundError."""
    wanted = list(dict.fromkeys(doc_ids))
    found = store.documents_by_id(wanted)
    return {doc_id: found.get(doc_id) or store.document(doc_id) for doc_id in wanted}


def labels_of(store: Store, chunks: Sequence[Chunk]) -> dict[DocId, dict[int, str]]:
    """Return the printed label of each page that the chunks stand on, by document and number.

    Raises: NotFoundError for a deleted document.
    """
    pages: dict[DocId, set[int]] = {}
    for chunk in chunks:
        pages.setdefault(chunk.doc_id, set()).update(span.page for span in chunk.spans)
    found = store.page_labels(pages)
    gone = next((doc_id for doc_id in pages if doc_id not in found), None)
    if gone is not None:
        raise NotFoundError(f"there is no document {gone}")
    return found
