"""Several configurations over the same questions, each measured once. The main path of sweeps:

configurations → those found finished, those run now → means side by side, differences to the first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus.errors import InputError
from corpus.ids import Fingerprint
from eval.comparison.comparing import differences_of
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling, estimate_mean
from eval.statistics.significance import (
    DEFAULT_SIGNIFICANCE,
    PairedResult,
    SignificanceSettings,
    holm,
    paired_results,
)
from eval.sweep.sweep_file import Configuration
from eval.sweep.sweep_store import SweepStore
from service.cli.step_bar import OnStep

Values = Mapping[str, Mapping[str, float]]
"""Measure → question → value."""

_WORDS_OF_TEST = frozenset({"test", "tests", "testing"})


class SweepTarget(Protocol):
    """What configurations are tried on."""

    @property
    def data(self) -> Mapping[str, object]:
        """The questions and documents, by checksums."""
        ...

    def fingerprint(self, configuration: Configuration) -> Fingerprint:
        """Return what is equal for equal results: data, settings and models."""
        ...

    def run(self, configuration: Configuration, on_step: OnStep) -> Values:
        """Return the value of each question under each measure."""
        ...


@dataclass(frozen=True, slots=True)
class Tried:
    """One configuration's values, its means, and whether they were found or made now."""

    configuration: Configuration
    fingerprint: Fingerprint
    values: Values
    estimates: Mapping[str, Estimate]
    found: bool


@dataclass(frozen=True, slots=True)
class SweepDifference:
    """One measure of a configuration less that of the first."""

    configuration: str
    measure: str
    result: PairedResult


@dataclass(frozen=True, slots=True)
class SweepReport:
    """All configurations side by side; all differences to the first are one family of tests."""

    tried: tuple[Tried, ...]
    differences: tuple[SweepDifference, ...]
    data: Mapping[str, object]
    settings: SignificanceSettings

    def as_json(self) -> dict[str, object]:
        """Return `{"configurations": […], "differences": […], "data", "settings"}`."""
        return {
            "configurations": [
                {
                    "name": each.configuration.name,
                    "fingerprint": each.fingerprint,
                    "settings": dict(each.configuration.settings.values),
                    "questions": {name: len(values) for name, values in each.values.items()},
                    "measures": {name: e.as_json() for name, e in each.estimates.items()},
                    "found": each.found,
                }
                for each in self.tried
            ],
            "differences": [
                {
                    "configuration": each.configuration,
                    "measure": each.measure,
                    "difference": each.result.difference,
                    "interval": [each.result.low, each.result.high],
                    "p": each.result.p,
                    "p_holm": each.result.p_holm,
                    "effect": each.result.effect,
                    "detectable": each.result.detectable,
                }
                for each in self.differences
            ],
            "data": dict(self.data),
            "settings": asdict(self.settings),
        }


def sweep(
    configurations: Sequence[Configuration],
    target: SweepTarget,
    work: Path,
    on_step: OnStep = lambda *_: None,
    on_tried: Callable[[Tried], None] = lambda _: None,
    *,
    resampling: Resampling = DEFAULT_RESAMPLING,
    significance: SignificanceSettings = DEFAULT_SIGNIFICANCE,
) -> SweepReport:
    """Return all configurations measured; those that `work` holds finished are not run again.

    Each is stored as soon as it is done, so a killed sweep goes on from there.

    Raises: InputError, StoreError, SnapshotError, ModelError.
    """
    store = SweepStore(work)
    fingerprints = [target.fingerprint(each) for each in configurations]
    tried: list[Tried] = []
    for number, each in enumerate(configurations):
        fingerprint = fingerprints[number]
        on_step("configurations", number, len(configurations))
        values = store.get(fingerprint)
        found = values is not None
        if values is None:
            values = target.run(each, on_step)
            store.put(fingerprint, each, values, target.data)
        estimates = {
            name: estimate_mean(list(by_question.values()), resampling)
            for name, by_question in values.items()
        }
        tried.append(Tried(each, fingerprint, values, estimates, found))
        on_tried(tried[-1])
    on_step("configurations", len(configurations), len(configurations))
    differences = _differences(tried, significance)
    return SweepReport(tuple(tried), differences, target.data, significance)


def _differences(
    tried: Sequence[Tried], significance: SignificanceSettings
) -> tuple[SweepDifference, ...]:
    """Return the differences to the first, tested as one family over all measures.

    Measures that are over some of the questions only, such as those that are answerable, are
    tested over these; the correction is over all.
    """
    first, rest = tried[0], tried[1:]
    by_questions: dict[tuple[str, ...], list[tuple[Tried, str]]] = {}
    for each in rest:
        for name, values in first.values.items():
            by_questions.setdefault(tuple(values), []).append((each, name))
    found: dict[tuple[str, str], PairedResult] = {}
    for pairs in by_questions.values():
        columns = [differences_of(first.values[name], each.values[name]) for each, name in pairs]
        results = paired_results(np.column_stack(columns), significance)
        found |= {
            (each.configuration.name, name): result
            for (each, name), result in zip(pairs, results, strict=True)
        }
    named = [(each.configuration.name, name) for each in rest for name in first.values]
    corrected = _one_family([found[pair] for pair in named])
    return tuple(
        SweepDifference(configuration, name, result)
        for (configuration, name), result in zip(named, corrected, strict=True)
    )


def _one_family(results: Sequence[PairedResult]) -> list[PairedResult]:
    """Return the results with p-values corrected over all of them."""
    if not results:
        return []
    corrected = holm(np.array([each.p for each in results]))
    return [replace(each, p_holm=float(p)) for each, p in zip(results, corrected, strict=True)]


def refuse_test(names: Sequence[str]) -> None:
    """Raise InputError where a name says that it is of test data, which is not for tuning."""
    for name in names:
        words = "".join(c if c.isalnum() else " " for c in Path(name).stem.lower()).split()
        if _WORDS_OF_TEST & set(words):
            raise InputError(
                f"{name} is test data: a configuration chosen on it says nothing about new "
                "questions. Sweep over training or development data, or say --allow-test."
            )
