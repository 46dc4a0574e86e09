"""What may be chosen as a title, a publisher or a date, and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that may be right, where it was found, and its features by name.

    `origin` is `first page`, `running header`, `file` (its properties) or `text`.
    """

    value: str
    origin: str
    features: Features


@dataclass(frozen=True, slots=True)
class Choice:
    """The likeliest candidate's value and origin, and the probability that it is right."""

    value: str
    origin: str
    confidence: float
