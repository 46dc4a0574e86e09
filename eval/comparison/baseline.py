"""What a run scored once, query by query: a file in git that later runs are held against."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from corpus.errors import InputError

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Value = Annotated[float, Field(allow_inf_nan=False)]


class Baseline(BaseModel):
    """The values of each measure by judged query, and what they were made from.

    `data` holds the SHA-256 of `corpus`, `queries` and `qrels`, where they were known;
    `configuration` what made the run, which may change: that is what a gate is for. `unanswered`
    are the judged queries that had no result. A mean that drops by more than `minimum_effect`
    fails the gate if the drop is significant; one that moves by more than `tolerance` is said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Mapping[str, str]
    configuration: Mapping[str, JsonValue]
    command: str
    tolerance: Share
    minimum_effect: Share
    unanswered: tuple[str, ...]
    values: Annotated[Mapping[str, Mapping[str, Value]], Field(min_length=1)]

    @property
    def queries(self) -> tuple[str, ...]:
        """The judged queries, in the order in which they were judged."""
        return tuple(next(iter(self.values.values())))


def read_baseline(path: Path) -> Baseline:
    """Return the baseline of a file.

    Raises: InputError if it is missing, no baseline, or if its measures cover other queries.
    """
    try:
        baseline = Baseline.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(
            f"{path}: expected a baseline; {error.strerror}. --record writes one."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: at {where or 'the top'}: {first['msg']}.") from error
    except ValueError as error:
        raise InputError(f"{path}: expected a JSON object ({error}).") from error
    for name, by_query in baseline.values.items():
        if set(by_query) != set(baseline.queries) or not by_query:
            raise InputError(
                f"{path}: at values.{name}: found {len(by_query)} queries; expected the same "
                f"{len(baseline.queries)}, one or more, under every measure."
            )
    return baseline


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline, a query a line: a diff shows which queries moved. Raises: InputError."""
    content = json.dumps(baseline.model_dump(mode="json"), indent=2, ensure_ascii=False)
    try:
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: the baseline cannot be written; {error.strerror}.") from error
