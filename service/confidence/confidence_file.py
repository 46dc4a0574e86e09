"""The file that holds a fitted confidence: `confidence.json`.

The one that comes with citewell lies beside this file. Another one is fitted with
`citewell eval calibrate`.
"""

import json
import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from corpus.errors import InputError
from corpus.ids import fingerprint_of

OWN = Path(__file__).with_name("confidence.json")
NEVER = 1.1  # a threshold that no probability reaches


class FittedOn(BaseModel):
    """How many questions it was fitted on: all, those that are answerable, and answered right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: int
    answerable: int
    right: int


class Figures(BaseModel):
    """A figure and its 95 % interval."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: float | None
    interval: tuple[float, float] | None


class Threshold(BaseModel):
    """The lowest confidence to answer with, so that at most `max_wrong` of the answers are wrong.

    `answered` and `wrong` are the answers with at least that confidence to questions that the
    weights were not fitted on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_wrong: Annotated[float, Field(gt=0, le=1)]
    confidence: Annotated[float, Field(ge=0, le=1)]
    answered: int
    wrong: int


class FittedModels(BaseModel):
    """Fingerprints of the models whose scores the weights are for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    embedder: str
    span_finder: str


class ConfidenceFile(BaseModel):
    """A confidence: 1 / (1 + e^−x), x the intercept plus `weight` times the margin.

    The margin is that of a `Quotation`. It is the
    probability of `target`. `figures` and `thresholds` are of questions that the weights
    were not fitted on: those of `held_out`, or by cross-validation in `folds` parts. `thresholds`
    are in the order of `max_wrong`; the ones that no confidence reaches are left out. `data` and
    `configuration` name what made the answers, as in a report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[3] = 3
    target: str
    models: FittedModels
    intercept: float
    weight: float
    fitted_on: FittedOn
    folds: int
    held_out: Mapping[str, JsonValue] | None = None
    figures: Mapping[str, Figures]
    thresholds: tuple[Threshold, ...]
    data: Mapping[str, JsonValue]
    configuration: Mapping[str, JsonValue]
    date: str

    @cached_property
    def fingerprint(self) -> str:
        """Equal for files with equal content. Every answer's receipt names it."""
        return fingerprint_of(self.model_dump(mode="json"))

    def probability(self, margin: float) -> float:
        """Return the probability that an answer with this margin is right, 0..1."""
        logit = self.intercept + self.weight * margin
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, logit))))

    def threshold(self, max_wrong: float) -> float:
        """Return the least confidence to answer with; `NEVER` if no answer is so surely right.

        It is that of the largest `max_wrong` in the file that is not above the one wanted. 1 means
        that every answer may be wrong: 0.
        """
        if max_wrong >= 1:
            return 0.0
        held = [each.confidence for each in self.thresholds if each.max_wrong <= max_wrong]
        return held[-1] if held else NEVER


def write_confidence(confidence: ConfidenceFile, path: Path) -> None:
    """Write the file, readable in a diff. Raises: InputError if it cannot be written."""
    content = json.dumps(confidence.model_dump(mode="json"), indent=2, ensure_ascii=False)
    try:
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: expected a file to write; {error.strerror}.") from error


def read_confidence(path: Path) -> ConfidenceFile:
    """Return a fitted confidence. Raises: InputError."""
    try:
        return ConfidenceFile.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a confidence file ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the top"
        raise InputError(f"{path}: at {where}: {first['msg']}.") from error
