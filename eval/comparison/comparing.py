"""Runs compared over the same judged queries: which is better, where, and whether that is sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import InputError
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, read_trec_run
from eval.retrieval.measures import Measured, checked_measures, measure
from eval.statistics.estimates import Floats
from eval.statistics.significance import (
    DEFAULT_SIGNIFICANCE,
    PairedResult,
    SignificanceSettings,
    paired_results,
)

if TYPE_CHECKING:
    from pandas import DataFrame

SHOWN_CHANGES = 5

# Values of one query that differ by less are equal: rounding in the last bits is no win.
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """One query's values in the two runs of a pair; `text` is empty where it is unknown."""

    query_id: str
    text: str
    first: float
    second: float

    @property
    def difference(self) -> float:
        """The second run's value less the first's."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Contrast:
    """One measure of one pair of runs. Differences and wins are those of the second run.

    `biggest_wins` and `biggest_losses` are up to five queries, the largest difference first, ties
    by query id.
    """

    measure: str
    first: str
    second: str
    first_mean: float
    second_mean: float
    result: PairedResult
    wins: int
    losses: int
    ties: int
    biggest_wins: tuple[Change, ...]
    biggest_losses: tuple[Change, ...]

    def as_json(self) -> dict[str, object]:
        """Return the contrast as one flat object; the interval is `[low, high]`."""
        result = asdict(self.result)
        interval = [result.pop("low"), result.pop("high")]
        if self.result.t_p is None:
            del result["t_p"], result["t_p_holm"]
        return {
            "measure": self.measure,
            "first": self.first,
            "second": self.second,
            "means": [self.first_mean, self.second_mean],
            "difference": result.pop("difference"),
            "interval": interval,
            **result,
            "wins": self.wins,
            "losses": self.losses,
            "ties": self.ties,
            "biggest_wins": [asdict(each) for each in self.biggest_wins],
            "biggest_losses": [asdict(each) for each in self.biggest_losses],
        }


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """A run's means over all judged queries, by measure.

    `unanswered` are judged queries that it left out: they count 0. `unjudged` are queries of the
    run without a judgement: they count nowhere.
    """

    name: str
    means: Mapping[str, float]
    unanswered: tuple[str, ...]
    unjudged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every pair of runs under every measure: in the order of the runs, then of the measures."""

    runs: tuple[ComparedRun, ...]
    contrasts: tuple[Contrast, ...]
    queries: int
    settings: SignificanceSettings

    def as_json(self) -> dict[str, object]:
        """Return `{"queries", "runs": [...], "contrasts": [...], "settings"}`."""
        return {
            "queries": self.queries,
            "runs": [asdict(run) for run in self.runs],
            "contrasts": [contrast.as_json() for contrast in self.contrasts],
            "settings": asdict(self.settings),
        }

    def to_frame(self) -> DataFrame:
        """Return a pandas table with a row a contrast. Raises: InputError without pandas."""
        return frame_of_contrasts(self.contrasts)


def frame_of_contrasts(contrasts: Sequence[Contrast]) -> DataFrame:
    """Return a row for each measure of each pair of runs; differences are those of `second`.

    Raises: InputError without pandas.
    """
    from eval.statistics.frames import frame_of

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
    return frame_of(rows, columns)


def compare(
    runs: Mapping[str, Run],
    qrels: Sequence[Qrel],
    measures: Iterable[str],
    texts: Mapping[str, str] | None = None,
    settings: SignificanceSettings = DEFAULT_SIGNIFICANCE,
) -> Comparison:
    """Return how the runs, by name, differ over the judged queries, pair by pair.

    All pairs and measures are one family: `p_holm` holds over all of them. `texts` are the
    queries' texts by id, to be shown.

    Raises: InputError for fewer than two runs, an unknown measure, or when nothing is judged.
    """
    if len(runs) < 2:
        raise InputError(f"Found {len(runs)} run; expected at least two to compare.")
    names = checked_measures(measures)
    measured = {name: measure(run, qrels, names) for name, run in runs.items()}
    pairs = [(name, first, second) for first, second in combinations(runs, 2) for name in names]
    differences = np.column_stack(
        [
            differences_of(measured[first].values[name], measured[second].values[name])
            for name, first, second in pairs
        ]
    )
    results = paired_results(differences, settings)
    return Comparison(
        runs=tuple(_compared_run(name, each) for name, each in measured.items()),
        contrasts=tuple(
            contrast_of(
                (name, first, second),
                (measured[first].values[name], measured[second].values[name]),
                result,
                texts or {},
            )
            for (name, first, second), result in zip(pairs, results, strict=True)
        ),
        queries=differences.shape[0],
        settings=settings,
    )


def read_runs(paths: Sequence[Path]) -> dict[str, Run]:
    """Return the runs of TREC files, each named by its file, or its path where names are shared.

    Raises: InputError if a file is missing, given twice, or has a line that cannot be read.
    """
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise InputError(f"Found the run {twice} twice; expected each file once.")
    stems = [path.stem for path in paths]
    return {
        path.stem if stems.count(path.stem) == 1 else str(path): read_trec_run(path)
        for path in paths
    }


def differences_of(first: Mapping[str, float], second: Mapping[str, float]) -> Floats:
    """Return the second run's values less the first's (n,), in the first's order of queries."""
    found = np.array([second[query_id] - value for query_id, value in first.items()])
    found[np.abs(found) <= _TIE] = 0.0
    return found


def contrast_of(
    names: tuple[str, str, str],
    values: tuple[Mapping[str, float], Mapping[str, float]],
    result: PairedResult,
    texts: Mapping[str, str],
) -> Contrast:
    """Return a contrast of (measure, first run, second run) from the values by query."""
    first, second = values
    changes = [
        Change(query_id, texts.get(query_id, ""), value, second[query_id])
        for query_id, value in first.items()
    ]
    wins = [each for each in changes if each.difference > _TIE]
    losses = [each for each in changes if each.difference < -_TIE]
    return Contrast(
        *names,
        first_mean=_mean(first),
        second_mean=_mean(second),
        result=result,
        wins=len(wins),
        losses=len(losses),
        ties=len(changes) - len(wins) - len(losses),
        biggest_wins=_biggest(wins),
        biggest_losses=_biggest(losses),
    )


def _biggest(changes: list[Change]) -> tuple[Change, ...]:
    ordered = sorted(changes, key=lambda each: (-abs(each.difference), each.query_id))
    return tuple(ordered[:SHOWN_CHANGES])


def _compared_run(name: str, measured: Measured) -> ComparedRun:
    means = {measure: _mean(values) for measure, values in measured.values.items()}
    return ComparedRun(name, means, measured.unanswered, measured.unjudged)


def _mean(values: Mapping[str, float]) -> float:
    return float(np.mean(list(values.values())))
