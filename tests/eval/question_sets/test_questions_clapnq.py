import json
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.answers.evidence import holds
from eval.question_sets.questions import Evidence
from eval.question_sets.questions_clapnq import read_clapnq

PASSAGE = {"title": "Survey", "text": "46 States answered . Others did not ."}
WRITTEN = {"answer": "46 did.", "selected_sentences": ["46 States answered ."]}
ANSWERABLE = {"id": "q1", "input": "how many", "passages": [PASSAGE], "output": [WRITTEN]}
EMPTY = {"answer": "", "selected_sentences": []}
UNANSWERABLE = {"id": "u1", "input": "who", "passages": [PASSAGE], "output": [EMPTY]}


def write(folder: Path, *lines: object) -> Path:
    file = folder / "clapnq.jsonl"
    file.write_text("".join(json.dumps(line) + "\n\n" for line in lines), encoding="utf-8")
    return file


def test_the_selected_sentences_are_the_evidence(tmp_path: Path) -> None:
    found = read_clapnq(write(tmp_path, ANSWERABLE, UNANSWERABLE))
    answerable, unanswerable = found.file.questions
    assert answerable.answerable
    assert answerable.evidence == (Evidence("46 States answered ."),)
    assert not unanswerable.answerable
    assert [(each.title, each.text) for each in found.documents] == [tuple(PASSAGE.values())]


def test_the_first_who_selected_sentences_counts_and_else_the_passage(tmp_path: Path) -> None:
    unselected = {"answer": "46.", "selected_sentences": []}
    several = {**ANSWERABLE, "output": [EMPTY, unselected, WRITTEN]}
    none = {**ANSWERABLE, "id": "q2", "output": [unselected]}
    found = read_clapnq(write(tmp_path, several, none)).file.questions
    assert found[0].evidence == (Evidence("46 States answered ."),)
    assert found[1].evidence == (Evidence(PASSAGE["text"]),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (ANSWERABLE, "line 3: found the id 'q1' again"),
        ({"id": "q2", "passages": [PASSAGE]}, "line 3: .* at `input`; expected: Field required"),
        ([], "line 3: .* at `the line`"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_clapnq(write(tmp_path, ANSWERABLE, line))


def test_an_empty_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no question"):
        read_clapnq(write(tmp_path))


@pytest.mark.data
@pytest.mark.parametrize("kind", ["answerable", "unanswerable"])
def test_the_questions_beside_the_checkout_are_read(shared_data: Path, kind: str) -> None:
    found = read_clapnq(shared_data / "qa" / f"clapnq_dev_{kind}.jsonl")
    assert [question.answerable for question in found.file.questions] == [
        kind == "answerable"
    ] * 300
    texts = [document.text for document in found.documents]
    for question in found.file.questions[:20]:
        assert all(any(holds(text, e.quote) for text in texts) for e in question.evidence)
