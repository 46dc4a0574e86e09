"""`find` over the reports and the briefs, beside an oracle that looks another way."""

from pathlib import Path
from shutil import which
from time import perf_counter

import pytest

from corpus.briefs import bundled_reports
from corpus.document import Document, Page
from corpus.ids import DocId, Fingerprint, doc_id_of, sha256_of
from corpus.stores.memory_store import MemoryStore
from ingest.readers.choosing import reader_for
from service.finding.finding import FindRequest, find
from service.values.find import Find
from tests.service.finding.mentions import oracle
from tests.service.finding.mentions.terms import TERMS

REPORTS = Path(__file__).parents[5] / "shared" / "data" / "reports"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not REPORTS.exists(), reason="../shared/data is absent"),
]


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    store = MemoryStore()
    for path in [*sorted(REPORTS.glob("*.pdf")), *bundled_reports()]:
        content = path.read_bytes()
        reading = reader_for(content, path.name).read(content)
        sha256 = sha256_of(content)
        document = Document(
            doc_id=doc_id_of(sha256),
            sha256=sha256,
            source=path.name,
            title=path.stem,
            collection="default",
            media_type="application/pdf",
            reading=Fingerprint("plain"),
            pages=len(reading.pages),
            language="es" if path.name.startswith("wb_") else "en",
        )
        store.add(document, content, reading.pages, [])
    return store


@pytest.fixture(scope="module")
def found(store: MemoryStore) -> Find:
    return find(store, FindRequest(tuple(TERMS)), base_url="http://127.0.0.1:8000")


def test_every_mention_is_found_and_nothing_else(store: MemoryStore, found: Find) -> None:
    pages = {
        document.doc_id: {n: page.text for n, page in store.pages(document.doc_id).items()}
        for document in store.documents()
    }
    words = oracle.words_of([text for texts in pages.values() for text in texts.values()])
    patterns = {term: oracle.pattern_of(term, forms) for term, forms in TERMS.items()}
    expected = {
        (doc_id, *mention)
        for doc_id, texts in pages.items()
        for mention in oracle.mentions(texts, patterns, words)
    }
    got = {
        (DocId(m.citation.doc_id), m.term, m.citation.spans[0].page, m.citation.spans[0].start)
        for m in found.mentions
    }
    assert len(TERMS) >= 60
    assert len(expected) > 10_000
    assert not sorted(expected - got), "recall is 1.00"
    assert len(expected & got) / len(got) >= 0.99, sorted(got - expected)[:50]


def test_every_mention_is_cited_where_it_stands(store: MemoryStore, found: Find) -> None:
    pages: dict[str, dict[int, Page]] = {d.doc_id: store.pages(d.doc_id) for d in store.documents()}
    for mention in found.mentions:
        citation = mention.citation
        held = "".join(
            pages[citation.doc_id][span.page].text[span.start : span.end] for span in citation.spans
        )
        assert held == citation.quote
        assert citation.quote_sha256 == sha256_of(held)


def test_the_coverage_names_each_page_without_text(store: MemoryStore, found: Find) -> None:
    blank = {
        (document.doc_id, number)
        for document in store.documents()
        for number, page in store.pages(document.doc_id).items()
        if not page.text.strip()
    }
    assert {(page.doc_id, page.page) for page in found.coverage.unreadable} == blank
    # One report is scanned: without Tesseract its 22 pages are blank too.
    assert len(blank) > (0 if which("tesseract") else 22)
    assert found.coverage.pages_searched == found.coverage.pages - len(blank)


def test_one_term_takes_less_than_a_second(store: MemoryStore) -> None:
    took = []
    for term in ("human rights", "migration", "inter-agency"):
        began = perf_counter()
        find(store, FindRequest((term,)), base_url="http://127.0.0.1:8000")
        took.append(perf_counter() - began)
    assert sorted(took)[1] < 1.0
