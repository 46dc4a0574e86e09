import pytest

from service.answer_type import AnswerType, holds_type, type_asked


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("How many States answered?", "number"),
        ("What was the total budget?", "number"),
        ("By what percentage did it grow?", "number"),
        ("When was it founded?", "date"),
        ("In which year was it founded?", "date"),
        ("Since when has it met?", "date"),
        ("Who founded it?", "any"),
        ("What happens when a State leaves?", "any"),
    ],
)
def test_what_a_question_asks_for(asked: str, wanted: AnswerType) -> None:
    assert type_asked(asked) == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "held"),
    [
        ("It has twelve members.", "number", True),
        ("It has members.", "number", False),
        ("It met in May.", "date", True),
        ("It met on 12/02/2019.", "date", True),
        ("It met 46 States.", "date", False),
        ("It met.", "any", True),
    ],
)
def test_whether_a_text_holds_it(text: str, wanted: AnswerType, held: bool) -> None:
    assert holds_type(text, wanted) is held
