"""The pool of public questions with answer spans, parted by passage into train and held out."""

import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from corpus.ids import sha256_of

# Questions written to look answerable are rare and only in SQuAD 2.0, so more of it is held out.
_HELD_OUT_PERCENT = {"squad2-dev": 8, "squad2-train": 8}
_HELD_OUT_PERCENT_ELSEWHERE = 2


class _SavedPassage(BaseModel):
    passage_id: str
    text: str


class _SavedAnswer(BaseModel):
    text: str
    start: int


class _SavedQuestion(BaseModel):
    question: str
    passage_id: str
    answers: list[_SavedAnswer]
    source: str


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """A question on a passage; `answers` are `(start, text)`, empty where it is not answered."""

    question: str
    passage_id: str
    answers: tuple[tuple[int, str], ...]
    source: str

    @property
    def span(self) -> tuple[int, int]:
        """The answer given most often, the shortest of those, as half-open code points."""
        counts = Counter(self.answers)
        start, text = min(counts, key=lambda answer: (-counts[answer], len(answer[1]), answer[0]))
        return start, start + len(text)


class _SavedWritten(BaseModel):
    passage_sha256: str
    questions: list[str]


class _SavedAnswered(BaseModel):
    question: str
    answer: str


class _SavedSearches(BaseModel):
    passage_sha256: str
    absent: list[str]
    present: _SavedAnswered


Written = TypeVar("Written", _SavedWritten, _SavedSearches)


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages by id, with the questions to train on and those held out to choose by.

    `written` are our own questions on the passages, written to look answerable, `searches` those
    written as people type them into a search engine, answered or not; all to train on.
    """

    passages: Mapping[str, str]
    train: tuple[PoolQuestion, ...]
    held_out: tuple[PoolQuestion, ...]
    written: tuple[PoolQuestion, ...] = ()
    searches: tuple[PoolQuestion, ...] = ()


def read_pool(folder: Path, written: Path | None = None, searches: Path | None = None) -> Pool:
    """Return `passages.jsonl.gz` and `questions.jsonl.gz` of a folder.

    All questions of a passage are on one side, which the checksum of the passage's text decides;
    those `written` on a held-out passage are left out, and those of `searches`.
    """
    rows = _lines(folder / "passages.jsonl.gz")
    saved = [_SavedPassage.model_validate_json(row) for row in rows]
    passages = {each.passage_id: each.text for each in saved}
    train: list[PoolQuestion] = []
    held_out: list[PoolQuestion] = []
    for row in _lines(folder / "questions.jsonl.gz"):
        asked = _SavedQuestion.model_validate_json(row)
        answers = tuple((answer.start, answer.text) for answer in asked.answers)
        question = PoolQuestion(asked.question, asked.passage_id, answers, asked.source)
        percent = _HELD_OUT_PERCENT.get(question.source, _HELD_OUT_PERCENT_ELSEWHERE)
        out = int(sha256_of(passages[question.passage_id])[:8], 16) % 100 < percent
        (held_out if out else train).append(question)
    kept = {question.passage_id for question in held_out}
    return Pool(
        passages,
        tuple(train),
        tuple(held_out),
        tuple(each for each in _written(written, passages) if each.passage_id not in kept),
        tuple(each for each in _searches(searches, passages) if each.passage_id not in kept),
    )


def _written(path: Path | None, passages: Mapping[str, str]) -> Iterator[PoolQuestion]:
    for passage_id, saved in _on_passages(path, _SavedWritten, passages):
        for question in saved.questions:
            yield PoolQuestion(question, passage_id, (), "written")


def _searches(path: Path | None, passages: Mapping[str, str]) -> Iterator[PoolQuestion]:
    for passage_id, saved in _on_passages(path, _SavedSearches, passages):
        for question in saved.absent:
            yield PoolQuestion(question, passage_id, (), "search")
        answer = saved.present.answer
        answers = ((passages[passage_id].index(answer), answer),)
        yield PoolQuestion(saved.present.question, passage_id, answers, "search")


def _on_passages(
    path: Path | None, kind: type[Written], passages: Mapping[str, str]
) -> Iterator[tuple[str, Written]]:
    """Yield what a file has on passages; the pool may be a part of the one it was written on."""
    if path is None:
        return
    ids = {str(sha256_of(text)): passage_id for passage_id, text in passages.items()}
    with path.open(encoding="utf-8") as file:
        for line in file:
            saved = kind.model_validate_json(line)
            passage_id = ids.get(saved.passage_sha256)
            if passage_id is not None:
                yield passage_id, saved


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from file
