"""Results as pandas tables, for notebooks. Only this file imports pandas, an extra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.errors import InputError

if TYPE_CHECKING:
    from types import ModuleType

    from pandas import DataFrame

    from eval.answers.judged_answer import JudgedAnswer
    from eval.comparison.comparing import Contrast
    from eval.data_sets.runs import Run
    from eval.statistics.estimates import Estimate


def frame_of_estimates(estimates: Mapping[str, Estimate]) -> DataFrame:
    """Return a row a measure: `mean`, `low`, `high`; empty cells where nothing was counted."""
    rows = [(each.mean, each.low, each.high) for each in estimates.values()]
    return _frame(rows, ["mean", "low", "high"], _index(list(estimates), "measure"))


def frame_of_values(values: Mapping[str, Mapping[str, float]]) -> DataFrame:
    """Return a row a judged query and a column a measure."""
    query_ids = list(next(iter(values.values()), {}))
    rows = [[by_query[query_id] for by_query in values.values()] for query_id in query_ids]
    return _frame(rows, list(values), _index(query_ids, "query_id"))


def frame_of_run(run: Run) -> DataFrame:
    """Return a row a document: `query_id`, `doc_id`, `rank` from 1, `score`, in the run's order."""
    rows = [
        (query_id, each.doc_id, rank, each.score)
        for query_id, ranking in run.rankings.items()
        for rank, each in enumerate(ranking, start=1)
    ]
    return _frame(rows, ["query_id", "doc_id", "rank", "score"])


def frame_of_contrasts(contrasts: Sequence[Contrast]) -> DataFrame:
    """Return a row for each measure of each pair of runs; differences are those of `second`."""
    columns = (
        "measure first second first_mean second_mean difference low high p p_holm effect "
        "detectable wins losses ties"
    ).split()
    rows = [
        (
            *(each.measure, each.first, each.second, each.first_mean, each.second_mean),
            *(each.result.difference, each.result.low, each.result.high),
            *(each.result.p, each.result.p_holm, each.result.effect, each.result.detectable),
            *(each.wins, each.losses, each.ties),
        )
        for each in contrasts
    ]
    return _frame(rows, columns)


def frame_of_answers(judged: Sequence[JudgedAnswer]) -> DataFrame:
    """Return a row a question, with its measures; see docs/how-to/evaluate/answers.md."""
    columns = (
        "question kind answerable status answer success_1 success_3 citation_precision "
        "citation_recall item_recall right"
    ).split()
    rows = [
        (
            *(each.question.text, each.question.kind, each.question.answerable),
            *(each.answer.status, each.answer.answer, each.success_1, each.success_3),
            *(each.precision, each.recall, each.item_recall, each.right),
        )
        for each in judged
    ]
    return _frame(rows, columns, _index([e.question.question_id for e in judged], "question_id"))


def _frame(
    rows: Sequence[Sequence[object]], columns: Sequence[str], index: object = None
) -> DataFrame:
    frame: DataFrame = _pandas().DataFrame(rows, columns=columns, index=index)
    return frame


def _index(values: Sequence[str], name: str) -> object:
    return _pandas().Index(values, name=name)


def _pandas() -> ModuleType:
    try:
        import pandas
    except ImportError as error:
        raise InputError(
            "Found no pandas; tables need it. Install it with: pip install 'citewell[notebook]'"
        ) from error
    return pandas
