"""A gate for changes: a run passes if it is not surely worse than the baseline kept in git."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from corpus.errors import InputError
from eval.comparison.baseline import Baseline
from eval.comparison.comparing import Contrast, contrast_of, differences_of, frame_of_contrasts
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run
from eval.retrieval.measures import Measured, measure
from eval.statistics.significance import DEFAULT_SIGNIFICANCE, SignificanceSettings, paired_results

if TYPE_CHECKING:
    from pandas import DataFrame

    from eval.retrieval.retrieval_report import RetrievalReport

DEFAULT_TOLERANCE = 0.005
DEFAULT_MINIMUM_EFFECT = 0.01
SHOWN_QUERIES = 10

Reason = Literal["data", "queries", "lost", "drop"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is held against a baseline: the values of a run, and what they were made from.

    `data` holds the SHA-256 of `corpus`, `queries` and `qrels`, as far as they are known.
    """

    measured: Measured
    data: Mapping[str, str]
    configuration: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason not to pass: other data, other queries, lost queries, or a sure drop."""

    reason: Reason
    name: str
    detail: str

    def __str__(self) -> str:
        return f"{self.name}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a run passes: the failures, what else is worth knowing, and the comparison.

    `contrasts` hold a measure each, the baseline first; none where the judged queries differ.
    """

    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    contrasts: tuple[Contrast, ...]

    @property
    def passed(self) -> bool:
        """True where nothing failed."""
        return not self.failures

    def as_json(self) -> dict[str, object]:
        """Return `{"passed", "failures": [{"reason", "name", "detail"}], "notes", "measures"}`."""
        return {
            "passed": self.passed,
            "failures": [asdict(failure) for failure in self.failures],
            "notes": list(self.notes),
            "measures": {each.measure: each.as_json() for each in self.contrasts},
        }

    def to_frame(self) -> DataFrame:
        """Return a pandas table with a row a measure. Raises: InputError without pandas."""
        return frame_of_contrasts(self.contrasts)


def candidate_of_run(
    run: Run, qrels: Sequence[Qrel], measures: Sequence[str], data: Mapping[str, str]
) -> Candidate:
    """Return a run with its values; `data` as in a Candidate. Raises: InputError."""
    return Candidate(measure(run, qrels, measures), data, {"tag": run.tag})


def candidate_of_report(report: RetrievalReport) -> Candidate:
    """Return a report of `citewell eval retrieval` with its values."""
    checksums = report.data.get("sha256")
    names = {"corpus.jsonl": "corpus", "queries.jsonl": "queries"}
    found = dict(checksums) if isinstance(checksums, Mapping) else {}
    data = {
        str(name) if name in {"corpus", "queries"} else names.get(str(name), "qrels"): str(sha256)
        for name, sha256 in found.items()
    }
    return Candidate(report.measured, data, report.settings)


def baseline_of(
    candidate: Candidate, *, tolerance: float, minimum_effect: float, command: str
) -> Baseline:
    """Return the candidate as what later runs are held against."""
    return Baseline(
        data=dict(candidate.data),
        configuration=json.loads(json.dumps(dict(candidate.configuration), default=str)),
        command=command,
        tolerance=tolerance,
        minimum_effect=minimum_effect,
        unanswered=candidate.measured.unanswered,
        values={name: dict(values) for name, values in candidate.measured.values.items()},
    )


def gate(
    baseline: Baseline,
    candidate: Candidate,
    texts: Mapping[str, str] | None = None,
    settings: SignificanceSettings = DEFAULT_SIGNIFICANCE,
) -> Verdict:
    """Return whether the candidate passes.

    It fails on other data; on other judged queries; on a query that had results and has none; and
    on a measure whose mean drops by more than the minimum effect where the drop is significant: p
    of the two-sided randomisation test, by Holm over the measures, at most alpha. A drop that is
    large but not sure passes and is noted with the difference that as many queries could show.

    Raises: InputError if a measure of the baseline was not measured.
    """
    for name in baseline.values:
        if name not in candidate.measured.values:
            raise InputError(f"Found no values of {name}; expected the baseline's measures.")
    failures = [*_other_data(baseline, candidate), *_other_queries(baseline, candidate)]
    if any(failure.reason == "queries" for failure in failures):
        return Verdict(tuple(failures), (), ())
    failures += _lost(baseline, candidate)
    contrasts = _contrasts(baseline, candidate, texts or {}, settings)
    drops = [each for each in contrasts if _is_drop(each, baseline.minimum_effect, settings.alpha)]
    failures += [_drop(each) for each in drops]
    moved = [
        _moved(each, settings.alpha)
        for each in contrasts
        if each not in drops and abs(each.result.difference) > baseline.tolerance
    ]
    return Verdict(tuple(failures), tuple(moved), contrasts)


