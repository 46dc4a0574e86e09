"""Results as the `citewell eval` commands print them with `--json`, read back for a report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
)

from corpus.errors import InputError
from eval.statistics.estimates import Estimate

_FIELDS_OF_A_RUN = 6

Kind = Literal["retrieval", "answers"]
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about one confidence: its mean, the share that was right, and their number."""

    confidence: float
    right: float
    count: int


@dataclass(frozen=True, slots=True)
class KindResult:
    """Figures over the questions of one kind, and how many there are."""

    kind: str
    answerable: int
    unanswerable: int
    measures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Result:
    """One system's figures. `settings` and `data` are flat: `retrieval.fusion` is a name.

    `by_kind` are the kinds of question, in the file's order. `risk_coverage` are pairs of the share
    of questions answered and the share of those that were wrong. They and `reliability` are empty
    where the result does not hold them.
    """

    name: str
    kind: Kind
    measures: Mapping[str, Estimate]
    counted: str
    settings: Mapping[str, str]
    data: Mapping[str, str]
    risk_coverage: tuple[tuple[float, float], ...] = ()
    reliability: tuple[Bin, ...] = ()
    by_kind: tuple[KindResult, ...] = ()


class _Figure(BaseModel):
    model_config = ConfigDict(extra="ignore")
    mean: float | None
    interval: tuple[float, float] | None = None


class _Counts(BaseModel):
    model_config = ConfigDict(extra="ignore")
    answerable: int = 0
    unanswerable: int = 0


class _RiskPoint(BaseModel):
    model_config = ConfigDict(extra="ignore")
    coverage: Share
    risk: Share


class _SavedBin(BaseModel):
    model_config = ConfigDict(extra="ignore")
    confidence: Share
    right: Share
    count: Annotated[int, Field(ge=1)]


class _SavedKind(BaseModel):
    model_config = ConfigDict(extra="ignore")
    questions: _Counts
    measures: dict[str, _Figure]


class _SavedResult(BaseModel):
    model_config = ConfigDict(extra="ignore")
    measures: dict[str, _Figure]
    queries: int | None = None
    questions: _Counts | None = None
    settings: dict[str, JsonValue] = {}
    data: dict[str, JsonValue] = {}
    risk_coverage: list[_RiskPoint] = []
    reliability: list[_SavedBin] = []
    by_kind: dict[str, _SavedKind] = {}


def read_results(paths: Iterable[Path]) -> tuple[Result, ...]:
    """Return the results of some files, named by their files.

    Raises: InputError naming the file and what in it is not as expected.
    """
    listed = list(paths)
    return tuple(_read(path, name) for path, name in zip(listed, names_of(listed), strict=True))


def parted(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return the results among some files, which are JSON objects, and the others, which are runs.

    What cannot be read is left to be refused as a result.
    """
    results, runs = list[Path](), list[Path]()
    for path in paths:
        (runs if _is_run(path) else results).append(path)
    return results, runs


def _is_run(path: Path) -> bool:
    """Tell whether a file begins as a line of a TREC run: `query_id Q0 doc_id rank score tag`."""
    try:
        with path.open(encoding="utf-8") as lines:
            first = next((line for line in lines if line.strip()), "")
    except (OSError, UnicodeDecodeError):
        return False
    return len(first.split()) == _FIELDS_OF_A_RUN and not first.lstrip().startswith("{")


def names_of(paths: Iterable[Path]) -> list[str]:
    """Return a name for each file: without folder and suffix where that tells them apart.

    Raises: InputError if a file is given twice.
    """
    listed = list(paths)
    names = [path.stem for path in listed]
    if len(set(names)) < len(names):
        names = [str(path) for path in listed]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InputError(f"Found {min(twice)} twice; expected each file once.")
    return names


def flat(values: Mapping[str, JsonValue], before: str = "") -> dict[str, str]:
    """Return nested settings as text by dotted name.

    >>> flat({"a": {"b": [1, "two"], "c": None}, "d": True})
    {'a.b': '1, two', 'a.c': 'none', 'd': 'yes'}
    """
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = _text(value)
    return found


def _read(path: Path, name: str) -> Result:
    try:
        saved = _SavedResult.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: expected a result; {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(
            f"{path}: found {first['input']!r:.60} at `{place}`; expected what `citewell eval "
            f"retrieval --json` or `citewell eval answers --json` prints: {first['msg']}."
        ) from error
    return Result(
        name=name,
        kind="retrieval" if saved.questions is None else "answers",
        measures=_estimates(saved.measures),
        counted=_counted(saved),
        settings=flat(saved.settings),
        data=flat(saved.data),
        risk_coverage=tuple((p.coverage, p.risk) for p in saved.risk_coverage),
        reliability=tuple(Bin(b.confidence, b.right, b.count) for b in saved.reliability),
        by_kind=tuple(
            KindResult(
                kind,
                each.questions.answerable,
                each.questions.unanswerable,
                _estimates(each.measures),
            )
            for kind, each in saved.by_kind.items()
        ),
    )


def _estimates(figures: Mapping[str, _Figure]) -> dict[str, Estimate]:
    return {
        name: Estimate(figure.mean, *(figure.interval or (None, None)))
        for name, figure in figures.items()
    }


def _counted(saved: _SavedResult) -> str:
    if saved.questions is not None:
        return (
            f"{saved.questions.answerable:,} answerable, "
            f"{saved.questions.unanswerable:,} unanswerable"
        )
    return "" if saved.queries is None else f"{saved.queries:,} queries"


def _text(value: JsonValue) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value) or "none"
    return str(value)
