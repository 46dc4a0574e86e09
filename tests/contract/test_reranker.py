"""What every Reranker does."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.rerankers.opening import DEFAULT_RERANKER, MS_MARCO_MINILM, open_reranker
from index.values.ports import Reranker

QUERY = "How often do regional consultation mechanisms meet?"
TEXTS = [
    "Regional consultation mechanisms meet once a year.",
    "Cats sleep most of the day.",
    "",
    "migration " * 3000,
]


@pytest.fixture(
    scope="module",
    params=[
        "overlap",
        pytest.param(DEFAULT_RERANKER, marks=pytest.mark.models),
        pytest.param(MS_MARCO_MINILM, marks=pytest.mark.models),
    ],
)
def reranker(request: pytest.FixtureRequest) -> Reranker:
    opened = open_reranker(str(request.param))
    assert opened is not None
    return opened


def test_each_text_gets_a_score(reranker: Reranker) -> None:
    scores = reranker.score(QUERY, TEXTS)
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_the_text_that_answers_scores_highest(reranker: Reranker) -> None:
    assert int(reranker.score(QUERY, TEXTS).argmax()) == 0


def test_no_texts_give_no_scores(reranker: Reranker) -> None:
    assert reranker.score(QUERY, []).shape == (0,)


def test_a_score_is_the_same_to_the_bit_whatever_stands_beside_it(reranker: Reranker) -> None:
    alone = [float(reranker.score(QUERY, [text])[0]) for text in TEXTS]
    assert reranker.score(QUERY, TEXTS).tolist() == alone


def test_several_threads_get_the_same_scores(reranker: Reranker) -> None:
    expected = reranker.score(QUERY, TEXTS).tolist()
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: reranker.score(QUERY, TEXTS).tolist(), range(8)):
            assert found == expected


@pytest.mark.parametrize("query", ["", "🎉", "why " * 2000])
def test_any_query_is_scored(reranker: Reranker, query: str) -> None:
    assert np.isfinite(reranker.score(query, TEXTS)).all()


def test_name_and_fingerprint_are_those_of_another_instance(reranker: Reranker) -> None:
    other = open_reranker(reranker.name)
    assert other is not None
    assert (other.name, other.fingerprint) == (reranker.name, reranker.fingerprint)
