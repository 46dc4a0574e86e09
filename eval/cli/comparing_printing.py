"""How comparisons and gates look in a terminal."""

from collections.abc import Iterator
from itertools import groupby

from eval.comparison.comparing import Change, Comparison, Contrast
from eval.comparison.gating import Verdict
from service.cli.printing import printable

SHOWN_IDS = 5
SHOWN_TEXT = 60


def comparison_lines(comparison: Comparison) -> list[str]:
    """Return the means of each run, then each pair with its differences and their queries."""
    pairs = groupby(comparison.contrasts, key=lambda each: (each.first, each.second))
    return [
        f"{comparison.queries} judged queries; differences are the second run's, intervals 95 %",
        "",
        *_mean_lines(comparison),
        *_coverage_lines(comparison),
        *(line for pair, contrasts in pairs for line in _pair_lines(pair, list(contrasts))),
    ]


def verdict_lines(verdict: Verdict) -> list[str]:
    """Return each measure's difference from the baseline, and whether the run passes."""
    width = _width(verdict.contrasts)
    lines = [_contrast_line(each, width) for each in verdict.contrasts]
    return [*lines, "passed" if verdict.passed else "failed"]


def _mean_lines(comparison: Comparison) -> Iterator[str]:
    width = max(len(printable(run.name)) for run in comparison.runs)
    names = list(comparison.runs[0].means)
    yield f"{'run':<{width}}  " + "  ".join(f"{name:>8}" for name in names)
    for run in comparison.runs:
        values = (f"{run.means[name]:>{max(8, len(name))}.4f}" for name in names)
        yield f"{printable(run.name):<{width}}  " + "  ".join(values)


def _coverage_lines(comparison: Comparison) -> Iterator[str]:
    for run in comparison.runs:
        name, missing = printable(run.name), len(run.unanswered)
        if missing == comparison.queries:
            yield f"{name}: answers none of the judged queries, all counted 0: another collection?"
        elif missing:
            yield f"{name}: {missing} judged queries left out, counted 0: {_ids(run.unanswered)}"
        if run.unjudged:
            yield (
                f"{name}: {len(run.unjudged)} queries without a judgement, not counted: "
                f"{_ids(run.unjudged)}"
            )


def _pair_lines(pair: tuple[str, str], contrasts: list[Contrast]) -> Iterator[str]:
    yield ""
    yield f"{printable(pair[0])} → {printable(pair[1])}"
    width = _width(contrasts)
    for contrast in contrasts:
        yield f"  {_contrast_line(contrast, width)}"
        for what, changes in (
            ("win", contrast.biggest_wins),
            ("loss", contrast.biggest_losses),
        ):
            yield from (f"    {what:<4} {_change(each)}" for each in changes)


def _contrast_line(contrast: Contrast, width: int) -> str:
    result = contrast.result
    parts = [
        f"{contrast.measure:<{width}}",
        f"{result.difference:+.4f} [{result.low:+.4f}, {result.high:+.4f}]",
        f"p {_p(result.p)} (Holm {_p(result.p_holm)})",
    ]
    if result.t_p is not None and result.t_p_holm is not None:
        parts.append(f"t-test {_p(result.t_p)} (Holm {_p(result.t_p_holm)})")
    if result.effect is not None:
        parts.append(f"d_z {result.effect:+.2f}")
    parts.append(f"{contrast.wins} wins {contrast.losses} losses {contrast.ties} ties")
    if result.detectable is not None:
        parts.append(f"80 % power from {result.detectable:.4f}")
    return "  ".join(parts)


def _p(value: float) -> str:
    return f"{value:.4f}" if value >= 0.0001 else "<0.0001"


def _change(change: Change) -> str:
    text = printable(" ".join(change.text.split()))
    shown = text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…"
    return (
        f"{change.first:.3f} → {change.second:.3f}  {printable(change.query_id)}  {shown}".rstrip()
    )


def _ids(query_ids: tuple[str, ...]) -> str:
    shown = ", ".join(printable(each) for each in query_ids[:SHOWN_IDS])
    return f"{shown}, …" if len(query_ids) > SHOWN_IDS else shown


def _width(contrasts: list[Contrast] | tuple[Contrast, ...]) -> int:
    return max((len(each.measure) for each in contrasts), default=0)
