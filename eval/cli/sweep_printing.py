"""How a sweep looks in a terminal."""

from collections.abc import Iterator

from eval.statistics.estimates import Estimate
from eval.statistics.significance import PairedResult
from eval.sweep.sweep import SweepReport
from service.cli.printing import printable


def sweep_lines(report: SweepReport) -> list[str]:
    """Return a block a measure: each configuration's mean, interval and difference to the first."""
    lines: list[str] = []
    for name in report.tried[0].values:
        lines += [*_measure_lines(report, name), ""]
    found = sum(each.found for each in report.tried)
    lines.append(
        f"{len(report.tried)} configurations, {found} of them measured before; differences are to "
        "the first, intervals 95 %, p by the paired randomisation test, Holm over all differences"
    )
    return [printable(line) if line else line for line in lines]


def _measure_lines(report: SweepReport, measure: str) -> Iterator[str]:
    width = max(len(each.configuration.name) for each in report.tried)
    results = {
        each.configuration: each.result for each in report.differences if each.measure == measure
    }
    questions = len(report.tried[0].values[measure])
    yield f"{measure}, {questions} questions"
    for each in report.tried:
        name = each.configuration.name
        shown = f"  {name:<{width}}  {_mean(each.estimates[measure])}"
        yield shown + (f"   {_difference(results[name])}" if name in results else "")


def _mean(each: Estimate) -> str:
    return f"{each.mean:.4f} [{each.low:.4f}, {each.high:.4f}]"


def _difference(result: PairedResult) -> str:
    interval = f"{result.difference:+.4f} [{result.low:+.4f}, {result.high:+.4f}]"
    return f"{interval}  p {result.p:.4f} (Holm {result.p_holm:.4f})"
