import math

import pytest

from eval.confidence_features import NAMES, ConfidenceFeatures, features_of, rare_word_share
from service.answer import Scores
from tests.eval.answer_values import FIRST, SECOND, answer, citation, passage


def length(_: str, sentence: str) -> float:
    return float(len(sentence))


def test_features_of_a_worked_example() -> None:
    passages = (
        passage(*FIRST, 1, Scores(dense=0.5, rerank=2.0)),
        passage(*SECOND, 2, Scores(dense=0.7, rerank=3.0)),
        passage(*SECOND, 3, Scores(rerank=-1.0), doc_id="d2"),
        passage(*SECOND, 4, doc_id="d3"),
    )
    quotes = (citation(1, "c0", 0, 9), citation(2, "c0", 0, 22))
    found = features_of(answer(*quotes, passages=passages), length)
    assert found == ConfidenceFeatures(
        passage_logit=3.0,
        sentence_logit=22.0,
        cosine=0.7,
        rare_words=0.0,  # what is asked, "?", has no words
        margin=4.0,
    )
    assert found.values == (3.0, 22.0, 0.7, 0.0, 4.0)
    assert NAMES == ("passage_logit", "sentence_logit", "cosine", "rare_words", "margin")


def test_the_first_passage_stands_for_the_quotes_where_nothing_is_quoted() -> None:
    found = features_of(answer(), length)
    assert found.sentence_logit == len("46 States and 22 ISCMs sent an answer.")


def test_what_no_passage_has_is_the_lowest() -> None:
    found = features_of(answer(passages=()), length)
    assert found.values == (-12.0, -12.0, 0.0, 0.0, 0.0)


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    passages = ["the Almaty Process", "the Budapest Process", "the survey"]
    common, rare = math.log(1 + 4 / 4), math.log(1 + 4 / 2)
    share = rare_word_share("The Almaty", ["almaty"], passages)
    assert share == pytest.approx(rare / (common + rare))
    assert rare_word_share("The Almaty", ["the", "ALMATY"], passages) == pytest.approx(1.0)
    assert rare_word_share("?", ["the"], passages) == 0.0
