"""Question files: questions with their answers and the evidence, or marked unanswerable."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from corpus.errors import InputError
from corpus.ids import Sha256, sha256_of
from eval.data_sets.json_lines import reading_line


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a source that answer a question.

    `start` and `end` are half-open, in code points of the source text, where the file says so; of
    the page's text where it names a page. Such a file may give the quote's checksum in its place:
    then `quote` is empty until the document's stored page has it (see `located_questions`).
    """

    quote: str
    start: int | None = None
    end: int | None = None
    page: int | None = None
    quote_sha256: str | None = None
    document_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a file in the wording that was chosen.

    `answers` are the items of a full answer, all required; `evidence` the quotes that hold them.
    Both are empty where `answerable` is false. Each of `also` is other evidence that answers as
    well, by itself. `kind` is what the file calls its kind, if anything; `document_sha256` the
    document that the evidence is in, if the file says; a piece of evidence may name another.
    `turns` are the questions asked before it, in the same conversation.
    """

    question_id: str
    text: str
    answerable: bool
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    kind: str | None = None
    document_sha256: str | None = None
    also: tuple[tuple[Evidence, ...], ...] = ()
    turns: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[tuple[Evidence, ...], ...]:
        """All evidence that answers: each is enough by itself."""
        return (self.evidence, *self.also)


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of a file in one wording, with the file's name and checksum."""

    name: str
    sha256: Sha256
    field: str
    questions: tuple[Question, ...]


_Checksum = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _SavedEvidence(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    quote: Annotated[str, Field(min_length=1)] | None = None
    start: Annotated[int, Field(ge=0)] | None = None
    end: Annotated[int, Field(ge=1)] | None = None
    page: Annotated[int, Field(ge=1)] | None = None
    quote_sha256: _Checksum | None = None
    document_sha256: _Checksum | None = None

    @property
    def plain(self) -> Evidence:
        """The same as a value."""
        found = (self.start, self.end, self.page, self.quote_sha256, self.document_sha256)
        return Evidence(self.quote or "", *found)

    @property
    def is_placed(self) -> bool:
        """Whether it names a place of a page and the checksum of what stands there."""
        return None not in (self.page, self.start, self.end, self.quote_sha256)


class _SavedQuestion(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    id: Annotated[str, Field(min_length=1)]
    answerable: bool
    answers: list[str] = []
    evidence: list[_SavedEvidence] = []
    also: list[Annotated[list[_SavedEvidence], Field(min_length=1)]] = []
    kind: str | None = None
    document_sha256: _Checksum | None = None
    turns: list[str] = []


def read_questions(path: Path, *, field: str = "question") -> QuestionFile:
    """Return the questions of a JSON Lines file, worded as in the given field of each line.

    Example line: `{"id": "q1", "question": "…?", "answerable": true, "answers": ["46"],
    "evidence": [{"quote": "46 States …", "start": 649, "end": 752}]}`. `turns` are the questions
    asked before it: what it leaves out is spelled out from them, as in a chat.

    Raises: InputError if the file is missing or a line cannot be read, naming the line.
    """
    raw, content = read_text(path)
    questions: dict[str, Question] = {}
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        question = _question(line, field, where)
        if question.question_id in questions:
            raise InputError(f"{where}: found the id {question.question_id!r} again.")
        questions[question.question_id] = question
    if not questions:
        raise InputError(f"{path}: found no question; expected one JSON object a line.")
    return QuestionFile(path.name, sha256_of(raw), field, tuple(questions.values()))


def read_text(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a question file and its text. Raises: InputError."""
    try:
        raw = path.read_bytes()
        return raw, raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: expected a question file; {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: found bytes that are not UTF-8; expected UTF-8.") from error


def joined(files: Sequence[QuestionFile]) -> QuestionFile:
    """Return the questions of several files as of one, in turn: the first of each, the second, …

    So the first questions of a file of answerable and one of unanswerable ones are of both kinds.
    The checksum is that of the files' checksums. Raises: InputError for an id in two files.
    """
    if len(files) == 1:
        return files[0]
    rows = zip_longest(*(file.questions for file in files))
    questions = tuple(question for row in rows for question in row if question is not None)
    counts = Counter(question.question_id for question in questions)
    twice = next((each for each, count in counts.items() if count > 1), None)
    if twice is not None:
        raise InputError(f"found the id {twice!r} in two of the files; expected every id once.")
    return QuestionFile(
        name=", ".join(file.name for file in files),
        sha256=sha256_of("".join(file.sha256 for file in files)),
        field=files[0].field,
        questions=questions,
    )


def _question(line: str, field: str, where: str) -> Question:
    with reading_line(line, where):
        found = json.loads(line)
        saved = _SavedQuestion.model_validate(found)
    _check_evidence(saved, where)
    return Question(
        question_id=saved.id,
        text=_wording(found, field, where),
        answerable=saved.answerable,
        answers=tuple(saved.answers),
        evidence=tuple(each.plain for each in saved.evidence),
        kind=saved.kind,
        document_sha256=saved.document_sha256,
        also=tuple(tuple(each.plain for each in way) for way in saved.also),
        turns=tuple(saved.turns),
    )


def _check_evidence(saved: _SavedQuestion, where: str) -> None:
    """Raises: InputError for evidence that is missing, without words, or of no answer."""
    if saved.answerable and not saved.evidence:
        raise InputError(
            f"{where}: found no evidence at `evidence`; expected at least one quote, as answerable."
        )
    held_of: dict[str, Sized] = {
        "answers": saved.answers,
        "evidence": saved.evidence,
        "also": saved.also,
    }
    for name, held in held_of.items():
        if held and not saved.answerable:
            raise InputError(
                f"{where}: found {len(held)} at `{name}`; expected none, as not answerable."
            )
    pieces = {f"evidence.{number}": each for number, each in enumerate(saved.evidence)}
    for way, several in enumerate(saved.also):
        pieces |= {f"also.{way}.{number}": each for number, each in enumerate(several)}
    for name, each in pieces.items():
        if each.start is not None and each.end is not None and each.end <= each.start:
            raise InputError(
                f"{where}: found {each.end} at `{name}.end`; expected more than its "
                f"start, {each.start}."
            )
        document = each.document_sha256 or saved.document_sha256
        if each.quote is None and (document is None or not each.is_placed):
            raise InputError(
                f"{where}: found evidence without a quote at `{name}`; expected "
                "`quote`, or `document_sha256` with page, start, end and quote_sha256."
            )


def _wording(found: Mapping[str, object], field: str, where: str) -> str:
    text = found.get(field)
    if not isinstance(text, str) or not text.strip():
        wordings = sorted(k for k, v in found.items() if isinstance(v, str) and "question" in k)
        raise InputError(
            f"{where}: found {text!r} as `{field}`; expected the question's text. "
            f"Fields with a wording here: {', '.join(wordings) or 'none'}."
        )
    return text
