"""Runs: what a system returned for each query, and TREC files of them that hold no ties.

trec_eval ignores the rank column: it sorts by score and breaks ties by document id, descending.
A file whose scores tie is therefore measured in another order than the system gave. The writer
here makes scores fall strictly, in single precision too, so that every tool sees one order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import InputError
from eval.data_sets.numbered_lines import numbered_lines

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A document and its score for one query."""

    doc_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Run:
    """The ranking of each query, best document first; `tag` names the system."""

    rankings: Mapping[str, tuple[ScoredDocument, ...]]
    tag: str = "citewell"

    def to_frame(self) -> DataFrame:
        """Return a pandas table with a row a document, in the run's order; `rank` is from 1.

        Raises: InputError without pandas.
        """
        from eval.statistics.frames import frame_of

        rows = [
            (query_id, each.doc_id, rank, each.score)
            for query_id, ranking in self.rankings.items()
            for rank, each in enumerate(ranking, start=1)
        ]
        return frame_of(rows, ["query_id", "doc_id", "rank", "score"])


def strictly_falling(scores: Iterable[float]) -> Iterator[float]:
    """Yield the scores, lowered where needed so that each is below the one before.

    The steps are those of single precision, which trec_eval stores scores in.
    Example: 0.5, 0.5, 0.7 → 0.5, 0.49999997, 0.49999994.
    """
    ceiling = np.float32(np.inf)
    for score in scores:
        ceiling = min(single(score), np.nextafter(ceiling, np.float32(-np.inf)))
        yield float(ceiling)


def single(score: float) -> np.float32:
    """Return the score as trec_eval keeps it: in single precision, within ±1e38."""
    return np.float32(min(max(score, -1e38), 1e38))


def write_trec_run(run: Run, path: Path) -> None:
    """Write `query_id Q0 doc_id rank score tag`, ranks from 1, scores strictly falling.

    Raises: InputError if an id or the tag is empty or holds white space, which the format
    cannot carry, or if a document stands twice in one ranking.
    """
    lines: list[str] = []
    tag = _column(run.tag, "tag")
    for query_id, ranking in run.rankings.items():
        query = _column(query_id, "query id")
        refuse_twice([scored.doc_id for scored in ranking], f"query {query_id!r}")
        scores = strictly_falling(scored.score for scored in ranking)
        for rank, (scored, score) in enumerate(zip(ranking, scores, strict=True), start=1):
            # Nine significant digits bring back every single-precision value exactly.
            doc_id = _column(scored.doc_id, "document id")
            lines.append(f"{query} Q0 {doc_id} {rank} {score:.9g} {tag}\n")
    path.write_text("".join(lines), encoding="utf-8")


def read_trec_run(path: Path) -> Run:
    """Return a run in the order in which trec_eval sees it: by score, ties by id descending.

    It may be packed by gzip. Raises: InputError if the file is missing or a line cannot be read,
    naming the line.
    """
    found: dict[str, dict[str, tuple[ScoredDocument, int]]] = {}
    tag = ""
    for number, line in numbered_lines(path, "a TREC run"):
        query_id, scored, tag = _run_line(line, path, number)
        ranking = found.setdefault(query_id, {})
        if scored.doc_id in ranking:
            raise InputError(
                f"{path}, line {number}: query {query_id!r}: found document {scored.doc_id!r} "
                f"twice (first on line {ranking[scored.doc_id][1]}); expected each once."
            )
        ranking[scored.doc_id] = (scored, number)
    return Run(
        {
            query_id: trec_order(scored for scored, _ in ranking.values())
            for query_id, ranking in found.items()
        },
        tag,
    )


def trec_order(ranking: Iterable[ScoredDocument]) -> tuple[ScoredDocument, ...]:
    """Return the documents as trec_eval orders them: score, then document id, both descending.

    Scores that are equal in single precision are ties.
    """
    by_score = sorted(ranking, key=lambda each: (single(each.score), each.doc_id), reverse=True)
    return tuple(by_score)


def _run_line(line: str, path: Path, number: int) -> tuple[str, ScoredDocument, str]:
    columns = line.split()
    where = f"{path}, line {number}"
    if len(columns) != 6:
        raise InputError(
            f"{where}: found {len(columns)} columns; expected 6: query_id Q0 doc_id rank score tag."
        )
    query_id, _, doc_id, _, score, tag = columns
    try:
        value = float(score)
    except ValueError as error:
        raise InputError(f"{where}: found {score!r} as score; expected a number.") from error
    if not np.isfinite(value):
        raise InputError(f"{where}: found {score!r} as score; expected a finite number.")
    return query_id, ScoredDocument(doc_id, value), tag


def _column(text: str, what: str) -> str:
    if not text or any(character.isspace() for character in text):
        raise InputError(
            f"Found the {what} {text!r}; a TREC run needs one without white space. Rename it."
        )
    return text


def refuse_twice(doc_ids: list[str], where: str) -> None:
    """Return nothing if every id stands there once. Raises: InputError naming one that does not."""
    if len(set(doc_ids)) < len(doc_ids):
        twice = next(doc_id for doc_id in doc_ids if doc_ids.count(doc_id) > 1)
        raise InputError(f"{where}: found document {twice!r} twice; expected each once.")
