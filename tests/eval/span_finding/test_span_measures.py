"""Exact match and F1 of spans, against SQuAD's own examples and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.span_finding.span_measures import exact_match, normalised, span_f1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 46 States.", "46 states"),
        ("  an   apple,  a pear ", "apple pear"),
        ("Theatre of the U.N.", "theatre of un"),
        ("$1,000.50", "100050"),
        ("the", ""),
    ],
)
def test_case_punctuation_articles_and_spaces_do_not_count(text: str, expected: str) -> None:
    assert normalised(text) == expected


def test_a_span_that_is_one_of_the_answers_matches() -> None:
    assert exact_match("The Rhine", ["Danube", "rhine."]) == 1.0
    assert exact_match("upper Rhine", ["Danube", "Rhine"]) == 0.0


def test_f1_counts_shared_words_worked_out_by_hand() -> None:
    # found 3 words, answer 2, 2 shared: precision 2/3, recall 1, F1 = 2·2/5.
    assert span_f1("in Almaty Kazakhstan", ["Almaty, Kazakhstan"]) == pytest.approx(0.8)
    assert span_f1("46 States", ["46"]) == pytest.approx(2 / 3)


def test_f1_takes_the_answer_that_fits_best() -> None:
    assert span_f1("46 States", ["fifty", "46 States", "46"]) == 1.0


def test_a_word_repeated_counts_as_often_as_both_have_it() -> None:
    assert span_f1("no no no", ["no"]) == pytest.approx(0.5)


def test_nothing_found_is_right_only_of_an_empty_answer() -> None:
    assert span_f1("", ["46"]) == 0.0
    assert span_f1("the", ["a"]) == 1.0


@given(st.text(max_size=40), st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_f1_is_a_share_and_at_least_exact_match(found: str, answers: list[str]) -> None:
    assert exact_match(found, answers) <= span_f1(found, answers) <= 1.0
