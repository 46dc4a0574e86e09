"""Figures that are expected, kept in git, and what was measured instead."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from corpus.errors import InputError
from eval.statistics.estimates import Estimate


class Report(Protocol):
    """What was measured: the figures, and the settings and data that they depend on."""

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """The figures by name."""
        ...

    @property
    def settings(self) -> Mapping[str, object]:
        """How they were made."""
        ...

    @property
    def data(self) -> Mapping[str, object]:
        """What they were made from."""
        ...


class Figure(BaseModel):
    """A value and how far from it a measured one may be, on either side."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    tolerance: Annotated[float, Field(ge=0)]


class Expected(BaseModel):
    """What was measured once: on which data, by which configuration, machine and command.

    `data` holds the checksum of each file by name; `configuration` the settings that a result has
    to share to be compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Mapping[str, JsonValue]
    configuration: Mapping[str, JsonValue]
    figures: Mapping[str, Figure]
    machine: str
    command: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected."""

    name: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.name}: found {self.found}, expected {self.expected}"


def read_expected(path: Path) -> Expected:
    """Return the expected figures of a file. Raises: InputError."""
    try:
        return Expected.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"{path}: expected a file of figures; {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: at {where or 'the top'}: {first['msg']}.") from error
    except ValueError as error:
        raise InputError(f"{path}: expected a JSON object ({error}).") from error


def differences(expected: Expected, report: Report) -> Iterator[Difference]:
    """Yield what differs: first the data and the configuration, then figures out of tolerance.

    A figure that was not measured differs. Settings that the expected file does not name may be
    anything.
    """
    for part, found, wanted in (
        ("data", _plain(report.data), expected.data),
        ("configuration", _plain(report.settings), expected.configuration),
    ):
        for name, value in wanted.items():
            if found.get(name) != value:
                yield Difference(f"{part}.{name}", json.dumps(found.get(name)), json.dumps(value))
    for name, figure in expected.figures.items():
        measured = report.estimates[name].mean if name in report.estimates else None
        if measured is None or abs(measured - figure.value) > figure.tolerance + 1e-12:
            shown = "nothing" if measured is None else f"{measured:.4f}"
            yield Difference(name, shown, f"{figure.value:.4f} ± {figure.tolerance:g}")


def expected_of(report: Report, *, tolerance: float, machine: str, command: str) -> Expected:
    """Return the report's figures as those that are expected from now on."""
    configuration = _plain(report.settings)
    # A snapshot's id says nothing that the data and the other settings do not; and how intervals
    # are resampled moves no figure.
    for name in ("snapshot", "resampling"):
        configuration.pop(name, None)
    return Expected(
        data=_plain(report.data),
        configuration=configuration,
        figures={
            name: Figure(value=round(each.mean, 6), tolerance=tolerance)
            for name, each in report.estimates.items()
            if each.mean is not None
        },
        machine=machine,
        command=command,
    )


def write_expected(expected: Expected, path: Path) -> None:
    """Write the figures to a file, readable in a diff."""
    content = json.dumps(expected.model_dump(mode="json"), indent=2, ensure_ascii=False)
    path.write_text(content + "\n", encoding="utf-8")


def _plain(values: Mapping[str, object]) -> dict[str, JsonValue]:
    """Return the values as JSON gives them back."""
    found: dict[str, JsonValue] = json.loads(json.dumps(dict(values), default=str))
    return found
