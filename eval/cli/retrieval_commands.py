"""`citewell eval retrieval`. Importing this file loads nothing but Typer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from corpus.errors import InputError
from eval.cli.answers_commands import print_report, resampling_of
from eval.cli.options import (
    ExpectedFile,
    Limit,
    Mode,
    NoRerank,
    OtherEmbedder,
    RecordFile,
    Resamples,
    Split,
    Tolerance,
)
from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from eval.data_sets.topics import TopicField
    from eval.retrieval.retrieval_report import RetrievalReport, RetrievalRequest
    from service.settings.settings import Settings


def retrieval(
    context: typer.Context,
    more_measures: Annotated[
        list[str] | None,
        typer.Argument(metavar="MEASURE", help="More measures, after --measures."),
    ] = None,
    beir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="BEIR folder: corpus, queries and qrels/.")
    ] = None,
    split: Split = "test",
    qrels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Judgements, as TREC qrels or as those of BEIR."),
    ] = None,
    topics: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --qrels: queries to put to the collection of the home, as TREC topics or "
            "`query_id text` a line.",
        ),
    ] = None,
    topic_field: Annotated[
        Literal["title", "desc", "narr"], typer.Option(help="Which part of TREC topics is asked.")
    ] = "title",
    run: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Measure this TREC run; nothing is searched."),
    ] = None,
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measures",
            "-m",
            metavar="MEASURE...",
            help="By ir-measures names; several after one flag, or repeated. "
            "[default: nDCG@10 R@100 RR@10]",
        ),
    ] = None,
    mode: Mode = "hybrid",
    no_rerank: NoRerank = False,
    embedder: OtherEmbedder = None,
    chunked: Annotated[
        bool,
        typer.Option(
            "--chunked",
            help="With --beir: chunk documents as ingest does. By default each is one passage, "
            "read up to the embedder's window, as in published figures.",
        ),
    ] = False,
    chunk_tokens: Annotated[
        int | None,
        typer.Option(
            help="With --chunked: size that chunks aim at, in tokens. [default: as ingest]"
        ),
    ] = None,
    unit: Annotated[
        Literal["document", "page", "passage"],
        typer.Option(help="With --topics: what is ranked and judged."),
    ] = "document",
    ids: Annotated[
        Literal["name", "source", "doc_id"],
        typer.Option(help="With --topics: documents by file name, by source, or by id here."),
    ] = "name",
    collection: Annotated[
        str | None,
        typer.Option("--collection", "-c", help="With --topics: search only this collection."),
    ] = None,
    depth: Annotated[
        int, typer.Option(min=1, max=1000, help="Documents ranked for each query.")
    ] = 100,
    limit: Limit = None,
    home: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="With --beir: keeps what was embedded [default: CITEWELL_HOME/eval]. With "
            "--topics: the home that is searched [default: CITEWELL_HOME].",
        ),
    ] = None,
    run_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the ranking as a TREC run.")
    ] = None,
    per_query: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write each query's values: JSON Lines for .jsonl, else TSV."
        ),
    ] = None,
    resamples: Resamples = 2000,
    expected: ExpectedFile = None,
    record: RecordFile = None,
    tolerance: Tolerance = 0.005,
    as_json: Json = False,
) -> None:
    """Measure retrieval on a BEIR folder, of topics in a collection, or of a run file.

    --beir enters and searches its corpus; --topics with --qrels searches the collection of the
    home; --run with --beir or --qrels measures what some system has found.
    """
    with reported(as_json=as_json):
        from eval.cli.printing import retrieval_lines
        from eval.data_sets.runs import write_trec_run
        from eval.figures.recording import compare_expected, record_expected
        from eval.retrieval.measures import DEFAULT_MEASURES, checked_measures
        from eval.retrieval.per_query import write_per_query
        from eval.retrieval.retrieval_report import RetrievalRequest

        settings = settings_of(context)
        if embedder is not None:
            settings = settings.model_copy(update={"embedder": embedder})
        request = RetrievalRequest(
            measures=checked_measures(
                [*(measures or ()), *(more_measures or ())] or DEFAULT_MEASURES
            ),
            mode=mode,
            rerank=not no_rerank,
            cutting="chunked" if chunked else "whole",
            chunk_tokens=chunk_tokens or settings.chunk_tokens,
            depth=depth,
            limit=limit,
            resampling=resampling_of(resamples),
        )
        inputs = _Inputs(beir, split, qrels, topics, topic_field, run)
        if run is not None:
            report = _of_run(inputs, request)
        elif topics is not None:
            report = _of_collection(inputs, request, settings, home, (unit, ids, collection))
        else:
            report = _of_beir(inputs, request, settings, home)
        if run_file is not None:
            write_trec_run(report.run, run_file)
        if per_query is not None:
            write_per_query(report.measured, per_query)
        print_report(report, retrieval_lines(report), as_json=as_json)
        record_expected(report, record, tolerance)
        compare_expected(report, expected)


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The files that were named."""

    beir: Path | None
    split: str
    qrels: Path | None
    topics: Path | None
    field: TopicField
    run: Path | None


def _of_run(inputs: _Inputs, request: RetrievalRequest) -> RetrievalReport:
    from eval.data_sets.judged_queries import judged_by
    from eval.retrieval.judged_runs import RunRequest, measure_run

    judged = judged_by(
        beir=inputs.beir,
        split=inputs.split,
        qrels=inputs.qrels,
        topics=inputs.topics,
        field=inputs.field,
    )
    if inputs.run is None or not inputs.run.is_file():
        raise InputError(f"{inputs.run}: expected a TREC run; there is no such file.")
    return measure_run(inputs.run, judged, RunRequest(request.measures, request.resampling))


def _of_collection(
    inputs: _Inputs,
    request: RetrievalRequest,
    settings: Settings,
    home: Path | None,
    ranked: tuple[
        Literal["document", "page", "passage"], Literal["name", "source", "doc_id"], str | None
    ],
) -> RetrievalReport:
    from eval.data_sets.judged_queries import judged_by
    from eval.retrieval.judged_collection import measure_collection
    from eval.retrieval.ranked_collection import Naming, ranked_collection
    from service.cli.step_bar import StepBar
    from service.settings.models import Models

    judged = judged_by(
        beir=inputs.beir,
        split=inputs.split,
        qrels=inputs.qrels,
        topics=inputs.topics,
        field=inputs.field,
    )
    if home is not None:
        settings = settings.model_copy(update={"home": home, "store": None})
    unit, ids, name = ranked
    models = Models.open(settings)
    with (
        StepBar() as bar,
        ranked_collection(settings, models, Naming(unit, ids), name) as collection,
    ):
        return measure_collection(collection, judged, request, models, bar.show)


def _of_beir(
    inputs: _Inputs, request: RetrievalRequest, settings: Settings, home: Path | None
) -> RetrievalReport:
    from eval.data_sets.data_sets import read_beir
    from eval.retrieval.retrieval import evaluate_retrieval
    from service.cli.step_bar import StepBar
    from service.settings.models import Models

    if inputs.beir is None or inputs.qrels is not None:
        raise InputError(
            "Found nothing to search or to measure; expected --beir DIR, or --topics FILE with "
            "--qrels FILE, or --run FILE with one of --beir and --qrels."
        )
    dataset = read_beir(inputs.beir, split=inputs.split)
    with StepBar() as bar:
        return evaluate_retrieval(
            dataset, request, Models.open(settings), home or settings.home / "eval", bar.show
        )
