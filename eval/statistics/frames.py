"""Results as pandas tables, for notebooks. Only this file imports pandas, an extra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.errors import InputError

if TYPE_CHECKING:
    from types import ModuleType

    from pandas import DataFrame

    from eval.statistics.estimates import Estimate


def frame_of(
    rows: Sequence[Sequence[object]],
    columns: Sequence[str],
    *,
    index: Sequence[str] | None = None,
    index_name: str | None = None,
) -> DataFrame:
    """Return a table of rows, each with a value a column. Raises: InputError without pandas."""
    pandas = _pandas()
    labels = None if index is None else pandas.Index(index, name=index_name)
    frame: DataFrame = pandas.DataFrame(rows, columns=columns, index=labels)
    return frame


def frame_of_estimates(estimates: Mapping[str, Estimate]) -> DataFrame:
    """Return a row a measure: `mean`, `low`, `high`; empty cells where nothing was counted."""
    rows = [(each.mean, each.low, each.high) for each in estimates.values()]
    return frame_of(rows, ["mean", "low", "high"], index=list(estimates), index_name="measure")


def _pandas() -> ModuleType:
    try:
        import pandas
    except ImportError as error:
        raise InputError(
            "Found no pandas; tables need it. Install it with: pip install 'citewell[notebook]'"
        ) from error
    return pandas
