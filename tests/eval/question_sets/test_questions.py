import json
import re
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.question_sets.questions import (
    Evidence,
    Question,
    _SavedEvidence,
    _SavedQuestion,
    joined,
    read_questions,
)

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


def evidence_of(**parts: object) -> dict[str, object]:
    return {**ANSWERABLE, "id": "q2", "evidence": [parts]}


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
        ("[]", r"line 2: found \[\] at `the line`"),
        ({"id": "q2", "question": "?"}, "line 2: .* at `answerable`; expected: Field required"),
        ({**ANSWERABLE, "id": "q2", "evidence": []}, "line 2: found no evidence"),
        ({**ANSWERABLE, "id": "q2", "evidence": ["46"]}, r"line 2: found '46' at `evidence\.0`"),
        ({**ANSWERABLE, "id": 2}, "line 2: found 2 at `id`"),
        ({**ANSWERABLE, "id": "q2", "answerable": "yes"}, "line 2: found 'yes' at `answerable`"),
        ({**ANSWERABLE, "id": "q2", "answers": "46"}, "line 2: found '46' at `answers`"),
        ({**ANSWERABLE, "id": "q2", "question": " "}, "line 2: found ' ' as `question`"),
        ({**UNANSWERABLE, "answers": ["46"]}, "line 2: found 1 at `answers`; expected none"),
        ({**UNANSWERABLE, "evidence": [{"quote": "46"}]}, "found 1 at `evidence`; expected none"),
        (evidence_of(quote="46", start=-1), r"line 2: found -1 at `evidence\.0\.start`"),
        (evidence_of(quote="46", start=9, end=9), r"found 9 at `evidence\.0\.end`.*its start, 9"),
        (evidence_of(quote="46", page=0), r"line 2: found 0 at `evidence\.0\.page`"),
        (evidence_of(quote_sha256="ab"), r"line 2: found 'ab' at `evidence\.0\.quote_sha256`"),
        (evidence_of(page=1), r"line 2: found evidence without a quote at `evidence\.0`"),
        ({**ANSWERABLE, "id": "q2", "also": [[]]}, r"line 2: found \[\] at `also\.0`"),
        (
            {**ANSWERABLE, "id": "q2", "also": [[{"page": 1}]]},
            r"line 2: found evidence without a quote at `also\.0\.0`",
        ),
        ({**UNANSWERABLE, "also": [[{"quote": "46"}]]}, "found 1 at `also`; expected none"),
        (ANSWERABLE, "line 2: found the id 'q1' again"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(InputError, match=rf"questions\.jsonl, .*{message}"):
        read_questions(write(tmp_path, ANSWERABLE, line))


def test_the_documented_examples_are_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "evaluate" / "answers.md").read_text(
        "utf-8"
    )
    section = page[page.index("**`questions`**") : page.index("**`squad`**")]
    lines = [line for line in section.splitlines() if line.startswith('{"id"')]
    file = read_questions(write(tmp_path, *lines))
    assert [(q.answerable, len(q.evidence)) for q in file.questions] == [
        *((True, 1), (True, 1), (False, 0))
    ]
    assert file.questions[1].evidence[0].quote_sha256
    # All that a line may hold is in the table, and nothing else.
    table = set(re.findall(r"^\| `([\w.\[\]]+)` \|", section, re.MULTILINE))
    parts = {f"evidence[].{name}" for name in _SavedEvidence.model_fields}
    assert table == {*_SavedQuestion.model_fields, *parts, "question"}


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
