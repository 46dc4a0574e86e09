"""`citewell eval compare` and `citewell eval gate`. Importing this file loads nothing but Typer."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError
from service.cli.commanding import Json, reported

if TYPE_CHECKING:
    from eval.comparison.baseline import Baseline
    from eval.comparison.gating import Candidate
    from eval.data_sets.judged_queries import JudgedQueries
    from eval.statistics.significance import SignificanceSettings

Beir = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="BEIR folder: corpus, queries and qrels/."),
]
Split = Annotated[str, typer.Option(help="With --beir: which judgements, qrels/SPLIT.tsv.")]
Qrels = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="TREC qrels: query_id 0 doc_id relevance. Or --beir."),
]
Topics = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="With --qrels: the queries' texts, `query_id text` a line."),
]
Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--measures",
        "-m",
        metavar="MEASURE...",
        help="By ir-measures names; several after one flag, or repeated. "
        "[default: nDCG@10 R@100 RR@10]",
    ),
]
Permutations = Annotated[
    int,
    typer.Option(
        min=10_000,
        max=1_000_000,
        help="Random sign patterns if more than 16 queries differ (seeded).",
    ),
]


def compare(
    words: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Two TREC runs or more, baseline first.")
    ],
    qrels: Qrels = None,
    beir: Beir = None,
    split: Split = "test",
    topics: Topics = None,
    measures: Measures = None,
    t_test: Annotated[bool, typer.Option("--t-test", help="Also the paired t-test.")] = False,
    permutations: Permutations = 20_000,
    as_json: Json = False,
) -> None:
    """Compare runs over the same judged queries: differences, intervals, p-values, and queries."""
    with reported(as_json=as_json):
        from eval.cli.comparing_printing import comparison_lines
        from eval.comparison.comparing import compare as compared
        from eval.comparison.comparing import read_runs
        from eval.data_sets.judged_queries import judged_by
        from eval.retrieval.measures import DEFAULT_MEASURES
        from eval.statistics.significance import SignificanceSettings
        from service.cli.printing import print_json, print_lines

        files, names = _parted(words, measures)
        judged = judged_by(beir=beir, split=split, qrels=qrels, topics=topics)
        settings = SignificanceSettings(permutations=permutations, t_test=t_test)
        runs = read_runs([_existing(word, measures) for word in files])
        comparison = compared(runs, judged.qrels, names or DEFAULT_MEASURES, judged.texts, settings)
        if as_json:
            print_json(comparison.as_json())
        else:
            print_lines(comparison_lines(comparison))


def gate(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="BASELINE RUN", help="The baseline file, and the TREC run to compare with it."
        ),
    ],
    qrels: Qrels = None,
    beir: Beir = None,
    split: Split = "test",
    topics: Topics = None,
    corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --qrels: the corpus that was searched; only its checksum is used.",
        ),
    ] = None,
    measures: Measures = None,
    record: Annotated[
        bool, typer.Option("--record", help="Write the run to BASELINE instead of checking it.")
    ] = False,
    tolerance: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="A mean that moves further is reported. [default: 0.005]"),
    ] = None,
    min_effect: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="A smaller drop never fails. [default: 0.01]"),
    ] = None,
    permutations: Permutations = 20_000,
    as_json: Json = False,
) -> None:
    """Compare a run with a baseline; exit 1 on a significant drop, lost queries, other data.

    Options that are not given keep their recorded values.
    """
    with reported(as_json=as_json):
        from eval.comparison.baseline import read_baseline
        from eval.comparison.gating import candidate_of_run
        from eval.data_sets.judged_queries import judged_by
        from eval.data_sets.runs import read_trec_run
        from eval.statistics.significance import SignificanceSettings

        files, names = _parted(words, measures)
        if len(files) != 2:
            raise InputError(
                f"Found {len(files)} files ({' '.join(files)}); expected BASELINE RUN."
            )
        path, run_path = Path(files[0]), _existing(files[1], measures)
        before = None if record and not path.is_file() else read_baseline(path)
        judged = judged_by(beir=beir, split=split, qrels=qrels, topics=topics, corpus=corpus)
        chosen = _chosen(names, before, record=record)
        candidate = candidate_of_run(read_trec_run(run_path), judged.qrels, chosen, judged.sha256())
        baseline = _baseline(before, candidate, tolerance, min_effect, record=record)
        if record:
            _write(baseline, path, as_json=as_json)
        else:
            settings = SignificanceSettings(permutations=permutations)
            _check(baseline, candidate, judged, settings, as_json=as_json)


def _parted(words: Sequence[str], measures: list[str] | None) -> tuple[list[str], tuple[str, ...]]:
    """Return files and measures: after --measures, a word that names no file may be a measure."""
    from eval.retrieval.measures import checked_measures

    files: list[str] = []
    names = list(measures or ())
    for word in words:
        if measures and not Path(word).exists() and _is_measure(word):
            names.append(word)
        else:
            files.append(word)
    return files, checked_measures(names)


def _is_measure(word: str) -> bool:
    from eval.retrieval.measures import checked_measures

    try:
        checked_measures([word])
    except InputError:
        return False
    return True


def _existing(word: str, measures: list[str] | None) -> Path:
    """Return the run's path. Raises: InputError, with near names for a misspelled measure."""
    from eval.retrieval.measures import checked_measures

    path = Path(word)
    if not path.is_file():
        if measures and "@" in word:
            checked_measures([word])
        raise InputError(f"{word}: expected a TREC run; there is no such file.")
    return path


