"""Fit the choice of titles, publishers and dates, on reports that were described by hand."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from ingest.front_matter.candidate import Candidate, Features

_STEPS = 300
_DIGITS = 3
_RARE = 2

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Described:
    """The candidates of one report, the features of choosing none, and which of them are right.

    `right` is (candidates + 1,), the last for none. A report with nothing right is left out.
    """

    candidates: Sequence[Candidate]
    none: Features
    right: Sequence[bool]
    weight: float = 1.0


def fit_chooser(reports: Sequence[Described], *, ridge: float) -> dict[str, float]:
    """Return the weights under which the right candidates are likeliest, by L-BFGS.

    `ridge` weighs the sum of the squared weights against the losses. Features of fewer than
    two reports are left out.
    """
    used = [report for report in reports if any(report.right)]
    names = _names(used)
    columns = {name: at for at, name in enumerate(names)}
    data = [_matrix(report, columns) for report in used]
    masks = [np.array(report.right, dtype=bool) for report in used]
    weights = [report.weight for report in used]

    def loss(x: _Floats) -> tuple[float, _Floats]:
        total, gradient = 0.5 * ridge * float(x @ x), ridge * x
        for matrix, mask, weight in zip(data, masks, weights, strict=True):
            scores = matrix @ x
            likely = _softmax(scores)
            chosen = np.where(mask, likely, 0.0)
            of_right = max(float(chosen.sum()), 1e-300)
            total -= weight * math.log(of_right)
            gradient = gradient + weight * (matrix.T @ (likely - chosen / of_right))
        return total, gradient

    result = minimize(
        loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}
    )
    found = zip(names, result.x.tolist(), strict=True)
    return {name: round(value, _DIGITS) for name, value in found if abs(value) >= 0.001}


def _names(reports: Sequence[Described]) -> list[str]:
    counted: dict[str, int] = {}
    for report in reports:
        seen = {
            name for each in report.candidates for name, value in each.features.items() if value
        }
        for name in seen | set(report.none):
            counted[name] = counted.get(name, 0) + 1
    return sorted(name for name, count in counted.items() if count >= _RARE)


def _matrix(report: Described, columns: Mapping[str, int]) -> _Floats:
    rows = [*(each.features for each in report.candidates), report.none]
    matrix = np.zeros((len(rows), len(columns)))
    for at, row in enumerate(rows):
        for name, value in row.items():
            if name in columns:
                matrix[at, columns[name]] = value
    return matrix


def _softmax(scores: _Floats) -> _Floats:
    exponents: _Floats = np.exp(scores - scores.max())
    likely: _Floats = exponents / exponents.sum()
    return likely


Judge = Callable[[str | None], bool]


def described(
    candidates: Sequence[Candidate], none: Features, is_right: Judge, weight: float = 1.0
) -> Described:
    """Return a report's candidates with which of them are right by a judge of values."""
    right = [*(is_right(each.value) for each in candidates), is_right(None)]
    return Described(candidates, none, right, weight)
