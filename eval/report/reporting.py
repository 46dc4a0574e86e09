"""One HTML file that shows what was measured: tables, plots, every query, configuration.

The file asks for nothing: its style and its one small script stand in it, and its content security
policy allows these two, by their checksums, and nothing else.
"""

import base64
import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from corpus.errors import InputError
from eval.figures.machine import machine
from eval.report.report_kinds import kind_tables
from eval.report.report_plots import Axes, Series, Whisker, line_plot, sample, whisker_plot
from eval.report.report_queries import BrowsedRuns, RunFigures, figures_of, shown_queries
from eval.report.report_results import Kind, Result
from eval.statistics.estimates import Estimate
from service.http import web
from service.settings.version import installed_version

FOLDER = Path(__file__).parent / "templates"
WEB_ASSETS = Path(web.__file__).parent / "assets"

_PACKAGES = ("numpy", "ir-measures", "faiss-cpu", "onnxruntime", "sentence-transformers", "tantivy")
_HEADINGS: Mapping[Kind, str] = {"retrieval": "Retrieval", "answers": "Answers"}


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What to show: results that were printed, and runs to look into; one of them is enough.

    A run with the name of a result is taken for that result's own. `made_at` is ISO 8601.
    """

    results: tuple[Result, ...]
    browsed: BrowsedRuns | None
    made_at: str
    title: str = "Evaluation report"


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """Measures by system: `rows` hold a figure, or None, for each of `systems`."""

    heading: str
    systems: tuple[str, ...]
    counted: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Estimate | None, ...]], ...]
    plot: Markup


@dataclass(frozen=True, slots=True)
class Curve:
    """A plot and its points as a table."""

    axes: Axes
    plot: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SettingsTable:
    """Settings by system; `differs` are the rows where systems have another value."""

    heading: str
    systems: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    differs: frozenset[str]


def report_html(request: ReportRequest) -> str:
    """Return the report as one HTML document.

    Raises: InputError if there is nothing to show, or for an unknown measure.
    """
    figures = figures_of(request.browsed) if request.browsed else {}
    numbers = {
        name: number
        for number, name in enumerate(dict.fromkeys([*(r.name for r in request.results), *figures]))
    }
    if not numbers:
        raise InputError("Found neither a result nor a run; expected at least one of them.")
    browsed = request.browsed
    return (
        _environment()
        .get_template("report.html")
        .render(
            title=request.title,
            made_at=request.made_at,
            numbers=numbers,
            tables=measure_tables(request.results, figures, numbers),
            kinds=kind_tables(request.results),
            curves=curves(request.results, figures, numbers),
            queries=shown_queries(browsed, figures) if browsed else (),
            run_measures=list(next(iter(figures.values())).estimates) if figures else [],
            documents=browsed.documents if browsed else 0,
            settings=settings_tables(request.results),
            environment=environment(),
            **_sources(),
        )
    )


def measure_tables(
    results: Sequence[Result], figures: Mapping[str, RunFigures], numbers: Mapping[str, int]
) -> tuple[MeasureTable, ...]:
    """Return a table for retrieval and one for answers, where there is any."""
    tables: list[MeasureTable] = []
    for kind, heading in _HEADINGS.items():
        found = {r.name: r.measures for r in results if r.kind == kind}
        counted = {r.name: r.counted for r in results if r.kind == kind}
        if kind == "retrieval":
            known = {result.name for result in results}
            for name, each in figures.items():
                if name not in known:
                    found[name] = each.estimates
                    judged = next(iter(each.measured.values.values()))
                    counted[name] = f"{len(judged):,} queries"
        if found:
            tables.append(_table(heading, found, tuple(counted.values()), numbers))
    return tuple(tables)


def curves(
    results: Sequence[Result], figures: Mapping[str, RunFigures], numbers: Mapping[str, int]
) -> tuple[Curve, ...]:
    """Return the plots for which there are points."""
    risks = [Series(numbers[r.name], r.name, r.risk_coverage) for r in results if r.risk_coverage]
    bins = [
        Series(
            numbers[r.name],
            r.name,
            tuple((each.confidence, each.right) for each in r.reliability),
            tuple(float(each.count) for each in r.reliability),
        )
        for r in results
        if r.reliability
    ]
    precisions = [Series(numbers[name], name, each.precision) for name, each in figures.items()]
    drawn = (
        (Axes("recall", "Precision by recall", "Recall", "Interpolated precision"), precisions),
        (Axes("risk", "Risk by coverage", "Share of questions answered", "Share wrong"), risks),
        (
            Axes("reliability", "Reliability", "Mean confidence", "Share right", "as it should be"),
            bins,
        ),
    )
    return tuple(_curve(axes, series) for axes, series in drawn if series)


def settings_tables(results: Sequence[Result]) -> tuple[SettingsTable, ...]:
    """Return what made the results and from which data, side by side for each kind of result."""
    tables: list[SettingsTable] = []
    for kind in _HEADINGS:
        alike = [result for result in results if result.kind == kind]
        for heading, of in (
            (f"Configuration of {kind}", {r.name: r.settings for r in alike}),
            (f"Data of {kind}", {r.name: r.data for r in alike}),
        ):
            names = dict.fromkeys(name for each in of.values() for name in each)
            rows = tuple((n, tuple(each.get(n, "—") for each in of.values())) for n in names)
            differs = frozenset(name for name, values in rows if len(set(values)) > 1)
            if rows:
                tables.append(SettingsTable(heading, tuple(of), rows, differs))
    return tuple(tables)


def environment() -> dict[str, str]:
    """Return the versions and the machine that a report is made with."""
    found = {"citewell": installed_version(), "Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found | {"machine": machine()}


def _table(
    heading: str,
    found: Mapping[str, Mapping[str, Estimate]],
    counted: tuple[str, ...],
    numbers: Mapping[str, int],
) -> MeasureTable:
    measures = dict.fromkeys(name for each in found.values() for name in each)
    rows = tuple((m, tuple(each.get(m) for each in found.values())) for m in measures)
    systems = tuple(found)
    whiskers = [
        (m, [Whisker(numbers[s], e) for s, e in zip(systems, row, strict=True) if e is not None])
        for m, row in rows
    ]
    plot = whisker_plot(f"{heading.lower()}-intervals", f"{heading}: means and intervals", whiskers)
    return MeasureTable(heading, systems, counted, rows, plot)


def _curve(axes: Axes, series: Sequence[Series]) -> Curve:
    weighted = any(each.weights for each in series)
    rows = [
        (each.name, f"{x:.3f}", f"{y:.3f}", *((f"{weight:.0f}",) if weighted else ()))
        for each in series
        for (x, y), weight in zip(
            each.points, each.weights or [0.0] * len(each.points), strict=True
        )
    ]
    columns = ("System", axes.x, axes.y, *(("Answers",) if weighted else ()))
    return Curve(axes, line_plot(axes, series), columns, tuple(rows))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["sample"] = sample
    return environment


def _sources() -> dict[str, Markup]:
    """Return style and script as they stand in the page, and the policy that allows only them."""
    sheets = (WEB_ASSETS / "base.css", FOLDER / "report.css")
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    script = (FOLDER / "report.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_checksum(style)}'; script-src '{_checksum(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return {"style": Markup(style), "script": Markup(script), "policy": Markup(policy)}


def _checksum(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
