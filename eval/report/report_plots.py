"""Plots of a report as SVG, readable in black and white: dashes and markers beside colours.

Every axis is a share and runs from 0 to 1. Colours come from the page's style sheet, by the classes
`s0` to `s5`, so that a plot follows the page into dark mode and onto paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from markupsafe import Markup

from eval.statistics.estimates import Estimate

Point = tuple[float, float]
_Value = TypeVar("_Value")

_WIDTH, _LEFT, _RIGHT, _TOP = 400, 52, 14, 12
_SIDE = _WIDTH - _LEFT - _RIGHT
_PLOT_HEIGHT = 270
_LEGEND_LINE = 22
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_KINDS = 6
_DASHES = ("", "7 4", "2 3", "10 4 2 4", "14 5", "5 3 1 3 1 3")
# Outlines of about 8 × 8 around the origin: circle, square, triangle, diamond, cross, plus.
_MARKERS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-3.5-3.5h7v7h-7z",
    "M0-4.6 4.4 3.4h-8.8z",
    "M0-5 5 0 0 5-5 0z",
    "M-4-4 4 4M4-4-4 4",
    "M0-5V5M-5 0H5",
)
_LONGEST_NAME = 44


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a plot. `number` gives dashes, marker and colour; `weights` sizes of markers."""

    number: int
    name: str
    points: tuple[Point, ...]
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Axes:
    """What a plot shows: its name in the page (an id), its title and those of its axes."""

    name: str
    title: str
    x: str
    y: str
    diagonal: str | None = None


@dataclass(frozen=True, slots=True)
class Whisker:
    """One figure with its interval, of the system with that number."""

    number: int
    estimate: Estimate


def line_plot(axes: Axes, series: Sequence[Series]) -> Markup:
    """Return the lines over both axes, with a legend below and a text alternative.

    `axes.diagonal` names the line from 0, 0 to 1, 1; without a name it is not drawn.
    """
    legend = [(s.number, s.name) for s in series]
    lines = [_path(s) for s in series]
    below = _TOP + _PLOT_HEIGHT + 52
    height = below + _LEGEND_LINE * (len(legend) + bool(axes.diagonal))
    parts = [_frame(axes)]
    if axes.diagonal:
        line = 'class="diagonal" d="M{} {}L{} {}"'.format(*_at(0, 0), *_at(1, 1))
        parts.append(Markup(f"<path {line}/>"))
        sample = _legend_diagonal(axes.diagonal, below + _LEGEND_LINE * len(legend))
        parts.append(sample)
    parts += lines
    parts += [
        _legend_line(number, name, below + _LEGEND_LINE * place)
        for place, (number, name) in enumerate(legend)
    ]
    return _svg(axes.name, axes.title, _spoken(axes, series), height, Markup("").join(parts))


def whisker_plot(name: str, title: str, rows: Sequence[tuple[str, Sequence[Whisker]]]) -> Markup:
    """Return a dot and its interval for each figure, the rows under their names.

    Figures without a mean, and those outside 0 to 1, are left to the table.
    """
    drawn: list[Markup] = []
    spoken: list[str] = []
    y = 14
    for label, whiskers in rows:
        shown = [each for each in whiskers if _fits(each.estimate)]
        if not shown:
            continue
        drawn.append(Markup('<text class="label" x="6" y="{}">{}</text>').format(y, label))
        spoken.append(f"{label} " + ", ".join(f"{e.estimate.mean:.3f}" for e in shown))
        for each in shown:
            y += 15
            drawn.append(_whisker(each, y - 1))
        y += 28
    if not drawn:
        return Markup("")
    bottom = y - 18
    ticks = Markup("").join(
        Markup('<path class="grid" d="M{x} 20V{y}"/><text x="{x}" y="{t}" {a}>{v:g}</text>').format(
            x=_across(tick), y=bottom, t=bottom + 16, v=tick, a=Markup('text-anchor="middle"')
        )
        for tick in _TICKS
    )
    return _svg(name, title, "; ".join(spoken) + ".", bottom + 24, ticks + Markup("").join(drawn))


def sample(number: int) -> Markup:
    """Return the dashes and the marker of a system, to stand before its name in a table."""
    return Markup(
        '<svg class="sample" viewBox="0 0 36 12" width="36" height="12" aria-hidden="true">{}</svg>'
    ).format(_sample(number, 18, 6))


def _svg(name: str, title: str, description: str, height: float, content: Markup) -> Markup:
    return Markup(
        '<svg class="plot" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="{name}-title {name}-text"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-text">{description}</desc>{content}</svg>'
    ).format(
        width=_WIDTH,
        height=f"{height:g}",
        name=name,
        title=title,
        description=description,
        content=content,
    )


