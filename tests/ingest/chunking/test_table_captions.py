"""Titles and heads of tables: with which rows they are searched."""

from collections.abc import Sequence
from dataclasses import replace

from corpus.chunk import Chunk
from corpus.document import PageSpan
from ingest.chunking.chunking import ChunkingSettings, chunk
from ingest.chunking.token_counting import WordCounter
from ingest.readers.document.reader import Block, Reading
from tests.ingest.samples import DOC_ID, assert_exact, reading_of

SETTINGS = ChunkingSettings(chunk_tokens=12, window_tokens=64)
TITLE = "Table 3. Members, by country"
HEADS = "Country Members Budget\n"
ROWS = "".join(f"Land {name} {12 + n} {1_990 + 17 * n:,}\n" for n, name in enumerate("ABCDEFGH"))


def reading(*pages: Sequence[tuple[str, str]]) -> Reading:
    """Return a reading of pages made of (kind, text)."""
    blocks: list[Block] = []
    texts = []
    for number, parts in enumerate(pages, start=1):
        at = 0
        for kind, text in parts:
            blocks.append(Block(kind, PageSpan(number, at, at + len(text))))
            at += len(text)
        texts.append("".join(text for _, text in parts))
    return replace(reading_of(*texts), blocks=tuple(blocks))


def chunked(found: Reading) -> list[Chunk]:
    chunks = chunk(DOC_ID, "Yearbook", found, SETTINGS, WordCounter())
    assert_exact(chunks, found)
    return chunks


def test_rows_are_searched_with_the_title_and_heads_of_their_table() -> None:
    chunks = chunked(reading([("caption", f"{TITLE}\n"), ("table", HEADS + ROWS)]))
    assert len(chunks) > 2
    assert chunks[0].context == "Yearbook"
    assert chunks[0].text.startswith(TITLE)
    for each in chunks[1:]:
        assert each.context == f"Yearbook › {TITLE} › Country Members Budget"
        assert "Members" not in each.text


def test_prose_and_figures_are_searched_without_them() -> None:
    after = "It rose again. " * 12
    found = chunked(
        reading([("caption", f"{TITLE}\n"), ("table", HEADS + ROWS), ("text", f"{after}\n")])
    )
    assert found[-1].context == "Yearbook"
    chart = chunked(reading([("caption", "Figure 2. Members\n"), ("table", HEADS + ROWS)]))
    assert all(TITLE not in each.context for each in chart)


def test_a_table_that_goes_on_has_the_title_of_the_page_before() -> None:
    chunks = chunked(
        reading([("caption", f"{TITLE}\n"), ("table", HEADS + ROWS)], [("table", HEADS + ROWS)])
    )
    assert chunks[-1].spans[-1].page == 2
    assert chunks[-1].context == f"Yearbook › {TITLE}"
    assert HEADS in chunks[-1].text


def test_the_first_row_of_words_in_columns_is_not_taken_for_heads() -> None:
    words = "".join(f"Person {name} of the office in Land {name}\n" for name in "ABCDEFGH")
    assert {each.context for each in chunked(reading([("table", words)]))} == {"Yearbook"}


def test_long_heads_are_cut_at_a_word_and_the_chunk_fits_the_window() -> None:
    heads = " ".join(f"column-{n}" for n in range(60)) + "\n"
    chunks = chunked(reading([("caption", f"{TITLE}\n"), ("table", heads + ROWS)]))
    context = chunks[-1].context
    assert context.endswith(" column-28 column-29")
    assert max(WordCounter().count([each.embedded_text for each in chunks])) <= 64