def _other_data(baseline: Baseline, candidate: Candidate) -> Iterator[Failure]:
    for name, expected in baseline.data.items():
        found = candidate.data.get(name)
        if found is None:
            detail = f"found no file, expected one with the SHA-256 {expected}"
            yield Failure("data", name, f"{detail} (give the same files as when it was recorded)")
        elif found != expected:
            yield Failure("data", name, f"found the SHA-256 {found}, expected {expected}")


def _other_queries(baseline: Baseline, candidate: Candidate) -> Iterator[Failure]:
    expected = set(baseline.queries)
    found = set(next(iter(candidate.measured.values.values())))
    for queries, what in (
        (expected - found, "no longer judged"),
        (found - expected, "judged, not in the baseline"),
    ):
        if queries:
            yield Failure("queries", "judged queries", f"{what}: {_named(queries)}")


def _lost(baseline: Baseline, candidate: Candidate) -> Iterator[Failure]:
    lost = set(candidate.measured.unanswered) - set(baseline.unanswered)
    if lost:
        yield Failure("lost", "lost queries", f"had results, now none: {_named(lost)}")


def _contrasts(
    baseline: Baseline,
    candidate: Candidate,
    texts: Mapping[str, str],
    settings: SignificanceSettings,
) -> tuple[Contrast, ...]:
    """Return a contrast of each measure; queries count in the baseline's order."""
    pairs = [(values, candidate.measured.values[name]) for name, values in baseline.values.items()]
    results = paired_results(
        np.column_stack([differences_of(first, second) for first, second in pairs]), settings
    )
    return tuple(
        contrast_of((name, "baseline", "run"), pair, result, texts)
        for name, pair, result in zip(baseline.values, pairs, results, strict=True)
    )


def _is_drop(contrast: Contrast, minimum_effect: float, alpha: float) -> bool:
    return contrast.result.difference < -minimum_effect and contrast.result.p_holm <= alpha


def _drop(contrast: Contrast) -> Failure:
    worst = ", ".join(each.query_id for each in contrast.biggest_losses)
    return Failure("drop", contrast.measure, f"{_figures(contrast)}; largest losses: {worst}")


def _moved(contrast: Contrast, alpha: float) -> str:
    result = contrast.result
    advice = "record the baseline again with the change that moved it"
    if result.difference < 0 and result.p_holm <= alpha:
        advice = "less than the minimum effect"
    elif result.difference < 0 and result.detectable is not None:
        queries = contrast.wins + contrast.losses + contrast.ties
        advice = (
            f"not significant; {queries} queries would show a drop of {result.detectable:.4f} four "
            "times in five"
        )
    return f"{contrast.measure}: {_figures(contrast)}; {advice}"


def _figures(contrast: Contrast) -> str:
    result = contrast.result
    verb = "fell" if result.difference < 0 else "rose"
    p = f"= {result.p_holm:.4f}" if result.p_holm >= 0.0001 else "< 0.0001"
    return (
        f"{verb} from {contrast.first_mean:.4f} to {contrast.second_mean:.4f}, by "
        f"{abs(result.difference):.4f} (p {p})"
    )


def _named(queries: set[str]) -> str:
    shown = ", ".join(sorted(queries)[:SHOWN_QUERIES])
    rest = len(queries) - SHOWN_QUERIES
    return f"{shown} and {rest} more" if rest > 0 else shown
