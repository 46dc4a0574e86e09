"""The parts of a question that asks for several things."""

import pytest

from index.query.splitting import clause_of, parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How many people live in Utah or Texas?",
            ("How many people live in Utah?", "How many people live in Texas?"),
        ),
        (
            "What did Chad, Mali and Niger pay?",
            ("What did Chad pay?", "What did Mali pay?", "What did Niger pay?"),
        ),
        (
            "How hard has war hit clinics in Mali compared with Sudan?",
            (
                "How hard has war hit clinics in Mali?",
                "How hard has war hit clinics in Sudan?",
            ),
        ),
        (
            "Almaty vs Prague Process: who pays?",
            ("Almaty: who pays?", "Prague Process: who pays?"),
        ),
        (
            "northern forum vs. southern dialogue – does each have an office?",
            (
                "northern forum: does each have an office?",
                "southern dialogue: does each have an office?",
            ),
        ),
        (
            "Compare the budget of the IGC and the GFMD",
            ("the budget of the IGC", "the budget of the GFMD"),
        ),
        (
            "Who presides over the Budapest dialogue, and which state has shared that role?",
            (
                "Who presides over the Budapest dialogue?",
                "which state has shared that role? Budapest",
            ),
        ),
        (
            "¿Cuánto bosque tenía Costa Rica en 1983 y cuánto bosque hay en el país ahora?",
            (
                "Cuánto bosque tenía Costa Rica en 1983?",
                "cuánto bosque hay en el país ahora? Costa Rica 1983",
            ),
        ),
        (
            "Who chairs the Bali Process, and is it still active?",
            ("Who chairs the Bali Process?", "is it still active? Bali Process"),
        ),
        (
            "When was the forum set up and are its meetings open?",
            ("When was the forum set up?", "are its meetings open?"),
        ),
    ],
)
def test_each_part_is_a_question_with_the_names_of_the_first(
    question: str, parts: tuple[str, ...]
) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who pays?",
        "When and where did they meet?",
        "Did disability become more or less common?",
        "Which groups grew between 2005 and 2010?",
        "Which gang kidnapped 23 women in Gressier, Haiti?",
        "What do research and development cost?",
        "Which bodies meet every year and are the most active?",
        "Which States signed the treaty and have a law on it?",
        "cooperation",
        "",
    ],
)
def test_a_question_for_one_thing_has_no_parts(question: str) -> None:
    assert parts_of(question) == ()


def test_names_of_the_collection_are_compared_whatever_their_case() -> None:
    question = "how does the bali process differ from the northern forum?"
    assert parts_of(question) == ()
    assert parts_of(question, ["bali process", "northern forum"]) == (
        "how does the bali process?",
        "how does the northern forum?",
    )


def test_names_that_stand_apart_are_compared_where_the_question_compares() -> None:
    question = "How does the way the Bali Process is run differ from the old Northern Forum?"
    assert parts_of(question, ["Bali Process", "Northern Forum"]) == (
        "How does the way the Bali Process is run differ from the old Bali Process?",
        "How does the way the Northern Forum is run differ from the old Northern Forum?",
    )
    unlike = "Which body of the Bali Process invited the Northern Forum?"
    assert parts_of(unlike, ["Bali Process", "Northern Forum"]) == ()


def test_a_part_is_shown_as_it_stands_in_the_question() -> None:
    _, part = parts_of("Who chairs the Bali Process, and is it still active?")
    assert clause_of(part) == "is it still active?"
