"""Our BM25 against two others: a plain one of our own, and bm25s."""

from pathlib import Path

import numpy as np
import pytest

from index.indexes.analysing import analyse
from index.indexes.lexical_index import LexicalRow, TantivyIndex, write_lexical_index
from index.indexes.memory_indexes import MemoryLexicalIndex
from index.values.snapshot_settings import LexicalSettings

WORDS = [
    "migration",
    "governance",
    "consultation",
    "process",
    "regional",
    "state",
    "policy",
    "labour",
    "return",
    "data",
    "visa",
    "border",
    "refugee",
    "asylum",
    "protection",
    "integration",
    "survey",
    "report",
    "secretariat",
    "minister",
]
QUERIES = ("migration policy", "regional consultation process", "labour visa return data")


def _texts(count: int = 400) -> list[str]:
    random = np.random.default_rng(7)
    # Zipf-like words and lengths from 5 to 200, so that length normalisation matters.
    share = 1 / np.arange(1, len(WORDS) + 1)
    return [
        " ".join(random.choice(WORDS, size=random.integers(5, 200), p=share / share.sum()))
        for _ in range(count)
    ]


def _tantivy(folder: Path, texts: list[str]) -> TantivyIndex:
    write_lexical_index(folder, (LexicalRow("", text, n) for n, text in enumerate(texts)))
    return TantivyIndex.open(
        folder, np.arange(len(texts), dtype=np.int32), LexicalSettings(context_boost=0)
    )


def _all_scores(
    rows: np.ndarray[tuple[int], np.dtype[np.int64]], scores: object
) -> dict[int, float]:
    return dict(zip(rows.tolist(), np.asarray(scores).tolist(), strict=True))


@pytest.mark.parametrize("query", QUERIES)
def test_scores_are_those_of_the_formula_but_for_the_length_in_one_byte(
    tmp_path: Path, query: str
) -> None:
    texts = [" ".join(analyse(text)) for text in _texts()]
    ours = _all_scores(*_tantivy(tmp_path, texts).search(query, 400))
    exact = _all_scores(*MemoryLexicalIndex(texts).search(" ".join(analyse(query)), 400))
    assert ours.keys() == exact.keys()
    # Lucene keeps a length of 40 or more within an eighth of itself, which moves a score by less.
    assert all(ours[row] == pytest.approx(exact[row], rel=0.07) for row in exact)
    assert _rank_correlation(ours, exact) > 0.97


@pytest.mark.parametrize("query", QUERIES)
def test_scores_are_near_those_of_bm25s(tmp_path: Path, query: str) -> None:
    bm25s = pytest.importorskip("bm25s")
    texts = _texts()
    ours = _all_scores(*_tantivy(tmp_path, texts).search(query, 400))
    other = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    other.index([analyse(text) for text in texts], show_progress=False)
    # bm25s leaves out the constant factor (k1 + 1).
    found = 2.2 * other.get_scores(analyse(query))
    theirs = {row: float(found[row]) for row in np.flatnonzero(found).tolist()}
    assert ours.keys() == theirs.keys()
    assert all(ours[row] == pytest.approx(theirs[row], rel=0.07) for row in theirs)
    assert _rank_correlation(ours, theirs) > 0.97


def test_short_texts_have_exact_lengths_and_so_exact_scores(tmp_path: Path) -> None:
    texts = ["migration", "migration policy", "policy of the state on migration and visa"]
    ours = _all_scores(*_tantivy(tmp_path, texts).search("migration", 3))
    # ln(1 + (3 − 3 + 0.5) / (3 + 0.5)) × 2.2 × 1 / (1 + 1.2 × (0.25 + 0.75 × length / (11 / 3)))
    rarity = np.log(1 + 0.5 / 3.5)
    for row, length in enumerate((1, 2, 8)):
        expected = rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / (11 / 3)))
        assert ours[row] == pytest.approx(expected, rel=1e-5)


def test_words_are_folded_and_stemmed() -> None:
    assert analyse("The Évaluations of U.S. policies: A/79/352!") == [
        "the", "evalu", "of", "u", "s", "polici", "a", "79", "352",
    ]  # fmt: skip


def _rank_correlation(first: dict[int, float], second: dict[int, float]) -> float:
    """Spearman's: the correlation of the ranks."""
    rows = sorted(first)
    ranks = [np.argsort(np.argsort([scores[row] for row in rows])) for scores in (first, second)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