def _frame(axes: Axes) -> Markup:
    lines: list[Markup] = []
    for tick in _TICKS:
        x, y = _at(tick, tick)
        lines.append(
            Markup(
                '<path class="grid" d="M{x} {top}V{bottom}M{left} {y}H{right}"/>'
                '<text x="{x}" y="{below}" text-anchor="middle">{tick:g}</text>'
                '<text x="{before}" y="{middle:g}" text-anchor="end">{tick:g}</text>'
            ).format(
                x=x,
                y=y,
                top=_TOP,
                bottom=_TOP + _PLOT_HEIGHT,
                left=_LEFT,
                right=_WIDTH - _RIGHT,
                below=_TOP + _PLOT_HEIGHT + 17,
                before=_LEFT - 7,
                middle=float(y) + 4,
                tick=tick,
            )
        )
    titles = Markup(
        '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text class="axis" transform="translate(15 {}) rotate(-90)" text-anchor="middle">{}</text>'
    ).format(
        _LEFT + _SIDE / 2,
        _TOP + _PLOT_HEIGHT + 35,
        axes.x,
        _TOP + _PLOT_HEIGHT / 2,
        axes.y,
    )
    return Markup("").join(lines) + titles


def _path(series: Series) -> Markup:
    places = [_at(*point) for point in series.points]
    path = "M" + "L".join(f"{x} {y}" for x, y in places) if places else ""
    heaviest = max(series.weights, default=1.0) or 1.0
    sizes = [0.7 + 1.1 * sqrt(weight / heaviest) for weight in series.weights]
    sizes = sizes or [1.0] * len(places)
    markers = Markup("").join(
        Markup('<path class="marker" d="{}" transform="translate({} {}) scale({:.2f})"/>').format(
            _marker(series.number), x, y, size
        )
        for (x, y), size in zip(_thinned(places), _thinned(sizes), strict=True)
    )
    return Markup('<g class="s{}"><path class="line" d="{}" stroke-dasharray="{}"/>{}</g>').format(
        series.number % _KINDS, path, _dashes(series.number), markers
    )


def _whisker(whisker: Whisker, y: float) -> Markup:
    mean = whisker.estimate.mean or 0.0
    low, high = whisker.estimate.low, whisker.estimate.high
    interval = Markup("")
    if low is not None and high is not None:
        ends = (_across(max(low, 0)), _across(min(high, 1)))
        interval = Markup('<path class="line" d="M{a} {y}H{b}M{a} {t}v8M{b} {t}v8"/>').format(
            a=ends[0], b=ends[1], y=y, t=y - 4
        )
    return Markup(
        '<g class="s{}">{}<path class="marker" d="{}" transform="translate({} {})"/></g>'
    ).format(whisker.number % _KINDS, interval, _marker(whisker.number), _across(mean), y)


def _legend_line(number: int, name: str, y: float) -> Markup:
    return _sample(number, _LEFT + 18, y) + _legend_text(name, y)


def _legend_diagonal(name: str, y: float) -> Markup:
    line = Markup('<path class="diagonal" d="M{} {}h36"/>').format(_LEFT, y)
    return line + _legend_text(name, y)


def _legend_text(name: str, y: float) -> Markup:
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return Markup('<text x="{}" y="{}">{}</text>').format(_LEFT + 46, y + 4, short)


def _sample(number: int, x: float, y: float) -> Markup:
    return Markup(
        '<g class="s{}"><path class="line" d="M{} {}h36" stroke-dasharray="{}"/>'
        '<path class="marker" d="{}" transform="translate({} {})"/></g>'
    ).format(number % _KINDS, x - 18, y, _dashes(number), _marker(number), x, y)


def _spoken(axes: Axes, series: Sequence[Series]) -> str:
    """Return the plot in words: where each line begins and ends."""
    said = [f"{axes.y} against {axes.x.lower()}."]
    for each in series:
        if each.points:
            (x0, y0), (x1, y1) = each.points[0], each.points[-1]
            said.append(f"{each.name}: from {y0:.2f} at {x0:.2f} to {y1:.2f} at {x1:.2f}.")
    return " ".join(said)


def _thinned(values: Sequence[_Value]) -> Sequence[_Value]:
    """Return about twenty values at even steps: more markers would run together."""
    return values[:: max(1, len(values) // 20)]


def _fits(estimate: Estimate) -> bool:
    return estimate.mean is not None and 0 <= estimate.mean <= 1


def _dashes(number: int) -> str:
    return _DASHES[number % _KINDS]


def _marker(number: int) -> str:
    # The seventh system shares the first one's dashes but not its marker.
    return _MARKERS[(number + number // _KINDS) % _KINDS]


def _at(x: float, y: float) -> tuple[str, str]:
    """Return the place in the drawing of a point of the plot."""
    top = _TOP + (1 - min(max(y, 0.0), 1.0)) * _PLOT_HEIGHT
    return f"{_LEFT + min(max(x, 0.0), 1.0) * _SIDE:.1f}", f"{top:.1f}"


def _across(value: float) -> str:
    """Return the x of a value in a plot without a vertical axis."""
    return f"{12 + min(max(value, 0.0), 1.0) * (_WIDTH - 24):.1f}"
