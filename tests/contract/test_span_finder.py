"""What every SpanFinder does."""

import math
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.rerankers.opening import DEFAULT_RERANKER, open_reranker
from index.values.ports import SpanFinder, finds_spans

QUESTION = "How many States answered the survey of 2019?"
ANSWERS = "In all, 46 States answered the survey of 2019."
PASSAGES = [
    ANSWERS,
    "Cats sleep most of the day.",
    "",
    " \n",
    "migration " * 3000,
]


@cache
def opened(name: str) -> SpanFinder:
    finder = open_reranker(name)
    assert finds_spans(finder)
    return finder


@pytest.fixture(
    scope="module",
    params=["overlap", pytest.param(DEFAULT_RERANKER, marks=pytest.mark.models)],
)
def finder(request: pytest.FixtureRequest) -> SpanFinder:
    return opened(str(request.param))


def test_each_passage_gets_a_span_of_its_own_code_points(finder: SpanFinder) -> None:
    found = finder.find(QUESTION, PASSAGES)
    assert len(found) == len(PASSAGES)
    for passage, span in zip(PASSAGES, found, strict=True):
        assert 0 <= span.start <= span.end <= len(passage)
        assert math.isfinite(span.score)
        assert math.isfinite(span.null_score)
        assert math.isfinite(span.relevance)


def test_the_span_of_the_passage_that_answers_holds_the_answer(finder: SpanFinder) -> None:
    (span,) = finder.find(QUESTION, [ANSWERS])
    assert "46" in ANSWERS[span.start : span.end]


def test_the_passage_that_answers_has_the_highest_margin_and_relevance(finder: SpanFinder) -> None:
    found = finder.find(QUESTION, PASSAGES)
    assert max(range(len(found)), key=lambda i: found[i].margin) == 0
    assert max(range(len(found)), key=lambda i: found[i].relevance) == 0


def test_a_passage_without_words_has_an_empty_span_and_scores_below_not_here(
    finder: SpanFinder,
) -> None:
    for span in finder.find(QUESTION, ["", " \n\t"]):
        assert (span.start, span.end) == (0, 0)
        assert span.margin < 0


def test_spans_are_in_code_points_beyond_the_basic_plane(finder: SpanFinder) -> None:
    before = "𝒢🙂 "
    (plain,) = finder.find(QUESTION, [ANSWERS])
    (shifted,) = finder.find(QUESTION, [before + ANSWERS])
    assert "46" in (before + ANSWERS)[shifted.start : shifted.end]
    assert plain.end - plain.start <= len(ANSWERS)


def test_a_long_passage_is_read_to_its_end(finder: SpanFinder) -> None:
    passage = "The weather was fine on that day and nothing else happened. " * 60 + ANSWERS
    (span,) = finder.find(QUESTION, [passage])
    assert "46" in passage[span.start : span.end]


def test_as_a_reranker_it_scores_by_the_margin(finder: SpanFinder) -> None:
    scores = finder.score(QUESTION, PASSAGES)
    assert scores.dtype == np.float32
    margins = [found.margin for found in finder.find(QUESTION, PASSAGES)]
    assert scores.tolist() == np.array(margins, dtype=np.float32).tolist()


def test_no_passages_give_no_spans(finder: SpanFinder) -> None:
    assert finder.find(QUESTION, []) == []


def test_a_span_is_the_same_to_the_bit_whatever_passage_is_beside_it(finder: SpanFinder) -> None:
    alone = [finder.find(QUESTION, [passage])[0] for passage in PASSAGES]
    assert finder.find(QUESTION, PASSAGES) == alone
    assert finder.find(QUESTION, PASSAGES[::-1]) == alone[::-1]


def test_several_threads_find_the_same_spans(finder: SpanFinder) -> None:
    expected = finder.find(QUESTION, PASSAGES)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: finder.find(QUESTION, PASSAGES), range(4)):
            assert found == expected


@pytest.mark.parametrize("question", ["", "🎉", "why " * 2000])
def test_any_question_is_read(finder: SpanFinder, question: str) -> None:
    found = finder.find(question, PASSAGES)
    assert all(0 <= span.start <= span.end for span in found)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(passage=st.text(max_size=300))
def test_any_passage_gets_a_span_on_whole_characters(finder: SpanFinder, passage: str) -> None:
    (span,) = finder.find(QUESTION, [passage])
    assert 0 <= span.start <= span.end <= len(passage)
    assert passage[span.start : span.end] == passage[span.start : span.end].strip()


def test_name_and_fingerprint_are_those_of_another_instance(finder: SpanFinder) -> None:
    other = open_reranker(finder.name)
    assert other is not None
    assert (other.name, other.fingerprint) == (finder.name, finder.fingerprint)
