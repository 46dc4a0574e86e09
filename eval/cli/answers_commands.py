"""`citewell eval answers` and `quotes`, and how reports are printed.

Importing this file loads nothing but Typer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from eval.cli.options import (
    AskedCollection,
    ExpectedFile,
    Limit,
    Mode,
    NoRerank,
    QuestionFormat,
    RecordFile,
    Resamples,
    Tolerance,
    Wording,
    Work,
)
from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from eval.answers.answers import AnswersReport
    from eval.retrieval.retrieval_report import RetrievalReport
    from eval.statistics.estimates import Resampling


def answers(
    context: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Question files, asked alternately.")
    ],
    question_format: QuestionFormat = "questions",
    field: Wording = "question",
    collection: AskedCollection = None,
    mode: Mode = "hybrid",
    no_rerank: NoRerank = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also print one line per question.")
    ] = False,
    by: Annotated[
        Literal["kind"] | None, typer.Option(help="Also report each kind of question.")
    ] = None,
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measures", "-m", metavar="MEASURE", help="Also selective_error@X; repeatable."
        ),
    ] = None,
    home: Work = None,
    limit: Limit = None,
    max_wrong: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="As in `citewell ask`; 1 answers whatever the confidence."
        ),
    ] = None,
    cache: Annotated[
        bool, typer.Option(help="Keep the models' scores in --home, for the next time.")
    ] = False,
    resamples: Resamples = 2000,
    expected: ExpectedFile = None,
    record: RecordFile = None,
    tolerance: Tolerance = 0.005,
    as_json: Json = False,
) -> None:
    """Measure answers: evidence found, quotes exact, abstentions right."""
    with reported(as_json=as_json):
        from eval.answers.answer_measures import coverages_of
        from eval.answers.answering_passages import engine_for, read_asked
        from eval.answers.answers import AnswersRequest, evaluate_answers
        from eval.cli.printing import answers_lines
        from eval.figures.recording import compare_expected, record_expected
        from eval.question_sets.located_questions import with_quotes
        from eval.sweep.score_cache import caching
        from service.cli.printing import note
        from service.cli.step_bar import StepBar
        from service.settings.models import Models

        asked = read_asked(questions, question_format, field=field, collection=collection)
        request = AnswersRequest(
            collection=collection,
            mode=mode,
            rerank=not no_rerank,
            limit=limit,
            resampling=resampling_of(resamples),
            coverages=coverages_of(measures or ()),
            by=by,
            max_wrong=max_wrong,
        )
        settings = settings_of(context)
        work = home or settings.home / "eval"
        models = Models.open(settings)
        with (
            StepBar() as bar,
            caching(models, work, on=cache) as models,
            engine_for(asked, settings, work, bar.show, models=models) as engine,
        ):
            file = with_quotes(asked.file, engine.store)
            report = evaluate_answers(file, engine, request, bar.show)
        print_report(report, answers_lines(report, verbose=verbose), as_json=as_json)
        record_expected(report, record, tolerance)
        if report.inexact_quotes:
            note(f"{report.inexact_quotes} quotes are not the page text at their offsets")
            raise typer.Exit(1)
        compare_expected(report, expected)


def quotes(context: typer.Context, as_json: Json = False) -> None:
    """Check that every stored chunk equals its page text; exit 1 if one does not."""
    with reported(as_json=as_json):
        from corpus.stores.sql_store import SqlStore
        from eval.answers.checking import check_store
        from eval.cli.printing import check_lines
        from service.cli.printing import print_json, print_lines

        with SqlStore.open(settings_of(context).store_url) as store:
            check = check_store(store)
        if as_json:
            print_json(check.as_json())
        else:
            print_lines(check_lines(check))
        if check.wrong:
            raise typer.Exit(1)


def resampling_of(resamples: int) -> Resampling:
    """Return how intervals are made."""
    from eval.statistics.estimates import Resampling

    return Resampling(resamples=resamples)


def print_report(
    report: RetrievalReport | AnswersReport, lines: list[str], *, as_json: bool
) -> None:
    """Print a report: its lines, or one JSON object."""
    from service.cli.printing import print_json, print_lines

    if as_json:
        print_json(report.as_json())
    else:
        print_lines(lines)
