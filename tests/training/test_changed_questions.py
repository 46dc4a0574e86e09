"""Changed questions ask for something else, and only that."""

import random

from hypothesis import given
from hypothesis import strategies as st

from training.changed_questions import (
    changed_number,
    changes,
    names_in,
    opposite_sense,
    swapped_name,
)


def test_names_are_runs_of_capitalised_words_without_question_words() -> None:
    text = "When did the Almaty Process meet in Kazakhstan, and did the Bank of England pay?"
    assert names_in(text) == ["Almaty Process", "Kazakhstan", "Bank of England"]


@given(st.integers(0, 1000))
def test_a_changed_number_is_another_number_in_the_same_place(seed: int) -> None:
    changed = changed_number("How many of the 46 States met?", random.Random(seed))
    assert changed is not None
    before, after = changed.split("the ")[0], changed.split(" States")[1]
    assert (before, after) == ("How many of ", " met?")
    assert int(changed.split("the ")[1].split(" ")[0]) != 46


@given(st.integers(0, 1000))
def test_a_changed_year_is_near_and_another(seed: int) -> None:
    changed = changed_number("Who chaired in 2019?", random.Random(seed))
    assert changed is not None
    assert 0 < abs(int(changed[15:19]) - 2019) <= 20


@given(st.integers(0, 1000))
def test_a_changed_month_is_another_month(seed: int) -> None:
    changed = changed_number("Who chaired in May?", random.Random(seed))
    assert changed is not None
    assert changed != "Who chaired in May?"
    assert changed.startswith("Who chaired in ")


def test_a_question_without_a_number_or_an_opposite_is_left_alone() -> None:
    draw = random.Random(1)
    assert changed_number("Who chaired?", draw) is None
    assert opposite_sense("Who chaired?", draw) is None


def test_one_word_is_turned_into_its_opposite() -> None:
    assert opposite_sense("Who came first?", random.Random(1)) == "Who came last?"
    assert opposite_sense("Who was born there?", random.Random(2)) in {
        "Who wasn't born there?",
        "Who was died there?",
    }


def test_a_name_is_swapped_for_one_that_shares_no_word_with_question_or_answer() -> None:
    others = ["Almaty Process", "Prague Process", "Vienna", "Geneva"]
    for seed in range(20):
        changed = swapped_name(
            "When did the Almaty Process meet?", others, ("in Geneva",), random.Random(seed)
        )
        assert changed == "When did the Vienna meet?"


def test_a_question_without_names_or_with_no_other_name_is_not_swapped() -> None:
    assert swapped_name("who met?", ["Vienna"], (), random.Random(1)) is None
    assert swapped_name("Who met in Vienna?", ["Vienna"], (), random.Random(1)) is None


def test_every_change_yields_another_question_and_is_named() -> None:
    found = dict(
        changes("Who came first to Vienna in 2019?", "Prague is old.", ("Ann",), random.Random(3))
    )
    assert set(found) == {"number", "opposite", "name"}
    assert found["opposite"] == "Who came last to Vienna in 2019?"
    assert found["name"] == "Who came first to Prague in 2019?"
