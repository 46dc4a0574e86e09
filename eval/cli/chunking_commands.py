"""The command `citewell eval chunking`. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from eval.cli.options import (
    ExpectedFile,
    Limit,
    Mode,
    OtherEmbedder,
    OtherReranker,
    RecordFile,
    Resamples,
    Tolerance,
    Work,
)
from service.cli.commanding import Json, reported, settings_of


def chunking(
    context: typer.Context,
    benchmark: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder with questions_df.csv and corpora/.")
    ],
    chunker: Annotated[
        list[str] | None,
        typer.Option(
            "--chunker",
            metavar="NAME",
            help="own[-TOKENS], own-plain[-TOKENS] (embedded without title and section), "
            "recursive-SIZE[-OVERLAP] or tokens-SIZE[-OVERLAP]; repeatable. "
            "[default: own own-plain recursive-200 tokens-200]",
        ),
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="Only this text and its questions. [default: all together]")
    ] = None,
    top_k: Annotated[
        int, typer.Option(min=1, max=1000, help="Chunks retrieved for each question.")
    ] = 5,
    mode: Mode = "dense",
    rerank: Annotated[
        bool, typer.Option("--rerank", help="Rerank with the configured cross-encoder.")
    ] = False,
    embedder: OtherEmbedder = None,
    reranker: OtherReranker = None,
    standing: Annotated[
        Literal["own", "first"],
        typer.Option(
            help="Count a chunk at its own place, or where its text first occurs, as in the "
            "published figures."
        ),
    ] = "own",
    limit: Limit = None,
    home: Work = None,
    resamples: Resamples = 2000,
    expected: ExpectedFile = None,
    record: RecordFile = None,
    tolerance: Tolerance = 0.005,
    as_json: Json = False,
) -> None:
    """Measure chunkers: recall, precision and IoU of the text retrieved for each question."""
    with reported(as_json=as_json):
        from eval.chunking.choosing_chunkers import DEFAULT_CHUNKERS, chunkers_named
        from eval.chunking.chunking_benchmark import read_chunking_benchmark
        from eval.chunking.chunking_evaluation import ChunkingRequest, evaluate_chunking
        from eval.cli.chunking_printing import chunking_lines
        from eval.figures.recording import compare_expected, record_expected
        from eval.statistics.estimates import Resampling
        from service.cli.printing import print_json, print_lines
        from service.cli.step_bar import StepBar
        from service.settings.models import Models

        given = {"embedder": embedder, "reranker": reranker}
        named = {name: value for name, value in given.items() if value is not None}
        settings = settings_of(context).model_copy(update=named)
        request = ChunkingRequest(
            top_k=top_k,
            mode=mode,
            rerank=rerank,
            standing=standing,
            limit=limit,
            resampling=Resampling(resamples=resamples),
        )
        models = Models.open(settings)
        chunkers = chunkers_named(
            chunker or DEFAULT_CHUNKERS,
            models.embedder.tokenizer,
            chunk_tokens=settings.chunk_tokens,
        )
        data = read_chunking_benchmark(benchmark, only=corpus)
        with StepBar() as bar:
            report = evaluate_chunking(
                data, chunkers, request, models, home or settings.home / "eval", bar.show
            )
        if as_json:
            print_json(report.as_json())
        else:
            print_lines(chunking_lines(report))
        record_expected(report, record, tolerance)
        compare_expected(report, expected)
