"""A measurement kept under a name, and how another of the same command stands to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from corpus.errors import InputError
from eval.speed.speed import SpeedReport


class SpeedBaseline(BaseModel):
    """What was measured once: the figures, on which data, by which settings, machine, command."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: Mapping[str, float]
    settings: Mapping[str, JsonValue]
    data: Mapping[str, JsonValue]
    machine: str
    command: str


@dataclass(frozen=True, slots=True)
class SpeedRatio:
    """A figure now and in the baseline, and their ratio; above 1 is more than it was."""

    name: str
    now: float
    then: float

    @property
    def ratio(self) -> float:
        """Now by then; 1 where both are 0."""
        if self.then == 0:
            return 1.0 if self.now == 0 else float("inf")
        return self.now / self.then


def read_speed_baseline(path: Path) -> SpeedBaseline:
    """Return the baseline of a file. Raises: InputError."""
    try:
        return SpeedBaseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: expected a speed baseline; {error.strerror}.") from error
    except ValidationError as error:
        raise InputError(f"{path}: {error.errors()[0]['msg']}; record it again.") from error


def write_speed_baseline(report: SpeedReport, path: Path, *, command: str) -> None:
    """Write the report as a baseline, readable in a diff."""
    content = {
        **report.as_json(),
        "figures": {name: round(value, 4) for name, value in report.figures.items()},
        "command": command,
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def ratios(report: SpeedReport, baseline: SpeedBaseline) -> tuple[SpeedRatio, ...]:
    """Return the ratio of each figure that both have.

    Raises: InputError where they are not of the same data and settings: no ratio would mean
    anything.
    """
    pairs = (("data", report.data, baseline.data), ("settings", report.settings, baseline.settings))
    for part, now, then in pairs:
        for name, value in then.items():
            if now.get(name) != value:
                raise InputError(
                    f"The baseline has {part}.{name} {value!r}, this measurement "
                    f"{now.get(name)!r}; expected the same command: record a new baseline."
                )
    return tuple(
        SpeedRatio(name, value, baseline.figures[name])
        for name, value in report.figures.items()
        if name in baseline.figures
    )


def slower(found: tuple[SpeedRatio, ...], at_most: float) -> list[SpeedRatio]:
    """Return the figures over reference work, and memory and sizes, that grew beyond `at_most`."""
    return [
        each
        for each in found
        if each.name.endswith(("_over_reference", "_bytes", "_failed")) and each.ratio > at_most
    ]
