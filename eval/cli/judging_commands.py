"""The `citewell eval` commands about judgements. Importing this file loads nothing but Typer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli.options import Split
from service.cli.commanding import Json, reported

if TYPE_CHECKING:
    from eval.data_sets.runs import Run
    from eval.judging.agreement import Agreement
    from eval.judging.unjudged import Unjudged

judgements_app = typer.Typer(help="Collect judgements and write qrels.", no_args_is_help=True)

RunFiles = Annotated[list[Path], typer.Argument(metavar="RUN...", help="TREC runs.")]
JudgementFile = Annotated[
    Path, typer.Argument(metavar="JUDGEMENTS", help="Judgement file: one JSON object per line.")
]
OutFile = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")]


def pool(
    runs: RunFiles,
    beir: Annotated[Path, typer.Option(metavar="DIR", help="BEIR folder: corpus and queries.")],
    out: OutFile,
    depth: Annotated[int, typer.Option(min=1, help="Documents of each run and query.")] = 10,
    seed: Annotated[int, typer.Option(help="Seed of the order of presentation.")] = 2019,
    qrels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TREC qrels: omit what they judge.")
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="Omit which runs contain a document.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Merge the top documents of several runs into a pool, in an order that hides ranks."""
    with reported(as_json=as_json):
        from eval.data_sets.data_sets import QUERIES, read_queries
        from eval.data_sets.qrels import read_qrels
        from eval.judging.pooling import pool, pool_lines, pool_texts

        judged = {(q.query_id, q.doc_id) for q in read_qrels(qrels)} if qrels else set()
        _need_files(beir)
        pooled = pool(_named_runs(runs), depth=depth, seed=seed, judged=judged)
        texts = pool_texts(beir, pooled, read_queries(beir / QUERIES))
        _write(out, pool_lines(pooled, texts, blind=blind))
        queries = len({each.query_id for each in pooled})
        found = {"queries": queries, "pairs": len(pooled), "file": str(out)}
        line = f"{len(pooled):,} documents of {queries:,} queries to judge in {out}"
        _print(found, [line], as_json=as_json)


@judgements_app.command("import")
def import_judgements(
    pool_file: Annotated[
        Path, typer.Argument(metavar="POOL", help="Pool whose lines have a `relevance` now.")
    ],
    into: Annotated[
        Path,
        typer.Option(metavar="JUDGEMENTS", help="Judgement file to add to; created if missing."),
    ],
    assessor: Annotated[str, typer.Option(metavar="NAME", help="Who judged.")],
    as_json: Json = False,
) -> None:
    """Append the judgements in a pool to a judgement file."""
    with reported(as_json=as_json):
        from corpus.clock import utc_now
        from eval.judging.judging import append_judgements, judged_pool

        if not assessor.strip():
            from corpus.errors import InputError

            raise InputError("Found an empty name of the assessor; expected who judged.")
        judged = judged_pool(pool_file, assessor=assessor.strip(), judged_at=utc_now())
        added = append_judgements(into, judged)
        line = f"{added:,} judgements by {assessor.strip()} added to {into}"
        _print({"added": added, "file": str(into)}, [line], as_json=as_json)


