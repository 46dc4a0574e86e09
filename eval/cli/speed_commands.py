"""The command `citewell eval speed`. Importing this file loads nothing but Typer."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from service.cli.commanding import Json, reported, settings_of


def speed(
    context: typer.Context,
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files to ingest. [default: the bundled briefs]"),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Measure the collection in this home instead; ingest nothing."
        ),
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Questions to ask. [default: the training questions]"),
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=1, max=100, help="Number of fresh ingests and cold starts.")
    ] = 3,
    requests: Annotated[
        int, typer.Option(min=1, max=100_000, help="Questions at each concurrency.")
    ] = 100,
    concurrency: Annotated[
        list[int] | None,
        typer.Option(
            "--concurrency",
            min=1,
            max=256,
            help="Concurrent clients; repeatable. [default: 1 2 4 8]",
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Give the ratio to the figures in FILE.")
    ] = None,
    at_most: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="With --baseline: exit 1 if a multiple of the reference "
            "task, memory or a size grew by more than this ratio.",
        ),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the figures to FILE, as a baseline.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure cold start, ingest, questions under load, memory and size; on loopback only."""
    with reported(as_json=as_json):
        from corpus.errors import InputError
        from eval.cli.speed_printing import speed_lines
        from eval.speed.speed import SpeedRequest, measure_speed
        from eval.speed.speed_baseline import (
            ratios,
            read_speed_baseline,
            slower,
            write_speed_baseline,
        )
        from service.cli.printing import note, print_json, print_lines
        from service.cli.step_bar import StepBar

        if home is not None and sources:
            raise InputError("Expected either PATHs to ingest or --home DIR, not both.")
        if at_most is not None and baseline is None:
            raise InputError("--at-most compares with a baseline; expected --baseline FILE too.")
        then = read_speed_baseline(baseline) if baseline else None
        settings = settings_of(context)
        if home is not None:
            settings = settings.model_copy(update={"home": home})
        request = SpeedRequest(
            questions=_questions(questions),
            sources=() if home is not None else tuple(sources or [_briefs()]),
            rounds=rounds,
            requests=requests,
            concurrency=tuple(concurrency or (1, 2, 4, 8)),
        )
        with StepBar() as bar:
            report = measure_speed(request, settings, bar.show)
        found = ratios(report, then) if then else ()
        if as_json:
            compared = {each.name: each.ratio for each in found}
            print_json({**report.as_json(), **({"ratios": compared} if then else {})})
        else:
            print_lines(speed_lines(report, found))
        if record is not None:
            words = [word for word in sys.argv[1:] if word != "--record" and word != str(record)]
            write_speed_baseline(report, record, command=shlex.join(["citewell", *words]))
            note(f"recorded in {record}")
        over = slower(found, at_most) if at_most is not None else []
        for each in over:
            note(f"{each.name}: {each.ratio:.3f} times the baseline, expected at most {at_most:g}")
        if over:
            raise typer.Exit(1)


def _questions(file: Path | None) -> tuple[str, ...]:
    from eval.question_sets.questions import read_questions

    path = file or Path(__file__).parents[1] / "questions" / "train.jsonl"
    return tuple(question.text for question in read_questions(path).questions)


def _briefs() -> Path:
    import corpus

    return Path(corpus.__file__).parent / "reports"
