import json
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.data_sets.data_sets import BeirDocument
from eval.question_sets.questions import Evidence, Question
from eval.question_sets.questions_squad import read_squad

FIRST = "The survey ended. It was held in 2019, in Almaty."
SECOND = "46 States answered. Others did not."


def asked(question_id: str, *answers: tuple[str, int], impossible: bool = False) -> object:
    spans = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": question_id, "question": "?", "answers": spans, "is_impossible": impossible}


def write(folder: Path, *second: object) -> Path:
    first = [
        asked("q1", ("in 2019", 30), ("2019", 33), ("2019", 33)),
        asked("u1", impossible=True),
    ]
    article = {
        "title": "The_survey",
        "paragraphs": [{"context": FIRST, "qas": first}, {"context": SECOND, "qas": list(second)}],
    }
    file = folder / "squad.json"
    file.write_text(json.dumps({"version": "v2.0", "data": [article]}), encoding="utf-8")
    return file


def test_an_article_is_a_document_and_an_answer_the_one_given_most(tmp_path: Path) -> None:
    found = read_squad(write(tmp_path, asked("q2", ("46", 0))))
    text = f"{FIRST}\n\n{SECOND}"
    assert found.documents == (BeirDocument("The_survey", "The survey", text),)
    assert found.file.questions == (
        Question(
            "q1", "?", True, ("2019",), (Evidence("It was held in 2019, in Almaty.", 18, 49),)
        ),
        Question("u1", "?", False),
        Question("q2", "?", True, ("46",), (Evidence("46 States answered.", 51, 70),)),
    )
    for question in found.file.questions:
        for each in question.evidence:
            assert text[each.start : each.end] == each.quote


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (asked("q2", ("47", 0)), "question q2: found '46' at 0; expected the answer '47'"),
        (asked("q1", ("46", 0)), "found the id 'q1' again"),
        ({"id": "q2"}, r"at data\.0\.paragraphs\.1\.qas\.0\.question; expected: Field required"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, second: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_squad(write(tmp_path, second))


def test_a_file_without_questions_is_an_input_error(tmp_path: Path) -> None:
    file = tmp_path / "squad.json"
    file.write_text('{"data": []}')
    with pytest.raises(InputError, match="found no question"):
        read_squad(file)
    file.write_text("{")
    with pytest.raises(InputError, match="at the top"):
        read_squad(file)
    with pytest.raises(InputError, match="expected a question file"):
        read_squad(tmp_path / "none.json")


@pytest.mark.data
def test_the_articles_beside_the_checkout_are_read(shared_data: Path) -> None:
    found = read_squad(shared_data / "qa" / "squad2-articles.json")
    assert len(found.documents) == 8
    assert len(found.file.questions) == 2828
    assert sum(not question.answerable for question in found.file.questions) == 1529
