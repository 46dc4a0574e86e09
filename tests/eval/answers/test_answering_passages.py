import json
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.answers.answering_passages import engine_for, read_asked
from eval.data_sets.data_sets import BeirDocument
from eval.question_sets.passage_questions import PassageQuestions, joined_passages
from eval.question_sets.questions import Question, QuestionFile
from index.embedders.fake import HashEmbedder
from index.span_finders.fake import OverlapSpanFinder
from service.settings.models import Models
from service.settings.settings import Settings

MODELS = Models(HashEmbedder(), OverlapSpanFinder())
ONE = BeirDocument("d1", "Survey", "46 States answered. It was held in 2019.")
TWO = BeirDocument("d2", "Process", "The Budapest Process met in Istanbul.")


def asked(question_id: str, *documents: BeirDocument) -> PassageQuestions:
    question = Question(question_id, "How many States answered?", False)
    file = QuestionFile(f"{question_id}.json", "0" * 64, "question", (question,))  # type: ignore[arg-type]
    return PassageQuestions(file, documents)


def test_documents_are_ingested_once_and_asked(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", store="sqlite:///elsewhere.sqlite")
    steps: list[str] = []
    for _ in range(2):
        with engine_for(
            asked("q1", ONE, TWO),
            settings,
            tmp_path / "work",
            lambda step, *_: steps.append(step),
            models=MODELS,
        ) as engine:
            found = engine.ask("How many States answered?")
            assert found.passages[0].title == "Survey"
            assert len(engine.store.documents()) == 2
    assert "documents" in steps
    homes = [each for each in (tmp_path / "work").iterdir() if each.is_dir()]
    assert len(homes) == 1
    assert not (tmp_path / "home").exists()


def test_chunks_beyond_the_window_are_an_input_error(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, chunk_tokens=8192)
    with (
        pytest.raises(InputError, match="Found chunks of 8192 tokens"),
        engine_for(asked("q1", ONE), settings, tmp_path, lambda *_: None, models=MODELS),
    ):
        pass


def test_a_document_in_two_files_is_there_once() -> None:
    both = joined_passages([asked("q1", ONE), asked("q2", ONE, TWO)])
    assert both.documents == (ONE, TWO)
    assert [question.question_id for question in both.file.questions] == ["q1", "q2"]


def test_a_collection_beside_passages_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a collection of their own"):
        read_asked([tmp_path / "none.json"], "squad", collection="iscm")


def test_each_format_is_read_by_its_reader(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(json.dumps({"id": "u1", "question": "?", "answerable": False}))
    assert read_asked([file], "questions", field="question").documents == ()
    with pytest.raises(InputError, match="at `input`; expected: Field required"):
        read_asked([file], "clapnq")
    with pytest.raises(InputError, match="at data; expected: Field required"):
        read_asked([file], "squad")
