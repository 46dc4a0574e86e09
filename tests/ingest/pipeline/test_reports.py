"""What holds for every page and chunk of the real reports."""

from pathlib import Path

import pytest

from corpus.document import Page
from ingest.chunking.chunking import ChunkingSettings
from ingest.chunking.token_counting import TokenizerCounter
from ingest.pipeline.isolating import ReadRequest, ReadResult, read_and_chunk
from ingest.readers.document.reader import LEFT_OUT
from ingest.readers.pdf.page import WRITTEN, page_text
from ingest.readers.pdf.pdf import open_pdf
from tests.ingest.samples import (
    ALMATY,
    DOC_ID,
    REPORTS,
    WINDOW_TOKENS,
    assert_exact,
    tokenizer_json,
)

pytestmark = [
    pytest.mark.data,
    pytest.mark.models,
    pytest.mark.skipif(not REPORTS.exists(), reason="../shared/data is absent"),
]

SAMPLE = [
    "un_A_39_361.en.pdf",  # scanned, with a hidden text layer
    "un_E_2025_15.en.pdf",  # footnotes, headings
    "usgov_us-024.pdf",  # tables
    "usgov_us-039.pdf",  # glyphs without a meaning
    "wb_103239-v1-PUB-SPANISH-Box394858B-PUBLIC-DOI-10-1596K8662.pdf",  # two columns, Spanish
]


def read(path: Path, counter: TokenizerCounter) -> ReadResult:
    request = ReadRequest(DOC_ID, path.name, path.read_bytes())
    return read_and_chunk(request, ChunkingSettings(), counter)


@pytest.fixture(scope="module")
def counter() -> TokenizerCounter:
    return TokenizerCounter(tokenizer_json())


def assert_sound(result: ReadResult, counter: TokenizerCounter) -> None:
    assert_exact(result.chunks, result.reading)
    counts = counter.count([chunk.embedded_text for chunk in result.chunks])
    assert max(counts, default=0) <= WINDOW_TOKENS
    blocks = {(b.span.page, b.span.start) for b in result.reading.blocks if b.kind in LEFT_OUT}
    starts = {(s.page, s.start) for chunk in result.chunks for s in chunk.spans}
    assert not blocks & starts
    kept = sum(len("".join(chunk.text.split())) for chunk in result.chunks)
    assert kept == sum(len("".join(text.split())) for text in texts_without_blocks(result))


def texts_without_blocks(result: ReadResult) -> list[str]:
    """Return the pages' texts with what is left out of chunks cut out."""

    def text_of(page: Page) -> str:
        text = page.text
        blocks = (b for b in result.reading.blocks if b.kind in LEFT_OUT)
        spans = [b.span for b in blocks if b.span.page == page.number]
        for span in sorted(spans, key=lambda span: -span.start):
            text = text[: span.start] + text[span.end :]
        return text

    return [text_of(page) for page in result.reading.pages]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_the_reports_is_sound(name: str, counter: TokenizerCounter) -> None:
    assert_sound(read(REPORTS / name, counter), counter)


def test_all_reports_are_sound(counter: TokenizerCounter) -> None:
    paths = sorted(REPORTS.glob("*.pdf"))
    assert len(paths) == 74
    for path in paths:
        assert_sound(read(path, counter), counter)


def test_the_first_report_is_sound_and_in_sections(counter: TokenizerCounter) -> None:
    result = read(ALMATY, counter)
    assert_sound(result, counter)
    (partners,) = (c for c in result.chunks if c.section[:1] == (PARTNERSHIPS,))
    assert partners.context == f"Summary of Findings per ISCM › {PARTNERSHIPS}"
    assert "Furthermore, the Bali Process and Abu Dhabi Dialogue" in partners.search_text
    assert len(partners.sentences) == 5


PARTNERSHIPS = "4. Effective partnership models by the ISCM"


@pytest.mark.parametrize("name", SAMPLE)
def test_page_text_is_what_single_calls_to_pdfium_say(name: str) -> None:
    import pypdfium2.raw as pdfium_c

    with open_pdf((REPORTS / name).read_bytes(), None) as document:
        for page in document:
            textpage = page.get_textpage()
            found = page_text(page, textpage)
            assert len(found.text) == len(found.indexes)
            for character, index in zip(found.text, found.indexes, strict=True):
                if index == WRITTEN:
                    assert character in " \n"
                    continue
                unit = pdfium_c.FPDFText_GetUnicode(textpage.raw, index)
                assert ord(character) == unit or character in " -\ufffd"
            textpage.close()
            page.close()


def test_two_columns_read_one_after_the_other(counter: TokenizerCounter) -> None:
    result = read(REPORTS / SAMPLE[-1], counter)
    searched = " ".join(chunk.search_text for chunk in result.chunks)
    assert "intervenciones menores para ayudar a que Honduras pase de una situación" in searched
    assert {chunk.section[:1] for chunk in result.chunks} >= {("Resumen",)}
