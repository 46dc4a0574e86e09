"""The choice among candidates: a softmax over sums of weights, fitted on described reports.

The weights are data, in `weights.json`, one a feature for each of title, publisher and date;
`python -m training descriptions` fits them.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.front_matter.candidate import Candidate, Choice, Features

WEIGHTS = Path(__file__).with_name("weights.json")
NONE: Features = {"none": 1.0}
"""The features of choosing no candidate."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses by the weights of features; a feature without a weight counts nothing."""

    weights: Mapping[str, float]

    def choose(self, candidates: Sequence[Candidate], none: Features = NONE) -> Choice | None:
        """Return the likeliest candidate; None where it is likelier that none is right.

        Candidates of one value count together.
        """
        likely = self.probabilities([*(each.features for each in candidates), none])
        by_value: dict[str, float] = {}
        for each, probability in zip(candidates, likely, strict=False):
            by_value[each.value] = by_value.get(each.value, 0.0) + probability
        best = max(by_value, key=by_value.__getitem__, default=None)
        if best is None or by_value[best] < likely[-1]:
            return None
        of_best = [
            (probability, each.origin)
            for each, probability in zip(candidates, likely, strict=False)
            if each.value == best
        ]
        return Choice(best, max(of_best)[1], min(1.0, by_value[best]))

    def probabilities(self, features: Sequence[Features]) -> list[float]:
        """Return the probability of each candidate; they sum up to 1."""
        scores = [self.score(each) for each in features]
        top = max(scores)
        exponents = [math.exp(score - top) for score in scores]
        total = sum(exponents)
        return [each / total for each in exponents]

    def score(self, features: Features) -> float:
        """Return the sum of the weights of features."""
        weight = self.weights.get
        return sum([value * weight(name, 0.0) for name, value in features.items() if value])


@cache
def shipped_choosers() -> dict[str, Chooser]:
    """Return the choosers of title, publisher and date that come with this package."""
    stored = json.loads(WEIGHTS.read_text("utf-8"))
    return {field: Chooser(weights) for field, weights in stored.items()}
