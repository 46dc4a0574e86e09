"""The command `citewell eval sweep`. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli.options import AskedCollection, Limit, Resamples, Split, Wording, Work
from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from eval.sweep.sweep import SweepTarget
    from eval.sweep.sweep_settings import Target
    from eval.sweep.swept_models import SweptModels


def sweep(
    context: typer.Context,
    config: Annotated[
        Path,
        typer.Argument(
            metavar="CONFIG", help="TOML or JSON: a [grid] of settings, or [[configurations]]."
        ),
    ],
    beir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Over retrieval on a BEIR folder.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Over judged questions on the collection in the home."),
    ] = None,
    chunking: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Over a chunking benchmark.")
    ] = None,
    split: Split = "train",
    field: Wording = "question",
    collection: AskedCollection = None,
    measures: Annotated[
        list[str] | None,
        typer.Option("--measures", "-m", metavar="MEASURE", help="With --beir; repeatable."),
    ] = None,
    limit: Limit = None,
    allow_test: Annotated[
        bool,
        typer.Option("--allow-test", help="Allow test data, which is not meant for tuning."),
    ] = False,
    home: Work = None,
    resamples: Resamples = 2000,
    as_json: Json = False,
) -> None:
    """Measure a grid or list of configurations; a stopped sweep resumes."""
    with reported(as_json=as_json):
        from eval.cli.sweep_printing import sweep_lines
        from eval.statistics.estimates import Resampling
        from eval.sweep.sweep import refuse_test
        from eval.sweep.sweep import sweep as swept
        from eval.sweep.sweep_file import read_configurations
        from eval.sweep.swept_models import SweptModels
        from service.cli.printing import print_json, print_lines
        from service.cli.step_bar import StepBar

        target, name = _target(beir, questions, chunking, split)
        if not allow_test:
            refuse_test([name])
        configurations = read_configurations(config, target)
        settings = settings_of(context)
        work = home or settings.home / "eval"
        models = SweptModels(settings, work)
        over = _opened(
            target,
            beir or questions or chunking or Path(),
            models,
            split=split,
            field=field,
            collection=collection,
            measures=measures,
            limit=limit,
        )
        with StepBar() as bar:
            report = swept(
                configurations,
                over,
                work,
                bar.show,
                lambda tried: bar.say(
                    f"{'found' if tried.found else 'done '} {tried.configuration.name}"
                ),
                resampling=Resampling(resamples=resamples),
            )
        if as_json:
            print_json(report.as_json())
        else:
            print_lines(sweep_lines(report))


def _target(
    beir: Path | None, questions: Path | None, chunking: Path | None, split: str
) -> tuple[Target, str]:
    """Return what is swept over, and the name that says whether it is test data."""
    from corpus.errors import InputError

    if sum(each is not None for each in (beir, questions, chunking)) != 1:
        raise InputError("Expected one of --beir DIR, --questions FILE and --chunking DIR.")
    if beir is not None:
        return "beir", split
    if questions is not None:
        return "questions", questions.name
    return "chunking", chunking.name if chunking is not None else ""


def _opened(
    target: Target,
    path: Path,
    models: SweptModels,
    *,
    split: str,
    field: str,
    collection: str | None,
    measures: list[str] | None,
    limit: int | None,
) -> SweepTarget:
    from corpus.stores.sql_store import SqlStore
    from eval.chunking.chunking_benchmark import read_chunking_benchmark
    from eval.data_sets.data_sets import read_beir
    from eval.question_sets.located_questions import with_quotes
    from eval.question_sets.questions import read_questions
    from eval.retrieval.measures import DEFAULT_MEASURES, checked_measures
    from eval.sweep.sweep_targets import BeirTarget, ChunkingTarget, QuestionsTarget

    if target == "beir":
        names = checked_measures(measures or DEFAULT_MEASURES)
        return BeirTarget(read_beir(path, split=split), names, models, limit)
    if target == "chunking":
        return ChunkingTarget(read_chunking_benchmark(path), models, limit)
    with SqlStore.open(models.settings.store_url, read_only=True) as store:
        file = with_quotes(read_questions(path, field=field), store)
    return QuestionsTarget(file, models, collection, limit)
