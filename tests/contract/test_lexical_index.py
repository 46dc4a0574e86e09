"""What every LexicalIndex does."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError
from index.indexes.lexical_index import LexicalRow, TantivyIndex, write_lexical_index
from index.indexes.memory_indexes import MemoryLexicalIndex
from index.values.ports import LexicalIndex

Make = Callable[[Sequence[str]], LexicalIndex]

TEXTS = [
    "migration governance in the region",
    "the cat sat on the mat",
    "regional consultation on migration",
    "migration migration migration statistics",
]


@pytest.fixture(params=["memory", "tantivy"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    def opened(texts: Sequence[str]) -> LexicalIndex:
        if request.param == "memory":
            return MemoryLexicalIndex(texts)
        write_lexical_index(tmp_path, (LexicalRow("", text, n) for n, text in enumerate(texts)))
        return TantivyIndex.open(tmp_path, np.arange(len(texts), dtype=np.int32))

    return opened


def test_rows_that_share_a_word_are_found_best_first(make: Make) -> None:
    rows, scores = make(TEXTS).search("migration governance", 10)
    assert rows.tolist()[0] == 0
    assert sorted(rows.tolist()) == [0, 2, 3]
    assert (np.diff(scores) <= 0).all()
    assert (scores > 0).all()
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32


def test_equal_rows_come_in_order_also_at_the_cut(make: Make) -> None:
    rows, scores = make(["the same words"] * 50 + ["other"]).search("same", 7)
    assert rows.tolist() == list(range(7))
    assert len(set(scores.tolist())) == 1


def test_only_allowed_rows_are_found_with_unchanged_scores(make: Make) -> None:
    index = make(TEXTS)
    everywhere = dict(zip(*(each.tolist() for each in index.search("migration", 9)), strict=True))
    allowed = np.array([True, True, False, True])
    rows, scores = index.search("migration", 9, allowed)
    assert sorted(rows.tolist()) == [0, 3]
    for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
        assert score == pytest.approx(everywhere[row])


def test_nothing_is_found_where_nothing_is_allowed(make: Make) -> None:
    rows, scores = make(TEXTS).search("migration", 9, np.zeros(4, dtype=np.bool_))
    assert len(rows) == len(scores) == 0


@pytest.mark.parametrize(
    "query",
    ["", "   ", "🎉", "zebra", "AND (", '"', "text:", "a* OR", "\\", "[x TO", "-", "~2^9", "'"],
)
def test_no_character_of_a_query_has_a_meaning_of_its_own(make: Make, query: str) -> None:
    rows, scores = make(TEXTS).search(query, 5)
    assert len(rows) == len(scores) == 0


def test_words_beside_special_characters_are_found(make: Make) -> None:
    rows, _ = make(TEXTS).search('context:(+"governance"~ AND', 5)
    assert rows.tolist() == [0]


def test_a_repeated_word_counts_as_often_as_it_stands_there(make: Make) -> None:
    index = make(TEXTS)
    _, once = index.search("governance", 1)
    _, twice = index.search("governance governance", 1)
    assert twice[0] == pytest.approx(2 * once[0])


def test_nothing_is_found_in_an_empty_index(make: Make) -> None:
    rows, scores = make([]).search("migration", 5)
    assert len(rows) == len(scores) == 0


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(make: Make, limit: int) -> None:
    with pytest.raises(InputError, match="expected 1 or more"):
        make(TEXTS).search("migration", limit)
