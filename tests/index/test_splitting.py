"""The parts of a question that asks for several things."""

import pytest

from index.splitting import as_read, parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How many people live in Utah or Texas?",
            ("How many people live in Utah?", "How many people live in Texas?"),
        ),
        (
            "Which is older: the guide for border officers, or the one for families?",
            (
                "Which is older: the guide for border officers?",
                "Which is older: the one for families?",
            ),
        ),
        (
            "How many States had joined the treaty by 2024, and how many its protocol?",
            (
                "How many States had joined the treaty by 2024?",
                "how many its protocol? How many States had joined the treaty by 2024",
            ),
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
            "How many patients and how many interviewers must take part in the test?",
            (
                "How many patients must take part in the test?",
                "how many interviewers must take part in the test?",
            ),
        ),
        (
            "How many hectares vanish each year, and how many are to be planted by 2036?",
            (
                "How many hectares vanish each year?",
                "how many are to be planted by 2036?",
            ),
        ),
        (
            "How many staff worked elsewhere in 2024, as against ten years earlier?",
            (
                "How many staff worked elsewhere in 2024?",
                "How many staff worked elsewhere in 2024: ten years earlier?",
            ),
        ),
        (
            "How hard has war hit clinics in Mali compared with Sudan?",
            (
                "How hard has war hit clinics in Mali?",
                "How hard has war hit clinics in Sudan?",
            ),
        ),
        (
            "When did the envoy go to Chad and Mali, and has Paris let him come back?",
            (
                "When did the envoy go to Chad and Mali?",
                "has Paris let him come back? Chad Mali",
            ),
        ),
        (
            "Who chairs the Bali Process, and is it still active?",
            (
                "Who chairs the Bali Process?",
                "is it still active? Who chairs the Bali Process",
            ),
        ),
        (
            "Who are the members of the Rabat Process, what does it do and does it have a seat?",
            (
                "Who are the members of the Rabat Process?",
                "what does it do? Who are the members of the Rabat Process",
                "does it have a seat? Who are the members of the Rabat Process",
            ),
        ),
        (
            "When was the forum of the southern region set up and are its meetings open?",
            (
                "When was the forum of the southern region set up?",
                "are its meetings open? When was the forum of the southern region set up",
            ),
        ),
        (
            "Which forums deal with trafficking, and which of them were founded before 2000?",
            (
                "Which forums deal with trafficking? which of them were founded before 2000",
                "which of them were founded before 2000?",
            ),
        ),
        (
            "In 2019, how many men were heard and how many were not?",
            (
                "In 2019, how many men were heard?",
                "how many were not? In 2019, how many men were heard",
            ),
        ),
        (
            "What share, what year and for which outputs of the programme?",
            (
                "What share, what year? for which outputs of the programme",
                "for which outputs of the programme?",
            ),
        ),
        (
            "What did Chad, Mali and Niger pay?",
            ("What did Chad pay?", "What did Mali pay?", "What did Niger pay?"),
        ),
    ],
)
def test_each_part_is_a_question_with_what_the_parts_share(
    question: str, parts: tuple[str, ...]
) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who pays?",
        "When and where did they meet?",
        "Did disability become more or less common?",
        "Which mothers were educated, those of children with or without a place?",
        "Which groups grew between 2005 and 2010?",
        "What do research and development cost?",
        "Which bodies meet every year and are the most active?",
        "Which States signed the treaty and have a law on it?",
        "Which forum, which was founded in 1996, has a secretariat?",
        "What duties against trafficking do States have?",
        "Zinc is taken up faster compared with the other salts.",
        "cooperation",
        "",
    ],
)
def test_a_question_for_one_thing_has_no_parts(question: str) -> None:
    assert parts_of(question) == ()


@pytest.mark.parametrize(
    ("part", "read"),
    [
        ("How many voters were registered?", "How many voters were registered?"),
        ("how many fetched cards? How many voters in Libya", "how many fetched cards? Libya"),
        (
            "how many at the border with Chad? Libya 2024",
            "how many at the border with Chad? Libya 2024",
        ),
        ("who pays? How many work", "who pays?"),
        ("when? Who wrote the guide for families", "when? Who wrote the guide for families"),
    ],
)
def test_a_part_is_read_without_the_question_that_was_joined_to_it(part: str, read: str) -> None:
    assert as_read(part) == read
