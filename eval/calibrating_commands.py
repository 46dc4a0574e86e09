"""The command that fits a confidence. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from eval.confidence_file import ConfidenceFile


def calibrate(
    context: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Question files, asked in turn.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the confidence is written.")],
    question_format: Annotated[
        Literal["questions", "squad", "clapnq"],
        typer.Option(
            "--format",
            help="Questions on a collection that is there, or a set with its own passages.",
        ),
    ] = "questions",
    field: Annotated[
        str, typer.Option(help="Which wording to ask: the name of a field of the file.")
    ] = "question",
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="Ask only this collection.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first questions, to see that all works.")
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keeps ingested passages. [default: CITEWELL_HOME/eval]"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Fit the probability that an answer is right, on judged questions of both kinds."""
    with reported(as_json=as_json):
        from corpus.errors import InputError
        from eval.answering_passages import engine_for, read_asked
        from eval.answers import AnswersRequest
        from eval.calibrating import calibrate_answers
        from eval.confidence_file import write_confidence
        from eval.located_questions import with_quotes
        from service.models import Models
        from service.printing import note, print_json, print_lines
        from service.step_bar import StepBar

        asked = read_asked(questions, question_format, field=field, collection=collection)
        settings = settings_of(context)
        models = Models.open(settings)
        if models.reranker is None:
            raise InputError("A confidence is fitted on the cross-encoder's scores; found none.")
        request = AnswersRequest(collection=collection, limit=limit)
        work = home or settings.home / "eval"
        with (
            StepBar() as bar,
            engine_for(asked, settings, work, bar.show, models=models) as engine,
        ):
            file = with_quotes(asked.file, engine.store)
            fitted = calibrate_answers(file, engine, models.reranker, request, bar.show)
        write_confidence(fitted, out)
        if as_json:
            print_json(fitted.model_dump(mode="json"))
        else:
            print_lines(confidence_lines(fitted))
        note(f"written to {out}; the product does not use it by itself")


def confidence_lines(fitted: ConfidenceFile) -> list[str]:
    """Return the weights and the cross-validated figures, a line each."""
    width = max(len(each.name) for each in fitted.features)
    lines = [f"{each.name:<{width}}  {each.weight:+.3f}" for each in fitted.features]
    for name, figure in fitted.cross_validated.items():
        if figure.mean is not None and figure.interval is not None:
            low, high = figure.interval
            lines.append(f"{name:<{width}}  {figure.mean:.3f}  [{low:.3f}, {high:.3f}]")
    counts = fitted.fitted_on
    lines.append(
        f"{counts.questions} questions, {counts.answerable} answerable; {counts.right} right"
    )
    return lines
