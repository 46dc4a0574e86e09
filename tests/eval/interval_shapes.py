"""Shapes that values and differences of queries take, each with its true mean."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp

import numpy as np

from eval.statistics.estimates import Floats, Resampling
from eval.statistics.significance import bootstrap_interval

Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]

STEPS, STEP_SHARES = [-0.37, 0.37, 0.5, 1.0], [0.4, 0.3, 0.2, 0.1]
STEP_MEAN = -0.4 * 0.37 + 0.3 * 0.37 + 0.2 * 0.5 + 0.1
RANKS, RANK_SHARES = [1, 1 / 2, 1 / 3, 1 / 5, 0], [0.55, 0.15, 0.1, 0.05, 0.15]


@dataclass(frozen=True, slots=True)
class Shape:
    """A distribution to draw from; `truth` is its mean."""

    name: str
    draw: Draw
    truth: float

    def coverage(self, queries: int, *, samples: int, seed: int) -> float:
        """Return the share of samples whose 95 % interval holds the true mean."""
        values = self.draw(np.random.default_rng([seed, queries]), (queries, samples))
        low, high = bootstrap_interval(values, Resampling(resamples=1000))
        held = (low <= self.truth + 1e-12) & (high >= self.truth - 1e-12)
        return float(np.mean(held))


def _right(share: float) -> Draw:
    return lambda random, shape: np.where(random.random(shape) < share, 1.0, 0.0)


def _skewed(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    drawn = random.exponential(0.3, shape) - 0.2
    return np.where(random.random(shape) < 1 / 3, 0.0, drawn)


def _steps(zero: float) -> Draw:
    def draw(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
        drawn = random.choice(STEPS, shape, p=STEP_SHARES)
        return np.where(random.random(shape) < zero, 0.0, drawn)

    return draw


def _jumps(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    drawn = random.choice([-1.0, -0.5, 0.5, 1.0], shape, p=[0.2, 0.2, 0.3, 0.3])
    return np.where(random.random(shape) < 0.9, 0.0, drawn)


SHAPES = (
    Shape("graded, U-shaped", lambda random, shape: random.beta(0.6, 0.6, shape), 0.5),
    Shape("right or wrong, 70 % right", _right(0.7), 0.7),
    Shape("right or wrong, 90 % right", _right(0.9), 0.9),
    Shape(
        "reciprocal ranks",
        lambda random, shape: random.choice(RANKS, shape, p=RANK_SHARES),
        sum(rank * share for rank, share in zip(RANKS, RANK_SHARES, strict=True)),
    ),
    Shape("normal differences", lambda random, shape: random.normal(0.05, 0.3, shape), 0.05),
    Shape("skewed differences, a third 0", _skewed, 2 / 3 * 0.1),
    Shape("differences, 70 % of them 0", _steps(0.7), 0.3 * STEP_MEAN),
    Shape("differences, 85 % of them 0", _steps(0.85), 0.15 * STEP_MEAN),
)

HARD_SHAPES = (
    Shape("differences, 90 % of them 0, the rest up to 1", _jumps, 0.1 * (0.3 * 0.5 + 0.3 - 0.3)),
    Shape(
        "log-normal: no bound above",
        lambda random, shape: random.lognormal(0, 1, shape) * 0.1 - 0.1,
        0.1 * exp(0.5) - 0.1,
    ),
)
