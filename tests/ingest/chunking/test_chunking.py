"""Pages to chunks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PageSpan
from ingest.chunking.chunking import ChunkingSettings, chunk
from ingest.chunking.token_counting import TokenizerCounter, WordCounter
from ingest.readers.document.reader import Block, Heading, Reading
from tests.ingest.samples import DOC_ID, assert_exact, reading_of, tokenizer_json

SETTINGS = ChunkingSettings(chunk_tokens=20, window_tokens=60, context_tokens=12)


def sentence(number: int, words: int = 8) -> str:
    return f"Sentence number {number} " + "word " * (words - 4) + "ends."


def heading(reading: Reading, page: int, text: str, level: int = 1) -> Heading:
    start = reading.pages[page - 1].text.index(text)
    return Heading(level, text, PageSpan(page, start, start + len(text)))


def block(reading: Reading, page: int, text: str) -> Block:
    start = reading.pages[page - 1].text.index(text)
    return Block("header", PageSpan(page, start, start + len(text)))


def quotes(chunks: list, index: int) -> list[str]:  # type: ignore[type-arg]
    return [chunks[index].text[start:end] for start, end in chunks[index].sentences]


def test_sentences_are_packed_evenly_rather_than_with_a_tiny_rest() -> None:
    reading = reading_of(" ".join(sentence(n) for n in range(6)))
    chunks = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert [len(c.sentences) for c in chunks] == [2, 2, 2]
    assert_exact(chunks, reading)


def test_sections_are_never_mixed_and_headings_are_no_sentences() -> None:
    text = f"1. First part\n\n{sentence(1)}\n\n2. Second part\n\n{sentence(2)}\n"
    reading = reading_of(text)
    reading = replace(
        reading,
        headings=(heading(reading, 1, "1. First part"), heading(reading, 1, "2. Second part")),
    )
    first, second = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert (first.section, second.section) == (("1. First part",), ("2. Second part",))
    assert first.text.startswith("1. First part\n\nSentence")
    assert first.context == "Title › 1. First part"
    assert [second.text[a:b] for a, b in second.sentences] == [sentence(2)]


def test_a_heading_before_a_sentence_that_fills_the_window_is_a_chunk_of_its_own() -> None:
    reading = reading_of(f"1. Totals by year\n\n{sentence(1, words=50)}\n")
    reading = replace(reading, headings=(heading(reading, 1, "1. Totals by year"),))
    first, second = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert first.text == "1. Totals by year"
    assert second.text == sentence(1, words=50)
    assert first.section == second.section == ("1. Totals by year",)


def test_a_heading_without_text_is_taken_into_the_section_below_it() -> None:
    reading = reading_of(f"Part I\nChapter 1\n{sentence(1)}\n")
    reading = replace(
        reading, headings=(heading(reading, 1, "Part I"), heading(reading, 1, "Chapter 1", 2))
    )
    (only,) = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert only.section == ("Part I", "Chapter 1")
    assert only.text.startswith("Part I\nChapter 1\nSentence")
    assert len(only.sentences) == 1


def test_a_heading_under_a_running_header_still_starts_its_section() -> None:
    reading = reading_of(f"{sentence(1)}\n", f"4. Growth 63\n{sentence(2)}\n")
    reading = replace(
        reading,
        headings=(heading(reading, 2, "4. Growth"),),
        blocks=(block(reading, 2, "4. Growth 63"),),
    )
    first, second = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert (first.section, second.section) == ((), ("4. Growth",))
    assert "63" not in second.text


def test_a_sentence_across_pages_belongs_to_the_page_where_it_starts() -> None:
    reading = reading_of(
        f"Header 1\n{sentence(1)} It goes on\nFooter 1\n",
        f"Header 2\nover the page. {sentence(2)}\n",
    )
    reading = replace(
        reading,
        blocks=tuple(
            block(reading, page, text)
            for page, text in [(1, "Header 1"), (1, "Footer 1"), (2, "Header 2")]
        ),
    )
    first, second = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert_exact([first, second], reading)
    crossing = first.text[slice(*first.sentences[-1])]
    assert " ".join(crossing.split()) == "It goes on over the page."
    assert [span.page for span in first.spans_of(*first.sentences[-1])] == [1, 1, 2]
    assert "Footer" not in first.text
    assert "Header" not in first.text
    assert first.search_text.endswith("It goes on over the page.")
    assert [span.page for span in second.spans] == [2]


def test_a_change_on_one_page_changes_only_its_chunks() -> None:
    texts = [" ".join(sentence(10 * page + n) for n in range(5)) + "\n" for page in range(4)]
    before = chunk(DOC_ID, "Title", reading_of(*texts), SETTINGS, WordCounter())
    texts[1] = texts[1].replace("word", "changed", 1)
    after = chunk(DOC_ID, "Title", reading_of(*texts), SETTINGS, WordCounter())
    gone = {c.chunk_id: c for c in before}.keys() - {c.chunk_id for c in after}
    assert {span.page for c in before if c.chunk_id in gone for span in c.spans} == {2}


def test_a_sentence_longer_than_the_window_is_split_at_a_space() -> None:
    reading = reading_of("long " * 150 + "end.")
    chunks = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert_exact(chunks, reading)
    assert all(len(c.embedded_text.split()) + 2 <= 60 for c in chunks)
    assert "".join("".join(c.text.split()) for c in chunks) == "long" * 150 + "end."


def test_a_long_title_is_shortened_but_not_dropped() -> None:
    title = "A very long title of a report on many things " * 4
    path = [f"{level}. Section about something" for level in range(1, 5)]
    reading = reading_of("\n".join(path) + f"\n{sentence(1)}")
    reading = replace(
        reading,
        headings=tuple(heading(reading, 1, text, n) for n, text in enumerate(path, start=1)),
    )
    (only,) = chunk(DOC_ID, title, reading, SETTINGS, WordCounter())
    assert only.section == tuple(path)
    assert only.context.startswith("A very")
    assert "4. Section" in only.context
    assert WordCounter().count([only.context])[0] <= 12


def test_pages_without_text_have_no_chunks() -> None:
    assert chunk(DOC_ID, "Title", reading_of("", " \n"), SETTINGS, WordCounter()) == []


def test_a_word_broken_over_a_page_is_whole_in_the_search_text() -> None:
    reading = reading_of("The identi-\n", "fication of refugees is new.\n")
    (only,) = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert only.search_text == "The identification of refugees is new."


@given(
    st.lists(
        st.text(alphabet=st.sampled_from(list("aB .\n!(1)-•é\ufb01\u00ad"))), min_size=1, max_size=4
    )
)
def test_every_chunk_is_exact_and_nothing_is_left_out(texts: list[str]) -> None:
    reading = reading_of(*(f"{text}\n" for text in texts))
    chunks = chunk(DOC_ID, "Title", reading, SETTINGS, WordCounter())
    assert_exact(chunks, reading)
    kept = "".join("".join(c.text.split()) for c in chunks)
    assert kept == "".join("".join(text.split()) for text in texts)


@pytest.mark.models
@pytest.mark.parametrize(
    "text",
    [
        "日本国の人口は多い。" * 200,
        "日本国の人口は多い" * 500,
        "x" * 20_000,
        "El número de personas migrantes creció. " * 100,
        "\ufb01nance " * 900,
        "ＦＵＬＬ ｗｉｄｔｈ " * 500,
    ],
    ids=["japanese", "japanese without stops", "letters", "spanish", "ligatures", "full width"],
)
def test_nothing_exceeds_the_window_of_a_real_tokenizer(text: str) -> None:
    counter = TokenizerCounter(tokenizer_json())
    reading = reading_of(text)
    chunks = chunk(DOC_ID, "A title", reading, ChunkingSettings(), counter)
    assert_exact(chunks, reading)
    assert max(counter.count([c.embedded_text for c in chunks])) <= 512
    assert max(len(c.text) for c in chunks) < 4_000


def test_a_sentence_goes_on_over_the_notes_at_the_foot_of_a_page() -> None:
    pages = (
        "The plan was agreed in 2019 and\n1 See A/74/1.\n2 Ibid.\n",
        "paid in 2020.2 It ended.\n",
    )
    plain = reading_of(*pages)
    notes = pages[0].index("1 See"), pages[0].index("\n", pages[0].index("2 Ibid."))
    reading = replace(plain, blocks=(Block("footnote", PageSpan(1, *notes)),))
    chunks = chunk(DOC_ID, "T", reading, ChunkingSettings(), WordCounter())
    assert_exact(chunks, reading)
    assert [each.text.strip() for each in chunks] == [
        "The plan was agreed in 2019 and\n\npaid in 2020.2",
        "1 See A/74/1.\n2 Ibid.",
        "It ended.",
    ]


def test_a_note_is_searched_with_the_sentence_that_calls_it_and_never_quoted_with_it() -> None:
    page = "It was agreed in Vienna.1 It was paid.\n1 Decision 4 of the Assembly.\n2 Ibid.\n"
    note = PageSpan(1, page.index("1 Decision"), len(page) - 1)
    reading = replace(reading_of(page), blocks=(Block("footnote", note),))
    body, apart = chunk(DOC_ID, "T", reading, ChunkingSettings(), WordCounter())
    assert body.text == "It was agreed in Vienna.1 It was paid."
    assert body.search_text == (
        "It was agreed in Vienna.1 Decision 4 of the Assembly. It was paid."
    )
    assert apart.text == "1 Decision 4 of the Assembly.\n2 Ibid."


def test_a_note_stands_under_the_section_that_its_page_ends_in() -> None:
    page = "Scope\nIt covers all.1\nCosts\nThey are low.\n1 Decision 4.\n"
    note = PageSpan(1, page.index("1 Decision"), len(page) - 1)
    headings = tuple(
        Heading(1, text, PageSpan(1, page.index(text), page.index(text) + len(text)))
        for text in ("Scope", "Costs")
    )
    reading = replace(reading_of(page), blocks=(Block("footnote", note),), headings=headings)
    chunks = chunk(DOC_ID, "T", reading, ChunkingSettings(), WordCounter())
    assert [each.section for each in chunks] == [("Scope",), ("Costs",), ("Costs",)]