def _chosen(names: tuple[str, ...], before: Baseline | None, *, record: bool) -> tuple[str, ...]:
    """Return the measures: those that were asked for, else the baseline's, else the default."""
    from eval.retrieval.measures import DEFAULT_MEASURES

    if before is None:
        return names or DEFAULT_MEASURES
    unknown = [name for name in names if name not in before.values]
    if unknown and not record:
        raise InputError(
            f"Found no {unknown[0]} in the baseline; expected one of {', '.join(before.values)}. "
            "--record with --measures adds it."
        )
    return names or tuple(before.values)


def _baseline(
    before: Baseline | None,
    candidate: Candidate,
    tolerance: float | None,
    minimum_effect: float | None,
    *,
    record: bool,
) -> Baseline:
    """Return the baseline to write or to check against, with the limits of this run."""
    from eval.comparison.gating import DEFAULT_MINIMUM_EFFECT, DEFAULT_TOLERANCE, baseline_of

    if tolerance is None:
        tolerance = before.tolerance if before else DEFAULT_TOLERANCE
    if minimum_effect is None:
        minimum_effect = before.minimum_effect if before else DEFAULT_MINIMUM_EFFECT
    if before is None or record:
        words = [word for word in sys.argv[1:] if word != "--record"]
        command = shlex.join(["citewell", *words])
        return baseline_of(
            candidate, tolerance=tolerance, minimum_effect=minimum_effect, command=command
        )
    values = {name: before.values[name] for name in candidate.measured.values}
    limits = {"tolerance": tolerance, "minimum_effect": minimum_effect}
    return before.model_copy(update={"values": values, **limits})


def _write(baseline: Baseline, path: Path, *, as_json: bool) -> None:
    from eval.comparison.baseline import write_baseline
    from service.cli.printing import note, print_json

    write_baseline(baseline, path)
    if as_json:
        print_json({"recorded": str(path), "queries": len(baseline.queries)})
    note(f"recorded in {path}")


def _check(
    baseline: Baseline,
    candidate: Candidate,
    judged: JudgedQueries,
    settings: SignificanceSettings,
    *,
    as_json: bool,
) -> None:
    """Print the verdict. Raises: Exit(1) if the run does not pass."""
    from eval.cli.comparing_printing import verdict_lines
    from eval.comparison.gating import gate as gated
    from service.cli.printing import note, print_json, print_lines

    verdict = gated(baseline, candidate, judged.texts, settings)
    if as_json:
        print_json(verdict.as_json())
    else:
        print_lines(verdict_lines(verdict))
    for text in verdict.notes:
        note(f"note: {text}")
    for failure in verdict.failures:
        note(f"failed: {failure}")
    if not verdict.passed:
        raise typer.Exit(1)
