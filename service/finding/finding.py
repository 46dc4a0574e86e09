"""Terms in, every mention of them out: over the text of all pages, not over what ranks first."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.chunk import ChunkPlace
from corpus.document import Document, Page, PageSpan
from corpus.errors import InputError
from corpus.ids import DocId, sha256_of
from corpus.source_name import source_name
from corpus.store import Store
from index.aliases.alias import Aliases
from index.documents.filters import Filters
from index.documents.indexed_document import IndexedDocument
from service.citations.citing import cited_quality, labelled, page_url, public_metadata
from service.finding.mentions.scanning import mentions_in
from service.finding.mentions.term import TermForm, checked_term, term_form
from service.values.answer import Citation
from service.values.find import (
    AmbiguousTerm,
    Coverage,
    Find,
    FoundDocument,
    Mention,
    SearchedForm,
    UnreadablePage,
)

MOST_TERMS = 100
_EXCERPT_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class FindRequest:
    """What to find, and where.

    `filters` are as in a question, `collection` one more of them; `exact` leaves out inflections
    and other names. `collections` are those that may be looked into: the others are as if they
    were not there. None is all of them.
    """

    terms: tuple[str, ...]
    filters: tuple[str, ...] = ()
    collection: str | None = None
    exact: bool = False
    collections: tuple[str, ...] | None = None

    @property
    def all_filters(self) -> tuple[str, ...]:
        """The filters, with that on the collection."""
        return (*self.filters, f"collection={self.collection}") if self.collection else self.filters


def find(
    store: Store, request: FindRequest, *, base_url: str, aliases: Aliases | None = None
) -> Find:
    """Return every mention of the terms in the current documents.

    Each page with text is searched; those without are named in the coverage. A term's other names
    count as the term.

    Raises: QuestionError for a term that names nothing, InputError for none or too many terms,
    FilterError for a key that no document has.
    """
    terms = checked_terms(request.terms)
    permitted = _permitted(store, request)
    if request.collections is not None and aliases is not None:
        aliases = aliases.learned_from({document.doc_id for document in permitted})
    names = _names(terms, (aliases or Aliases()) if not request.exact else Aliases())
    forms = _Forms(names, exact=request.exact)
    searched = _searched(permitted, Filters.parse(request.all_filters))
    documents: list[FoundDocument] = []
    mentions: list[Mention] = []
    coverage = _CoverageCount()
    for document in searched:
        pages = store.pages(document.doc_id)
        coverage.add(document.doc_id, pages)
        found = [
            (term, spans)
            for term in terms
            for spans in mentions_in(pages, forms.of(term, document))
        ]
        counts = dict.fromkeys(terms, 0)
        for term, _ in found:
            counts[term] += 1
        documents.append(FoundDocument(document.doc_id, document.title, counts))
        if found:
            cite = _Citer(document, pages, store.chunk_places(document.doc_id), base_url)
            mentions += [cite.mention(term, spans) for term, spans in found]
    numbered = tuple(_numbered(mentions))
    return Find(
        terms,
        tuple(documents),
        numbered,
        coverage.total(),
        tuple(SearchedForm(term, name) for term, others in names.items() for name in others),
        tuple(
            AmbiguousTerm(term, meanings)
            for term in terms
            if aliases is not None and (meanings := aliases.meanings(term))
        ),
    )


def checked_terms(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the terms, each once. Raises: QuestionError, InputError."""
    terms = tuple(dict.fromkeys(checked_term(text) for text in texts))
    if not 1 <= len(terms) <= MOST_TERMS:
        raise InputError(f"Found {len(terms)} terms; expected 1 to {MOST_TERMS}.")
    return terms


def _names(terms: Sequence[str], aliases: Aliases) -> dict[str, tuple[str, ...]]:
    """Return the other names of each term that has some."""
    return {term: others for term in terms if (others := aliases.others(term))}


class _Forms:
    """The forms of each term by language, made once."""

    def __init__(self, names: Mapping[str, Sequence[str]], *, exact: bool) -> None:
        self._names = names
        self._exact = exact
        self._made: dict[tuple[str, str], tuple[TermForm, ...]] = {}

    def of(self, term: str, document: Document) -> tuple[TermForm, ...]:
        """Return the forms of a term in the document's language."""
        language = (document.language or "en").lower().split("-")[0]
        if (term, language) not in self._made:
            self._made[term, language] = tuple(
                term_form(name, language=language, exact=self._exact)
                for name in (term, *self._names.get(term, ()))
            )
        return self._made[term, language]


