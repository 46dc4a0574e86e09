"""How far assessors agree beyond chance, for two of them and for any number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from eval.judging.judging import Judgement, current

Weights = Literal["none", "linear", "quadratic"]
Level = Literal["nominal", "ordinal"]


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two assessors: the pairs that both judged and Cohen's kappa over them.

    `kappa` counts every difference alike, `weighted_kappa` by its square. None: undefined.
    """

    first: str
    second: str
    judged_by_both: int
    same: int
    kappa: float | None
    weighted_kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All assessors: how many pairs two or more judged, and Krippendorff's alpha over them."""

    assessors: tuple[str, ...]
    judged: int
    judged_twice: int
    alpha_nominal: float | None
    alpha_ordinal: float | None
    pairs: tuple[PairAgreement, ...]


def agreement(judgements: Iterable[Judgement]) -> Agreement:
    """Return how far the assessors agree, by their last judgements."""
    grades: dict[tuple[str, str], dict[str, int]] = {}
    for each in current(judgements):
        grades.setdefault((each.query_id, each.doc_id), {})[each.assessor] = each.relevance
    assessors = sorted({assessor for by in grades.values() for assessor in by})
    units = [list(by.values()) for by in grades.values()]
    return Agreement(
        assessors=tuple(assessors),
        judged=len(units),
        judged_twice=sum(len(unit) > 1 for unit in units),
        alpha_nominal=krippendorff_alpha(units, level="nominal"),
        alpha_ordinal=krippendorff_alpha(units, level="ordinal"),
        pairs=tuple(
            _pair_agreement(
                first, second, [by for by in grades.values() if {first, second} <= {*by}]
            )
            for first, second in combinations(assessors, 2)
        ),
    )


def cohen_kappa(
    first: Sequence[int], second: Sequence[int], *, weights: Weights = "none"
) -> float | None:
    """Return 1 − observed / expected disagreement of two assessors over the same things.

    Use it for two assessors; `linear` and `quadratic` count a difference of grades by its size or
    its square. 1 is full agreement, 0 what chance would give. None where chance alone would give
    full agreement: both used one and the same grade only, or nothing was judged.

    Example: 20 things both call 1, 15 both call 0, 5 only the first calls 1 and 10 only the second:
    observed disagreement 0.3, expected 0.5, kappa 0.4.

    *Source:* Cohen 1960, A coefficient of agreement for nominal scales; Cohen 1968, Weighted kappa.
    """
    if len(first) != len(second):
        raise ValueError(f"found {len(first)} grades and {len(second)}; expected as many")
    n = len(first)
    observed = sum(_distance(a, b, weights) for a, b in zip(first, second, strict=True))
    marginals = [
        (a, b, count * other)
        for a, count in Counter(first).items()
        for b, other in Counter(second).items()
    ]
    expected = sum(_distance(a, b, weights) * count for a, b, count in marginals)
    # Whole numbers until here: whether chance disagrees at all is not a matter of rounding.
    return None if expected == 0 else 1 - observed * n / expected


def krippendorff_alpha(units: Iterable[Sequence[int]], *, level: Level) -> float | None:
    """Return 1 − observed / expected disagreement over the grades that each thing got.

    Use it for any number of assessors, each of whom may have left things out. A unit holds the
    grades of one thing; those with fewer than two say nothing and are left out. `nominal` counts
    every difference alike, `ordinal` by the grades that lie between. None: nothing to compare, or
    all grades alike.

    *Source:* Krippendorff 2011, Computing Krippendorff's alpha-reliability; Krippendorff 2004,
    Content analysis, chapter 11.
    """
    paired = [Counter(unit) for unit in units if len(unit) > 1]
    totals: Counter[int] = Counter()
    for unit in paired:
        totals.update(unit)
    distances = _squared_distances(totals, level)
    n = totals.total()
    observed = sum(
        distance * unit[a] * unit[b] / (unit.total() - 1)
        for unit in paired
        for (a, b), distance in distances.items()
    )
    expected = sum(
        distance * totals[a] * totals[b] for (a, b), distance in distances.items()
    ) / max(n - 1, 1)
    return None if expected == 0 else 1 - observed / expected


def _pair_agreement(first: str, second: str, graded: Sequence[dict[str, int]]) -> PairAgreement:
    """`graded` are the grades, by assessor, of what both judged."""
    a, b = [by[first] for by in graded], [by[second] for by in graded]
    return PairAgreement(
        first=first,
        second=second,
        judged_by_both=len(graded),
        same=sum(x == y for x, y in zip(a, b, strict=True)),
        kappa=cohen_kappa(a, b),
        weighted_kappa=cohen_kappa(a, b, weights="quadratic"),
    )


def _distance(first: int, second: int, weights: Weights) -> int:
    if weights == "none":
        return int(first != second)
    return abs(first - second) ** (1 if weights == "linear" else 2)


def _squared_distances(totals: Counter[int], level: Level) -> dict[tuple[int, int], float]:
    """Return Krippendorff's δ² of each two grades, the lower one first.

    Ordinal: the sum of how often the grades from one to the other were given, less half of both
    ends, squared.
    """
    grades = sorted(totals)
    if level == "nominal":
        return dict.fromkeys(combinations(grades, 2), 1.0)
    return {
        (low, high): (
            sum(totals[grade] for grade in grades if low <= grade <= high)
            - (totals[low] + totals[high]) / 2
        )
        ** 2
        for low, high in combinations(grades, 2)
    }
