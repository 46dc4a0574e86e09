"""Judgements by people: kept in a file that only grows, and turned into qrels.

A judgement file holds a JSON object a line, `{"query_id", "doc_id", "relevance", "assessor",
"judged_at"}`. A judgement is changed by adding another: later ones of the same assessor win.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from corpus.errors import InputError
from eval.data_sets.json_lines import reading_line
from eval.data_sets.numbered_lines import numbered_lines
from eval.data_sets.qrels import Qrel


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a document is to a query, by whom and when (ISO 8601, with its zone).

    0 is not relevant; higher is more. The grades are the assessors' own.
    """

    query_id: str
    doc_id: str
    relevance: int
    assessor: str
    judged_at: str


class _SavedJudgement(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    query_id: Annotated[str, Field(min_length=1)]
    doc_id: Annotated[str, Field(min_length=1)]
    relevance: int
    assessor: Annotated[str, Field(min_length=1)]
    judged_at: str


class _PooledLine(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    query_id: Annotated[str, Field(min_length=1)]
    doc_id: Annotated[str, Field(min_length=1)]
    relevance: int | None


def read_judgements(path: Path) -> tuple[Judgement, ...]:
    """Return every judgement of a file in its order, changed ones too.

    Raises: InputError if the file is missing or a line cannot be read, naming the line.
    """
    found: list[Judgement] = []
    for where, line in _lines(path):
        with reading_line(line, where):
            saved = _SavedJudgement.model_validate(json.loads(line))
        _refuse_timeless(saved.judged_at, where)
        found.append(Judgement(**saved.model_dump()))
    return tuple(found)


def judged_pool(path: Path, *, assessor: str, judged_at: str) -> tuple[Judgement, ...]:
    """Return the judgements that an assessor wrote into a pool's lines, as `relevance`.

    Lines whose `relevance` is still null are not judged and left out.

    Raises: InputError if a line cannot be read or a pair stands twice, naming the line.
    """
    found: dict[tuple[str, str], Judgement] = {}
    for where, line in _lines(path):
        with reading_line(line, where):
            saved = _PooledLine.model_validate(json.loads(line))
        pair = (saved.query_id, saved.doc_id)
        if pair in found:
            raise InputError(
                f"{where}: found query {pair[0]!r} and document {pair[1]!r} again; expected each "
                "pair once."
            )
        if saved.relevance is not None:
            found[pair] = Judgement(*pair, saved.relevance, assessor, judged_at)
    return tuple(found.values())


def append_judgements(path: Path, judgements: Iterable[Judgement]) -> int:
    """Add judgements to the end of a file, on the disk before this returns; return their number.

    A file that does not exist is made. One that cannot be read is left as it is.

    Raises: InputError if the file holds a line that cannot be read, or cannot be written.
    """
    lines = [json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in judgements]
    if path.exists():
        read_judgements(path)
    try:
        with path.open("a+b") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write("".join(lines).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(f"{path}: expected a file to write to; {error.strerror}.") from error
    return len(lines)


def current(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Return the last judgement of each assessor for each pair, in the order of the first."""
    last = {(each.query_id, each.doc_id, each.assessor): each for each in judgements}
    return tuple(last.values())


def qrels_of(judgements: Iterable[Judgement], *, assessor: str | None = None) -> tuple[Qrel, ...]:
    """Return one judgement a pair: the assessor's, or the lower median of all assessors'.

    Example: grades 0 and 2 → 0; grades 0, 1 and 2 → 1.

    Raises: InputError if the assessor judged nothing, naming those who did.
    """
    valid = current(judgements)
    assessors = sorted({each.assessor for each in valid})
    if assessor is not None and assessor not in assessors:
        known = ", ".join(assessors) or "none"
        raise InputError(f"Found no judgement by {assessor!r}; expected one of: {known}.")
    grades: dict[tuple[str, str], list[int]] = {}
    for each in valid:
        if assessor is None or each.assessor == assessor:
            grades.setdefault((each.query_id, each.doc_id), []).append(each.relevance)
    return tuple(
        Qrel(query_id, doc_id, sorted(found)[(len(found) - 1) // 2])
        for (query_id, doc_id), found in grades.items()
    )


def qrel_lines(qrels: Iterable[Qrel]) -> Iterator[str]:
    """Yield `query_id 0 doc_id relevance`, the lines of a TREC qrels file.

    Raises: InputError for an id with white space, which the format cannot carry.
    """
    for qrel in qrels:
        for identifier in (qrel.query_id, qrel.doc_id):
            if not identifier or any(character.isspace() for character in identifier):
                raise InputError(
                    f"Found the id {identifier!r}; TREC qrels need one without white space."
                )
        yield f"{qrel.query_id} 0 {qrel.doc_id} {qrel.relevance}\n"


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines that are not blank, each with where it stands."""
    for number, line in numbered_lines(path, "a file of JSON lines"):
        yield f"{path}, line {number}", line


def _refuse_timeless(judged_at: str, where: str) -> None:
    try:
        zone = datetime.fromisoformat(judged_at).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise InputError(
            f"{where}: found {judged_at!r} as `judged_at`; expected an ISO 8601 time with its "
            "zone, such as 2026-01-31T09:30:00+00:00."
        )
