"""Answers by kind of question: a table for each result that holds them."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.report.report_results import Result
from eval.statistics.estimates import Estimate


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of question: how many there are, and a figure, or None, for each measure."""

    kind: str
    answerable: int
    unanswerable: int
    estimates: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True)
class KindTable:
    """The kinds of question that one system was measured on."""

    system: str
    measures: tuple[str, ...]
    rows: tuple[KindRow, ...]


def kind_tables(results: Sequence[Result]) -> tuple[KindTable, ...]:
    """Return a table for each result with kinds, its columns in the order of its measures."""
    return tuple(_table(result) for result in results if result.by_kind)


def _table(result: Result) -> KindTable:
    held = {name for kind in result.by_kind for name in kind.measures}
    # A kind lists only what it has something of; the order is that of all questions.
    known = dict.fromkeys([*result.measures, *sorted(held)])
    measures = tuple(name for name in known if name in held)
    rows = tuple(
        KindRow(
            each.kind,
            each.answerable,
            each.unanswerable,
            tuple(each.measures.get(name) for name in measures),
        )
        for each in result.by_kind
    )
    return KindTable(result.name, measures, rows)
