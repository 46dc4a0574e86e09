"""The command that fits a confidence. Importing this file loads nothing but Typer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from service.confidence.confidence_file import ConfidenceFile


def calibrate(
    context: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Question files, asked alternately.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write the confidence to.")],
    question_format: Annotated[
        Literal["questions", "squad", "clapnq"],
        typer.Option(
            "--format",
            help="Questions on a collection that is there, or a set with its own passages.",
        ),
    ] = "questions",
    field: Annotated[
        list[str] | None,
        typer.Option(help="Field of the file with the wording to ask. Repeat. [question]"),
    ] = None,
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="Ask only this collection.")
    ] = None,
    held_out: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Questions for the thresholds and figures, not the "
            "weights; repeatable. [default: cross-validation]",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first N questions, for a quick check.")
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Cache of passages and scores. [CITEWELL_HOME/eval]"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Fit the probability that an answer is right, on judged questions of both kinds."""
    with reported(as_json=as_json):
        from corpus.errors import InputError
        from eval.answers.answering_passages import engine_for, read_asked
        from eval.answers.answers import AnswersRequest
        from eval.calibration.calibrating import considered_set, fit_confidence
        from eval.question_sets.located_questions import with_quotes
        from eval.sweep.score_cache import caching
        from service.cli.printing import note, print_json, print_lines
        from service.cli.step_bar import StepBar
        from service.confidence.confidence_file import write_confidence
        from service.settings.models import Models

        asked = [
            read_asked(questions, question_format, field=each, collection=collection)
            for each in field or ["question"]
        ]
        others = [
            read_asked(held_out, question_format, field=each, collection=collection)
            for each in field or ["question"]
            if held_out
        ]
        settings = settings_of(context)
        models = replace(Models.open(settings), confidence=None)
        if models.fitted is None:
            raise InputError(
                "A confidence is fitted on the margins of a span finder; found another reading "
                "model, or none, in the settings."
            )
        request = AnswersRequest(collection=collection, limit=limit)
        work = home or settings.home / "eval"
        with (
            StepBar() as bar,
            caching(models, work) as cached,
            engine_for(asked[0], settings, work, bar.show, models=cached) as engine,
        ):
            sets = [
                considered_set(
                    [with_quotes(each.file, engine.store) for each in part],
                    engine,
                    request,
                    bar.show,
                )
                for part in (asked, others)
                if part
            ]
            fitted = fit_confidence(sets[0], models.fitted, held_out=sets[1] if others else None)
        write_confidence(fitted, out)
        if as_json:
            print_json(fitted.model_dump(mode="json"))
        else:
            print_lines(confidence_lines(fitted))
        note(f"written to {out}; to use it: CITEWELL_CONFIDENCE={out}")


def confidence_lines(fitted: ConfidenceFile) -> list[str]:
    """Return the weights and the cross-validated figures, a line each."""
    width = len("intercept")
    weights = {"intercept": fitted.intercept, "margin": fitted.weight}
    lines = [f"{name:<{width}}  {weight:+.3f}" for name, weight in weights.items()]
    for name, figure in fitted.figures.items():
        if figure.mean is not None and figure.interval is not None:
            low, high = figure.interval
            lines.append(f"{name:<{width}}  {figure.mean:.3f}  [{low:.3f}, {high:.3f}]")
    for each in fitted.thresholds:
        if each.max_wrong in (0.05, 0.1, 0.2, 0.3):
            lines.append(
                f"at most {each.max_wrong:.0%} wrong: from {each.confidence:.3f}, "
                f"{each.answered} answered, {each.wrong} wrong"
            )
    counts = fitted.fitted_on
    lines.append(
        f"{counts.questions} questions, {counts.answerable} answerable; {counts.right} right"
    )
    return lines
