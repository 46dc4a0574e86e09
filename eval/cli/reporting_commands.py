"""The `citewell eval report` command. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli.options import Split
from service.cli.commanding import Json, reported

if TYPE_CHECKING:
    pass


def report(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")],
    results: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="RESULT|RUN...",
            help="Outputs of other eval commands with --json, and TREC runs.",
        ),
    ] = None,
    run: Annotated[
        list[Path] | None,
        typer.Option("--run", metavar="RUN", help="A TREC run; repeatable."),
    ] = None,
    beir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="BEIR folder that the runs are of.")
    ] = None,
    split: Split = "test",
    qrels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TREC qrels, instead of --beir.")
    ] = None,
    topics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --qrels: query id and text a line.")
    ] = None,
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measures",
            "--measure",
            "-m",
            metavar="MEASURE",
            help="Measures of the runs; repeatable; queries are sorted "
            "by the first. [default: nDCG@10 R@100 RR@10]",
        ),
    ] = None,
    documents: Annotated[
        int, typer.Option(min=1, max=100, help="Documents shown for each query and run.")
    ] = 10,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "Evaluation report",
    as_json: Json = False,
) -> None:
    """Write one HTML file with tables, plots, every query and the configuration."""
    with reported(as_json=as_json):
        from corpus.clock import utc_now
        from corpus.errors import InputError
        from eval.data_sets.judged_queries import judged_by
        from eval.data_sets.runs import read_trec_run
        from eval.report.report_queries import BrowsedRuns
        from eval.report.report_results import names_of, parted, read_results
        from eval.report.reporting import ReportRequest, report_html
        from eval.retrieval.measures import DEFAULT_MEASURES
        from service.cli.printing import print_json, print_lines

        printed, ranked = parted(results or ())
        ranked = [*ranked, *(run or ())]
        runs = dict(zip(names_of(ranked), map(read_trec_run, ranked), strict=True))
        browsed = None
        if runs:
            judged = judged_by(beir=beir, split=split, qrels=qrels, topics=topics)
            chosen = tuple(measures or DEFAULT_MEASURES)
            browsed = BrowsedRuns(runs, judged, beir, chosen, documents)
        read = read_results(printed)
        text = report_html(ReportRequest(read, browsed, utc_now(), title))
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{out}: expected a file to write to; {error.strerror}.") from error
        if as_json:
            print_json({"file": str(out), "bytes": out.stat().st_size})
        else:
            print_lines([f"{len(read)} results and {len(runs)} runs in {out}"])