@judgements_app.command("export")
def export_judgements(
    file: JudgementFile,
    out: OutFile,
    assessor: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Only this assessor's. [default: the lower median of all]"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the current judgements as TREC qrels."""
    with reported(as_json=as_json):
        from eval.judging.judging import qrel_lines, qrels_of, read_judgements

        qrels = qrels_of(read_judgements(file), assessor=assessor)
        _write(out, qrel_lines(qrels))
        queries = len({qrel.query_id for qrel in qrels})
        found = {"queries": queries, "qrels": len(qrels), "file": str(out)}
        line = f"{len(qrels):,} judged documents of {queries:,} queries in {out}"
        _print(found, [line], as_json=as_json)


def agreement(file: JudgementFile, as_json: Json = False) -> None:
    """Measure agreement between assessors: Cohen's kappa, Krippendorff's alpha."""
    with reported(as_json=as_json):
        from dataclasses import asdict

        from eval.judging.agreement import agreement
        from eval.judging.judging import read_judgements

        found = agreement(read_judgements(file))
        _print(asdict(found), _agreement_lines(found), as_json=as_json)


def unjudged(
    run_file: Annotated[Path, typer.Argument(metavar="RUN", help="TREC run.")],
    qrels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Judgements as TREC qrels.")
    ] = None,
    beir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="BEIR folder with the judgements.")
    ] = None,
    split: Split = "test",
    measure: Annotated[
        str, typer.Option("--measure", "-m", help="By its ir-measures name.")
    ] = "nDCG@10",
    depth: Annotated[int, typer.Option(min=1, help="Look at the first N documents.")] = 10,
    relevance: Annotated[int, typer.Option(min=1, help="The grade to assume.")] = 1,
    limit: Annotated[int, typer.Option(min=1, help="Print the N largest effects.")] = 50,
    as_json: Json = False,
) -> None:
    """List a run's unjudged documents by how far the mean would change if they were relevant."""
    with reported(as_json=as_json):
        from dataclasses import asdict

        from eval.data_sets.judged_queries import judged_by
        from eval.data_sets.runs import read_trec_run
        from eval.judging.unjudged import unjudged

        judged = judged_by(beir=beir, split=split, qrels=qrels).qrels
        run = read_trec_run(run_file)
        found = unjudged(run, judged, name=measure, depth=depth, relevance=relevance)
        listed = [asdict(each) for each in found[:limit]]
        result = {"measure": measure, "unjudged": len(found), "documents": listed}
        _print(result, _unjudged_lines(found, measure, limit), as_json=as_json)


def _named_runs(paths: list[Path]) -> dict[str, Run]:
    """Return the runs by file name: their tags are often alike."""
    from eval.data_sets.runs import read_trec_run
    from eval.report.report_results import names_of

    return dict(zip(names_of(paths), map(read_trec_run, paths), strict=True))


def _need_files(folder: Path) -> None:
    from corpus.errors import InputError
    from eval.data_sets.data_sets import CORPUS, QUERIES

    for name in (CORPUS, QUERIES):
        if not (folder / name).is_file():
            raise InputError(f"{folder}: found no {name}; expected a BEIR folder with it.")


def _agreement_lines(found: Agreement) -> list[str]:
    lines = [
        f"{found.judged:,} pairs judged by {len(found.assessors)} assessors, "
        f"{found.judged_twice:,} of them by two or more",
        f"Krippendorff's alpha  nominal {_figure(found.alpha_nominal)}  "
        f"ordinal {_figure(found.alpha_ordinal)}",
    ]
    return lines + [
        f"{pair.first} and {pair.second}: Cohen's kappa {_figure(pair.kappa)}, "
        f"weighted {_figure(pair.weighted_kappa)}; "
        f"{pair.same:,} of {pair.judged_by_both:,} alike"
        for pair in found.pairs
    ]


def _unjudged_lines(found: tuple[Unjudged, ...], measure: str, limit: int) -> list[str]:
    from service.cli.printing import printable

    lines = [f"{len(found):,} unjudged documents; change of the mean {measure} if relevant:"]
    lines += [
        f"{each.effect:+.4f}  {printable(each.query_id)}  rank {each.rank}  "
        f"{printable(each.doc_id)}"
        for each in found[:limit]
    ]
    return lines


def _figure(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _write(path: Path, lines: Iterable[str]) -> None:
    from corpus.errors import InputError

    text = "".join(lines)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: expected a file to write to; {error.strerror}.") from error


def _print(found: object, lines: Iterable[str], *, as_json: bool) -> None:
    from service.cli.printing import print_json, print_lines

    if as_json:
        print_json(found)
    else:
        print_lines(lines)
