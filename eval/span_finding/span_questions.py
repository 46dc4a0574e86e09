"""Questions with the passage to read: what a span finder is measured on, without any search."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.stores.sql_store import SqlStore
from eval.question_sets.located_questions import with_quotes
from eval.question_sets.question_passages import with_passages
from eval.question_sets.questions import read_questions
from eval.question_sets.questions_clapnq import given_passages
from eval.question_sets.questions_squad import gold_paragraphs
from index.documents.document_names import DocumentNames
from index.query.query_analysis import split_source


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """A question and the passages to read; `answers` are texts any of which is right.

    `answers` is empty where the passages do not answer, and where the set has no exact ones.
    """

    question_id: str
    question: str
    passages: tuple[str, ...]
    answerable: bool
    answers: tuple[str, ...] = ()
    kind: str = ""


def squad_reading(path: Path) -> Iterator[ReadingQuestion]:
    """Yield each question of a SQuAD 2.0 file with its gold paragraph. Raises: InputError."""
    for each in gold_paragraphs(path):
        yield ReadingQuestion(
            each.question_id, each.question, (each.paragraph,), bool(each.answers), each.answers
        )


def clapnq_reading(path: Path) -> Iterator[ReadingQuestion]:
    """Yield each question of a ClapNQ file with its passages. Raises: InputError."""
    for question, passages in given_passages(path):
        yield ReadingQuestion(question.question_id, question.text, passages, question.answerable)


def report_reading(path: Path, store: SqlStore, *, field: str) -> Iterator[ReadingQuestion]:
    """Yield our questions: with the passage that answers, or the nearest that does not.

    One passage either way, of the report that is asked about. A wording that names the report is
    asked without the name, as when answering. Raises: InputError.
    """
    file = with_quotes(read_questions(path, field=field), store)
    names = DocumentNames.of(store.documents())
    asked = []
    for question in file.questions:
        found = split_source(question.text, names)
        asked.append(question if found is None else replace(question, text=found[1]))
    for each in with_passages(asked, store):
        question = each.question
        passages = [each.evidence.chunk] if each.evidence else list(each.others[:1])
        if passages:
            yield ReadingQuestion(
                question.question_id,
                question.text,
                tuple(chunk.text for chunk in passages),
                question.answerable,
                kind=question.kind or "",
            )


def example_reading(path: Path) -> Iterator[ReadingQuestion]:
    """Yield the examples of a file that training holds out: question, passage, span or none."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            row = json.loads(line)
            answer = () if row["start"] is None else (row["passage"][row["start"] : row["end"]],)
            yield ReadingQuestion(
                str(number), row["question"], (row["passage"],), bool(answer), answer, row["kind"]
            )
