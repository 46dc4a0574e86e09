"""The command that measures a span finder. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from eval.cli.options import Limit, Resamples, Wording
from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.span_finding.span_questions import ReadingQuestion
    from service.settings.settings import Settings

_Format = Literal["questions", "squad", "clapnq", "examples"]


def reading(
    context: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Question files, read alternately.")
    ],
    question_format: Annotated[
        _Format,
        typer.Option(
            "--format",
            help="Questions on a collection that is there (the right passage is given, or the "
            "nearest that does not answer), a set with its own passages, or training's examples.",
        ),
    ] = "questions",
    field: Wording = "question",
    span_finder: Annotated[
        str, typer.Option(help="A name, or an ONNX file of training.")
    ] = "citewell/span-finder",
    no_rerank: Annotated[
        bool, typer.Option("--no-rerank", help="Omit the figure of the cross-encoder.")
    ] = False,
    limit: Limit = None,
    resamples: Resamples = 2000,
    as_json: Json = False,
) -> None:
    """Measure whether the span finder detects that a passage answers, and where."""
    with reported(as_json=as_json):
        from corpus.errors import InputError
        from eval.cli.printing import estimate_lines
        from eval.span_finding.span_finding import evaluate_reading
        from eval.statistics.estimates import Resampling
        from index.rerankers.opening import MS_MARCO_MINILM, open_reranker
        from index.values.ports import finds_spans
        from service.cli.printing import print_json, print_lines
        from service.cli.step_bar import StepBar

        settings = settings_of(context)
        read = _read(questions, question_format, field, settings)[:limit]
        finder = open_reranker(span_finder, threads=settings.threads)
        if not finds_spans(finder):
            raise InputError(
                f"Found {span_finder!r}, which marks no words; expected a span finder."
            )
        reranker = None if no_rerank else open_reranker(MS_MARCO_MINILM, threads=settings.threads)
        with StepBar() as bar:
            report = evaluate_reading(
                read, finder, reranker, bar.show, resampling=Resampling(resamples=resamples)
            )
        if as_json:
            print_json(report.as_json())
        else:
            counts = f"{len(read):,} questions, {report.answerable:,} answerable"
            print_lines([*estimate_lines(report.estimates), counts])


def _read(
    paths: Sequence[Path], question_format: _Format, field: str, settings: Settings
) -> list[ReadingQuestion]:
    from corpus.stores.sql_store import SqlStore
    from eval.span_finding.span_questions import (
        clapnq_reading,
        example_reading,
        report_reading,
        squad_reading,
    )

    if question_format == "questions":
        with SqlStore.open(settings.store_url, read_only=True) as store:
            return [q for path in paths for q in report_reading(path, store, field=field)]
    reading = {"squad": squad_reading, "clapnq": clapnq_reading, "examples": example_reading}
    found = [list(reading[question_format](path)) for path in paths]
    # In turn, so that the first questions of two files are of both kinds.
    longest = max(map(len, found))
    return [each[i] for i in range(longest) for each in found if i < len(each)]
