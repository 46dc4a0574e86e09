"""Questions in the format of ClapNQ: long-form questions, each with the passage it was judged on.

*Source:* Rosenthal et al. 2025, CLAPnq: cohesive long-form answers from passages in natural
questions for RAG systems.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from corpus.errors import InputError
from corpus.ids import sha256_of
from eval.data_sets.data_sets import BeirDocument
from eval.data_sets.json_lines import reading_line
from eval.question_sets.passage_questions import PassageQuestions
from eval.question_sets.questions import Evidence, Question, QuestionFile, read_text


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Passage(_Model):
    title: str
    text: Annotated[str, Field(min_length=1)]


class _Output(_Model):
    answer: str = ""
    selected_sentences: list[str] = []


class _Saved(_Model):
    id: Annotated[str, Field(min_length=1)]
    input: Annotated[str, Field(min_length=1)]
    passages: Annotated[list[_Passage], Field(min_length=1)]
    output: list[_Output] = []


def read_clapnq(path: Path) -> PassageQuestions:
    """Return the questions of a ClapNQ JSON Lines file and its passages, each one document.

    A question is answerable where somebody wrote an answer; its evidence are the sentences that
    the first of them selected, or the whole passage if none did. Equal passages are one document.
    The answers are written freely, so there are no items to be found in quotes.

    Raises: InputError if the file or a line cannot be read, naming the line.
    """
    raw, content = read_text(path)
    questions: dict[str, Question] = {}
    documents: dict[str, BeirDocument] = {}
    for where, saved in _records(content, path):
        if saved.id in questions:
            raise InputError(f"{where}: found the id {saved.id!r} again.")
        questions[saved.id] = _question(saved)
        for passage in saved.passages:
            document = _document(passage)
            documents[document.doc_id] = document
    if not questions:
        raise InputError(f"{path}: found no question; expected one JSON object a line.")
    file = QuestionFile(path.name, sha256_of(raw), "input", tuple(questions.values()))
    return PassageQuestions(file, tuple(documents.values()))


def given_passages(path: Path) -> Iterator[tuple[Question, tuple[str, ...]]]:
    """Yield each question of a file with the texts of its passages. Raises: InputError."""
    _, content = read_text(path)
    for _, saved in _records(content, path):
        yield _question(saved), tuple(passage.text for passage in saved.passages)


def _records(content: str, path: Path) -> Iterator[tuple[str, _Saved]]:
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        with reading_line(line, where):
            saved = _Saved.model_validate_json(line)
        yield where, saved


def _document(passage: _Passage) -> BeirDocument:
    return BeirDocument(
        sha256_of(f"{passage.title}\n{passage.text}")[:20], passage.title, passage.text
    )


def _question(saved: _Saved) -> Question:
    outputs = [output for output in saved.output if output.answer.strip()]
    if not outputs:
        return Question(saved.id, saved.input, answerable=False)
    selected = next((o.selected_sentences for o in outputs if o.selected_sentences), None)
    quotes = selected or [passage.text for passage in saved.passages]
    evidence = tuple(Evidence(quote) for quote in quotes if quote.strip())
    return Question(saved.id, saved.input, answerable=True, evidence=evidence)
