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
_HELD_OUT_PERCENT_OF_OURS = 6


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


class _SavedBothKinds(BaseModel):
    passage_sha256: str
    absent: list[str]
    present: list[_SavedAnswered]


Written = TypeVar("Written", _SavedWritten, _SavedBothKinds)


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages by id, with the questions to train on and those held out to choose by.

    `written` are our own questions on the passages, all to train on: those that look answerable, of
    the source `written`, and those answered or not, of the source that their file is named for.
    """

    passages: Mapping[str, str]
    train: tuple[PoolQuestion, ...]
    held_out: tuple[PoolQuestion, ...]
    written: tuple[PoolQuestion, ...] = ()


def read_pool(
    folder: Path, written: Path | None = None, both_kinds: Mapping[str, Path] | None = None
) -> Pool:
    """Return `passages.jsonl.gz` and `questions.jsonl.gz` of a folder, and our own questions.

    All questions of a passage are on one side, which the checksum of the passage's text decides;
    our own on a held-out passage are left out. `both_kinds` has a file for each source; some of its
    passages are held out by another part of the checksum.
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
    ours = list(_written(written, passages))
    for source, path in (both_kinds or {}).items():
        for question in _of_both_kinds(source, path, passages):
            place = int(sha256_of(passages[question.passage_id])[8:16], 16) % 100
            (held_out if place < _HELD_OUT_PERCENT_OF_OURS else ours).append(question)
    written_on = tuple(each for each in ours if each.passage_id not in kept)
    return Pool(passages, tuple(train), tuple(held_out), written_on)


def _written(path: Path | None, passages: Mapping[str, str]) -> Iterator[PoolQuestion]:
    for passage_id, saved in _on_passages(path, _SavedWritten, passages):
        for question in saved.questions:
            yield PoolQuestion(question, passage_id, (), "written")


def _of_both_kinds(source: str, path: Path, passages: Mapping[str, str]) -> Iterator[PoolQuestion]:
    for passage_id, saved in _on_passages(path, _SavedBothKinds, passages):
        for question in saved.absent:
            yield PoolQuestion(question, passage_id, (), source)
        for present in saved.present:
            answers = ((passages[passage_id].index(present.answer), present.answer),)
            yield PoolQuestion(present.question, passage_id, answers, source)


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
