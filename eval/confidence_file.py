"""The file that holds a fitted confidence: `CONFIDENCE.json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from corpus.errors import InputError


class Weight(BaseModel):
    """One feature: `weight` applies to (value − centre) / scale."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    weight: float
    centre: float
    scale: Annotated[float, Field(gt=0)]


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


class ConfidenceFile(BaseModel):
    """A confidence: 1 / (1 + e^−x), x the intercept plus the weighted features.

    It is the probability of `target`. `cross_validated` are figures on questions that the weights
    were not fitted on. `data` and `configuration` name what made the answers, as in a report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    target: str
    intercept: float
    features: Annotated[tuple[Weight, ...], Field(min_length=1)]
    penalty: float
    fitted_on: FittedOn
    folds: int
    cross_validated: Mapping[str, Figures]
    data: Mapping[str, JsonValue]
    configuration: Mapping[str, JsonValue]
    date: str

    @model_validator(mode="after")
    def _names_once(self) -> "ConfidenceFile":
        names = [each.name for each in self.features]
        if len(set(names)) < len(names):
            raise ValueError("a feature is named twice")
        return self


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
