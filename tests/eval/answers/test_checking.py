from dataclasses import replace

from corpus.chunk import Chunk
from corpus.document import PageSpan
from corpus.ids import ChunkId
from corpus.stores.memory_store import MemoryStore
from eval.answers.checking import check_store
from tests.eval.chunk_values import chunk, document, page

PAGE = page("One sentence. Another one.")
CHUNK = chunk("One sentence.")


def store_of(*chunks: Chunk) -> MemoryStore:
    store = MemoryStore()
    store.add(document("One"), b"", [PAGE], chunks)
    return store


def test_chunks_that_stand_on_their_pages_are_exact() -> None:
    check = check_store(store_of(CHUNK))
    assert (check.documents, check.chunks, check.exact, check.share) == (1, 1, 1, 1.0)


def test_an_empty_store_has_no_share() -> None:
    check = check_store(MemoryStore())
    assert (check.chunks, check.share, check.wrong) == (0, None, ())


def test_other_words_are_shown_from_where_they_differ() -> None:
    check = check_store(store_of(replace(CHUNK, text="One Sentence.", search_text="")))
    assert check.wrong[0].problem == ("found 'sentence.' on the page, 'Sentence.' in the chunk")
    assert check.share == 0.0


def test_a_page_that_is_not_there_is_named() -> None:
    check = check_store(
        store_of(CHUNK, replace(CHUNK, chunk_id=ChunkId("c2"), spans=(PageSpan(7, 0, 13),)))
    )
    assert [(wrong.chunk_id, wrong.problem) for wrong in check.wrong] == [
        ("c2", "page 7 is not in the store")
    ]


def test_sentences_outside_the_text_are_a_problem() -> None:
    check = check_store(store_of(replace(CHUNK, sentences=((0, 14),))))
    assert "no ranges of a text of 13 characters" in check.wrong[0].problem
