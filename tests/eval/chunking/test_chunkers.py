"""Chunkers: published ones by the tokens they count, our own as ingest chunks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from eval.chunking.choosing_chunkers import chunkers_named
from eval.chunking.chunkers_own import OwnChunker
from eval.chunking.chunkers_published import RecursiveSplitter, TokenWindows
from eval.chunking.cl100k import Cl100k
from index.embedders.fake import HashEmbedder
from ingest.chunking.chunking import ChunkingSettings

TEXT = (
    "Ministers met in Almaty.\n\nThey agreed on a plan. Was it kept? No!\n"
    "Résumé: naïve façade — 5 €. " * 20
)


class WordTokens(Cl100k):
    """A token a character, so that sizes can be counted by hand."""

    def count(self, text: str) -> int:
        return len(text)

    def ends(self, text: str) -> list[int]:
        return list(range(1, len(text) + 1))


def cut(chunker: TokenWindows | RecursiveSplitter, text: str) -> list[str]:
    return [text[each.start : each.end] for each in chunker.chunk("", text)]


def test_windows_step_by_their_size_less_the_overlap() -> None:
    windows = TokenWindows(4, 2, tokens=WordTokens())
    assert cut(windows, "abcdefgh") == ["abcd", "cdef", "efgh"]
    assert cut(TokenWindows(3, tokens=WordTokens()), "abcdefgh") == ["abc", "def", "gh"]


def test_the_splitter_cuts_at_the_coarsest_separator_and_packs() -> None:
    splitter = RecursiveSplitter(8, tokens=WordTokens())
    # The pieces "aa", "\n\nbb", "\n\ncccc.dddd": the last is too long and is cut at its full stop.
    assert cut(splitter, "aa\n\nbb\n\ncccc.dddd") == ["aa\n\nbb", "cccc", ".dddd"]


def test_the_splitter_repeats_pieces_up_to_its_overlap() -> None:
    splitter = RecursiveSplitter(6, 3, tokens=WordTokens())
    assert cut(splitter, "aa bb cc dd") == ["aa bb", "bb cc", "cc dd"]


def test_a_text_without_separators_is_cut_by_characters() -> None:
    assert cut(RecursiveSplitter(3, tokens=WordTokens()), "abcdefgh") == ["abc", "def", "gh"]


@given(st.text(alphabet="ab é€\n.?😀", max_size=200), st.integers(1, 12), st.integers(0, 11))
def test_windows_cover_the_text_and_hold_what_stands_there(
    text: str, size: int, overlap: int
) -> None:
    windows = TokenWindows(size, min(overlap, size - 1), tokens=WordTokens())
    chunks = windows.chunk("", text)
    covered = {place for each in chunks for place in range(each.start, each.end)}
    assert covered == set(range(len(text)))
    assert all(each.search_text == text[each.start : each.end] for each in chunks)


@given(st.text(alphabet="ab é€\n.?😀", max_size=200), st.integers(1, 12), st.integers(0, 11))
def test_the_splitter_leaves_out_nothing_but_white_space(
    text: str, size: int, overlap: int
) -> None:
    splitter = RecursiveSplitter(size, min(overlap, size - 1), tokens=WordTokens())
    chunks = splitter.chunk("", text)
    covered = {place for each in chunks for place in range(each.start, each.end)}
    assert all(text[place].isspace() for place in set(range(len(text))) - covered)
    assert all(each.end - each.start <= size for each in chunks)


def test_cl100k_tokens_end_at_characters_and_with_the_text() -> None:
    pytest.importorskip("bpe_openai", reason="the extra citewell[chunking] is not installed")
    tokens = Cl100k()
    ends = tokens.ends(TEXT)
    assert len(ends) == tokens.count(TEXT)
    assert ends[-1] == len(TEXT)
    assert ends == sorted(ends)
    # OpenAI's own example of this vocabulary: "tiktoken is great!" has 6 tokens.
    assert tokens.ends("tiktoken is great!") == [1, 3, 8, 11, 17, 18]


def test_our_own_chunks_stand_at_their_place_with_title_and_section_as_context() -> None:
    text = "# Plans\n\nMinisters met. They agreed.\n\n## Funding\n\nStates pay by turns.\n"
    settings = ChunkingSettings(chunk_tokens=64, window_tokens=256)
    chunks = OwnChunker(HashEmbedder().tokenizer, settings).chunk("Report", text)
    # The mark of the first heading is a part of its own: the text before the first section.
    last = chunks[-1]
    assert text[last.start : last.end] == "Funding\n\nStates pay by turns."
    assert last.context == "Report › Plans › Funding"
    plain = OwnChunker(HashEmbedder().tokenizer, settings, with_context=False)
    assert [(each.start, each.context) for each in plain.chunk("Report", text)] == [
        (each.start, "") for each in chunks
    ]


def test_chunkers_are_chosen_by_name() -> None:
    names = ["own", "own-plain-100", "recursive-200", "tokens-250-125", "own"]
    found = chunkers_named(names, HashEmbedder().tokenizer, chunk_tokens=200)
    assert [each.name for each in found] == names[:-1]


@pytest.mark.parametrize(
    "name", ["recursive", "own-1-2", "tokens-10-10", "tokens-x", "own-9999", ""]
)
def test_a_name_that_is_no_chunker_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        chunkers_named([name], HashEmbedder().tokenizer, chunk_tokens=200)
