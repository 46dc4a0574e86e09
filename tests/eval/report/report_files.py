"""Files that a report is made of, and the command that makes it."""

import json
from pathlib import Path

import typer
from typer.testing import CliRunner, Result

from eval.cli.reporting_commands import report
from eval.data_sets.runs import Run, ScoredDocument, write_trec_run
from tests.eval.beir_folder import write_beir

HOSTILE = '<script>alert("x")</script>&"'


def run_of(**rankings: str) -> Run:
    """Return a run whose documents are single characters, best first."""
    return Run(
        {
            query_id: tuple(ScoredDocument(d, float(-rank)) for rank, d in enumerate(letters))
            for query_id, letters in rankings.items()
        }
    )


def write_result(path: Path, **parts: object) -> Path:
    measures = {"nDCG@10": {"mean": 0.743, "interval": [0.703, 0.783]}}
    found = {"measures": measures, "queries": 2, "settings": {"mode": "hybrid"}, "data": {}}
    path.write_text(json.dumps(found | parts), encoding="utf-8")
    return path


def write_answers(path: Path) -> Path:
    return write_result(
        path,
        measures={
            "success@1": {"mean": 0.9, "interval": [0.8, 1.0]},
            "abstention_precision": {"mean": None, "interval": None},
        },
        questions={"answerable": 30, "unanswerable": 13},
        risk_coverage=[{"coverage": c / 10, "risk": c / 40, "threshold": 0.5} for c in (5, 10)],
        by_kind={
            "lookup": {
                "questions": {"answerable": 20, "unanswerable": 0},
                "measures": {"success@1": {"mean": 0.85, "interval": [0.65, 1.0]}},
            },
            HOSTILE: {
                "questions": {"answerable": 0, "unanswerable": 13},
                "measures": {"abstention_recall": {"mean": 0.25, "interval": [0.0, 0.5]}},
            },
        },
        reliability=[{"low": 0.6, "high": 0.7, "count": 7, "confidence": 0.65, "right": 0.5}],
    )


def citewell_report(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command()(report)
    return CliRunner().invoke(app, [str(word) for word in words])


def write_report_files(tmp_path: Path) -> list[str | Path]:
    """Write what a report has in all of its parts, and return the words that ask for it.

    Titles and texts are long and hostile. The report is `report.html` in the same folder.
    """
    documents = [(str(n), f"{HOSTILE} {n}", "consultation " * 90) for n in range(1, 7)]
    queries = [("q1", f"Which {HOSTILE} mechanism?"), ("q2", "Who" + "o" * 90 + "?"), ("q3", "?")]
    qrels = [("q1", "1", 2), ("q1", "2", 0), ("q1", "6", 1), ("q2", "3", 1), ("q3", "4", 1)]
    beir = write_beir(tmp_path / "set", documents=documents, queries=queries, qrels=qrels)
    write_trec_run(run_of(q1="213", q2="3", q3="54"), tmp_path / "hybrid.run")
    write_trec_run(run_of(q1="13", q2="1453"), tmp_path / "lexical.run")
    results = [
        write_result(tmp_path / "hybrid.json", settings={"chunking": {"fingerprint": "f" * 64}}),
        write_answers(tmp_path / "answers.json"),
        write_answers(tmp_path / f"answers-{'long-' * 12}.json"),
    ]
    runs = ("--run", tmp_path / "hybrid.run", "--run", tmp_path / "lexical.run")
    return [*results, *runs, "--beir", beir, "--documents", "2", "-o", tmp_path / "report.html"]
