"""Two rankings of the same rows into one.

Both functions take each source as row → raw score and return row → fused score, 0..1. The order
in which rows are given changes nothing; whoever sorts the result breaks ties.
"""

import heapq
import math
from collections.abc import Hashable, Mapping
from typing import TypeVar

Row = TypeVar("Row", bound=Hashable)


def scale(scores: Mapping[Row, float]) -> dict[Row, float]:
    """Return scores moved to 0..1: (s − min) / (max − min); all 1 where they are all equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    span = high - low
    return {row: (score - low) / span if span > 0 else 1.0 for row, score in scores.items()}


def fuse_scores(
    dense: Mapping[Row, float],
    lexical: Mapping[Row, float],
    *,
    dense_weight: float = 0.5,
    leaders: int = 0,
) -> dict[Row, float]:
    """Return w · scaled dense + (1 − w) · scaled lexical; a row absent from a source has 0 there.

    w is `dense_weight`. With `leaders` each source counts the more, the further its best row stands
    out from its first so many: its weight is divided by the mean of their scaled scores, and both
    weights are divided by their sum. Of two sources with weight 0.5, one whose first ten have a
    mean of 0.4 beside one with 0.6 counts 0.6. Where a source is empty w is `dense_weight`.

    *Source:* Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval,
    TOIS 2023 (convex combination with min-max scaling).
    """
    first, second = scale(dense), scale(lexical)
    weight = dense_weight
    if leaders and first and second:
        ours = dense_weight * _mean_of_best(second, leaders)
        weight = ours / (ours + (1 - dense_weight) * _mean_of_best(first, leaders))
    return {
        row: weight * first.get(row, 0.0) + (1 - weight) * second.get(row, 0.0)
        for row in first.keys() | second.keys()
    }


def fuse_ranks(
    dense: Mapping[Row, float], lexical: Mapping[Row, float], *, constant: int = 60
) -> dict[Row, float]:
    """Return Σ 1 / (constant + rank) over the sources, divided by its greatest possible value.

    Rows of equal score share the rank of the first of them, so that ties favour nobody.

    *Source:* Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods, SIGIR 2009.
    """
    best = 2 / (constant + 1)
    first, second = _reciprocal_ranks(dense, constant), _reciprocal_ranks(lexical, constant)
    return {
        row: (first.get(row, 0.0) + second.get(row, 0.0)) / best
        for row in first.keys() | second.keys()
    }


def _mean_of_best(scaled: Mapping[Row, float], number: int) -> float:
    """Return the mean of the greatest `number` scores, above 0: the greatest is 1."""
    best = heapq.nlargest(number, scaled.values())
    return math.fsum(best) / len(best)


def _reciprocal_ranks(scores: Mapping[Row, float], constant: int) -> dict[Row, float]:
    rank_of: dict[float, int] = {}
    for rank, score in enumerate(sorted(scores.values(), reverse=True), start=1):
        rank_of.setdefault(score, rank)
    return {row: 1 / (constant + rank_of[score]) for row, score in scores.items()}