def _permitted(store: Store, request: FindRequest) -> list[Document]:
    """Return the current documents that may be looked into."""
    return [
        document
        for document in store.documents()
        if request.collections is None or document.collection in request.collections
    ]


def _searched(documents: Sequence[Document], filters: Filters) -> list[Document]:
    """Return the documents where the filters hold, by title."""
    if filters:
        mask = filters.mask([IndexedDocument.of(document) for document in documents])
        documents = [each for each, kept in zip(documents, mask, strict=True) if kept]
    return sorted(documents, key=lambda document: (document.title.casefold(), document.doc_id))


class _CoverageCount:
    """Counts the pages on the way."""

    def __init__(self) -> None:
        self._documents = self._pages = 0
        self._unreadable: list[UnreadablePage] = []

    def add(self, doc_id: DocId, pages: Mapping[int, Page]) -> None:
        """Count a document's pages; one without text could not be searched."""
        self._documents += 1
        self._pages += len(pages)
        self._unreadable += [
            UnreadablePage(doc_id, page.number, page.quality.reason or "no text")
            for page in pages.values()
            if not page.text.strip()
        ]

    def total(self) -> Coverage:
        """Return what was searched."""
        searched = self._pages - len(self._unreadable)
        return Coverage(self._documents, self._pages, searched, tuple(self._unreadable))


class _Citer:
    """Makes the mentions of one document."""

    def __init__(
        self,
        document: Document,
        pages: Mapping[int, Page],
        places: Sequence[ChunkPlace],
        base_url: str,
    ) -> None:
        self._document, self._pages, self._base_url = document, pages, base_url
        self._metadata = public_metadata(document)
        held = [
            ((span.page, span.start), (span.page, span.end), place)
            for place in places
            for span in place.spans
        ]
        self._held = sorted(held, key=lambda each: each[0])
        self._starts = [start for start, _, _ in self._held]

    def mention(self, term: str, spans: tuple[PageSpan, ...]) -> Mention:
        """Return the mention that stands at the spans; its number is given later."""
        quote = "".join(self._pages[s.page].text[s.start : s.end] for s in spans)
        form = " ".join(self._pages[s.page].text[s.start : s.end] for s in spans)
        place = self._place(spans[0])
        citation = Citation(
            number=0,
            passage_id=place.chunk_id if place else "",
            doc_id=self._document.doc_id,
            title=self._document.title,
            source=source_name(self._document.source),
            collection=self._document.collection,
            metadata=self._metadata,
            section=place.section if place else (),
            spans=labelled(spans, self._pages),
            quote=quote,
            quote_sha256=sha256_of(quote),
            document_sha256=self._document.sha256,
            url=page_url(self._base_url, self._document.doc_id, spans),
            quality=cited_quality(spans, self._pages),
        )
        return Mention(term, " ".join(form.split()), self._excerpt(spans), citation)

    def _place(self, span: PageSpan) -> ChunkPlace | None:
        index = bisect_right(self._starts, (span.page, span.start)) - 1
        if index < 0:
            return None
        _, (page, end), place = self._held[index]
        return place if span.page == page and span.start < end else None

    def _excerpt(self, spans: tuple[PageSpan, ...]) -> str:
        """Return the mention with whole words around it, on one line."""
        first, last = spans[0], spans[-1]
        before = self._pages[first.page].text[: first.start][-_EXCERPT_CHARACTERS:]
        after = self._pages[last.page].text[last.end :][:_EXCERPT_CHARACTERS]
        if len(before) == _EXCERPT_CHARACTERS:
            before = f"… {before.partition(' ')[2]}"
        if len(after) == _EXCERPT_CHARACTERS:
            after = f"{after.rpartition(' ')[0]} …"
        inside = " ".join(self._pages[s.page].text[s.start : s.end] for s in spans)
        return " ".join(f"{before}{inside}{after}".split())


def _numbered(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the mentions with their citations numbered from 1."""
    for number, mention in enumerate(mentions, start=1):
        yield replace(mention, citation=replace(mention.citation, number=number))
