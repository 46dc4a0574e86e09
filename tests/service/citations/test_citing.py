"""A citation that holds, and what becomes of it later."""

from dataclasses import asdict
from typing import Any

import pytest

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageSpan
from corpus.errors import InputError, NotFoundError, StoreError
from corpus.ids import ChunkId, DocId, Fingerprint, doc_id_of, sha256_of
from corpus.stores.memory_store import MemoryStore
from service.citations.citing import Citer, labels_of
from service.receipts.locating_words import find_words
from service.receipts.verifying import verify
from service.values.answer import Citation

PAGES = (
    Page(1, "i", "Preface.\nThe Forum plans to"),
    Page(2, "1", "meet in Geneva. The Forum has no secretariat."),
)
SPANS = (PageSpan(1, 9, 27), PageSpan(2, 0, 45))


def stored(
    store: MemoryStore, pages: tuple[Page, ...] = PAGES, content: bytes = b"first"
) -> Document:
    sha256 = sha256_of(content)
    document = Document(
        doc_id=doc_id_of(sha256),
        sha256=sha256,
        source="/reports/forum.pdf",
        title="The Forum",
        collection="iscm",
        media_type="application/pdf",
        reading=Fingerprint("r1"),
        pages=len(pages),
        publisher="citewell",
        metadata={"symbol": "F/1"},
    )
    store.add(document, content, pages, [])
    return document


def chunk_of(doc_id: DocId) -> Chunk:
    text = "".join(PAGES[s.page - 1].text[s.start : s.end] for s in SPANS)
    return Chunk(
        chunk_id=ChunkId("c1"),
        doc_id=doc_id,
        ordinal=0,
        spans=SPANS,
        text=text,
        sentences=((0, 33), (34, 63)),
        search_text=text,
        context="",
        section=("Preface",),
    )


def cited(store: MemoryStore, document: Document, start: int = 0, end: int = 33) -> Citation:
    citer = Citer(store, "https://reports.example/")
    return citer.cite(1, chunk_of(document.doc_id), document, start, end)


def saved(*citations: Citation) -> dict[str, Any]:
    return {"citations": [asdict(citation) for citation in citations], "receipt": {}}


def test_a_quote_over_two_pages_names_both_with_their_labels() -> None:
    store = MemoryStore()
    citation = cited(store, stored(store))
    assert [(s.page, s.label, s.start, s.end) for s in citation.spans] == [
        (1, "i", 9, 27),
        (2, "1", 0, 15),
    ]
    assert citation.quote == "The Forum plans tomeet in Geneva."[:18] + "meet in Geneva."
    assert citation.quote_sha256 == sha256_of(citation.quote)
    assert citation.metadata == {"publisher": "citewell", "symbol": "F/1"}


def test_the_address_opens_the_first_page_with_the_quote_marked() -> None:
    store = MemoryStore()
    document = stored(store)
    expected = f"https://reports.example/documents/{document.doc_id}/pages/1?highlight=9-27"
    assert cited(store, document).url == expected


def test_a_quote_that_the_page_does_not_hold_is_never_given_out() -> None:
    store = MemoryStore()
    changed = (PAGES[0], Page(2, "1", "meet in Vienna. The Forum has no secretariat."))
    document = stored(store, changed)
    with pytest.raises(StoreError, match=r"Vienna.*Ingest /reports/forum\.pdf again"):
        cited(store, document)


def test_an_untouched_citation_is_ok() -> None:
    store = MemoryStore()
    report = verify(saved(cited(store, stored(store))), store)
    assert report.ok
    assert [v.verdict for v in report.citations] == ["ok"]


def test_a_quote_that_stands_elsewhere_in_the_newer_edition_has_moved() -> None:
    store = MemoryStore()
    document = stored(store)
    citation = cited(store, document)
    store.delete(document.doc_id)
    newer = stored(store, (Page(1, "1", "New. The Forum plans to\nmeet in Geneva."),), b"second")
    verdict = verify(saved(citation), store).citations[0]
    # The two pages' words stand next to each other without a space in the quote.
    assert verdict.found_doc_id == newer.doc_id
    assert verdict.verdict == "altered"


def test_words_that_moved_are_found_whatever_the_space_between_them() -> None:
    store = MemoryStore()
    document = stored(store)
    citation = cited(store, document, 34, 63)
    store.delete(document.doc_id)
    stored(store, (Page(1, "1", "New."), Page(2, "2", "The Forum\nhas no  secretariat.")), b"2nd")
    verdict = verify(saved(citation), store).citations[0]
    assert (verdict.verdict, verdict.found_spans[0].page, verdict.found_spans[0].label) == (
        "moved",
        2,
        "2",
    )


def test_an_older_edition_stays_citable() -> None:
    store = MemoryStore()
    citation = cited(store, stored(store))
    stored(store, (Page(1, "1", "Nothing of it."),), b"second")
    assert verify(saved(citation), store).citations[0].verdict == "ok"


def test_a_deleted_document_is_gone() -> None:
    store = MemoryStore()
    document = stored(store)
    citation = cited(store, document)
    store.delete(document.doc_id)
    report = verify(saved(citation), store)
    assert not report.ok
    assert report.citations[0].verdict == "gone"


def test_a_quote_changed_by_hand_is_altered() -> None:
    store = MemoryStore()
    answer = saved(cited(store, stored(store)))
    answer["citations"][0]["quote"] = "The Forum will meet in Paris."
    verdict = verify(answer, store).citations[0]
    assert (verdict.verdict, verdict.detail) == (
        "altered",
        "The quote does not fit its own checksum.",
    )


def test_offsets_changed_by_hand_are_noticed() -> None:
    store = MemoryStore()
    answer = saved(cited(store, stored(store), 34, 63))
    answer["citations"][0]["spans"] = [{"page": 9, "start": 0, "end": 4}]
    assert verify(answer, store).citations[0].verdict == "moved"


def test_what_is_not_an_answer_is_refused_with_the_place() -> None:
    with pytest.raises(InputError, match="at citations, field required"):
        verify({"question": "?"}, MemoryStore())


def test_words_are_found_over_a_page_break() -> None:
    pages = {page.number: page for page in PAGES}
    assert find_words("plans to meet in", pages) == (PageSpan(1, 19, 27), PageSpan(2, 0, 7))
    assert find_words("plans to sleep", pages) is None
    assert find_words("  ", pages) is None


def test_labels_of_a_document_that_was_just_deleted_are_not_found() -> None:
    store = MemoryStore()
    document = stored(store)
    chunk = chunk_of(document.doc_id)
    assert labels_of(store, [chunk]) == {document.doc_id: {1: "i", 2: "1"}}
    store.delete(document.doc_id)
    with pytest.raises(NotFoundError, match=document.doc_id):
        labels_of(store, [chunk])
