"""How a measurement of speed looks in a terminal."""

from collections.abc import Sequence

from eval.speed.speed import SpeedReport
from eval.speed.speed_baseline import SpeedRatio

_MIB = 1024 * 1024


def speed_lines(report: SpeedReport, found: Sequence[SpeedRatio]) -> list[str]:
    """Return a line a figure, beside it the baseline's and their ratio where there is one."""
    by_name = {each.name: each for each in found}
    width = max(len(name) for name in report.figures)
    lines = [f"{'':<{width}}  {'now':>10}  {'baseline':>10}  ratio"] if found else []
    for name, value in report.figures.items():
        line = f"{name:<{width}}  {_shown(name, value):>10}"
        if each := by_name.get(name):
            line += f"  {_shown(name, each.then):>10}  {each.ratio:.3f}"
        lines.append(line)
    data = report.data
    lines.append(
        f"{data['documents']} documents, {data['pages']} pages, {data['passages']} passages; "
        f"{report.machine}"
    )
    return lines


def _shown(name: str, value: float) -> str:
    if name.endswith("_bytes"):
        return f"{value / _MIB:.1f} MiB"
    return f"{value:.0f}" if name.endswith("_failed") else f"{value:.3f}"
