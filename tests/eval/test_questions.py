import json
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.questions import Evidence, Question, joined, read_questions

ANSWERABLE = {
    "id": "q1",
    "question": "How many?",
    "scoped_question": "IOM 2019: How many?",
    "answers": ["46"],
    "evidence": [{"quote": "46 States", "start": 3, "end": 12}],
    "answerable": True,
    "kind": "lookup",
}
UNANSWERABLE = {"id": "u1", "question": "Who?", "scoped_question": "Who?", "answerable": False}


def write(path: Path, *lines: object) -> Path:
    file = path / "questions.jsonl"
    file.write_text(
        "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    )
    return file


def test_questions_are_read_in_the_wording_that_is_named(tmp_path: Path) -> None:
    file = read_questions(write(tmp_path, ANSWERABLE, UNANSWERABLE), field="scoped_question")
    assert file.questions == (
        Question(
            "q1", "IOM 2019: How many?", True, ("46",), (Evidence("46 States", 3, 12),), "lookup"
        ),
        Question("u1", "Who?", False),
    )
    assert (file.name, file.field) == ("questions.jsonl", "scoped_question")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: found '{'; expected a JSON object"),
        ("[]", r"line 2: found \[\] at the line"),
        ({"id": "q2", "question": "?"}, "line 2: .* at answerable; expected: Field required"),
        ({**ANSWERABLE, "id": "q2", "evidence": []}, "line 2: found no evidence"),
        ({**ANSWERABLE, "id": "q2", "evidence": ["46"]}, r"line 2: found '46' at evidence\.0"),
        (ANSWERABLE, "line 2: found the id 'q1' again"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_questions(write(tmp_path, ANSWERABLE, line))


def test_a_wording_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"as `short`.*here: question, scoped_question\."):
        read_questions(write(tmp_path, ANSWERABLE), field="short")


def test_an_empty_or_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no question"):
        read_questions(write(tmp_path, ""))
    with pytest.raises(InputError, match="expected a question file"):
        read_questions(tmp_path / "none.jsonl")


def test_several_files_are_asked_in_turn(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    first = read_questions(write(one, ANSWERABLE, {**ANSWERABLE, "id": "q2"}))
    second = read_questions(write(two, UNANSWERABLE | {"question": "Who?"}))
    both = joined([first, second])
    assert [question.question_id for question in both.questions] == ["q1", "u1", "q2"]
    assert both.name == "questions.jsonl, questions.jsonl"
    assert both.sha256 not in (first.sha256, second.sha256)
    assert joined([first]) is first
    with pytest.raises(InputError, match="the id 'q1' in two of the files"):
        joined([first, first])


@pytest.mark.data
def test_the_evidence_beside_the_checkout_stands_at_its_offsets(shared_data: Path) -> None:
    folder = shared_data / "iscm"
    report = (folder / "almaty-process-summary-of-findings.txt").read_text(encoding="utf-8")
    file = read_questions(folder / "questions.jsonl", field="scoped_question")
    assert sum(question.answerable for question in file.questions) == 30
    for question in file.questions:
        for evidence in question.evidence:
            assert report[evidence.start : evidence.end] == evidence.quote
