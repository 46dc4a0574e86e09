"""`citewell eval retrieval` of run files, and of topics put to a collection."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.stores.sql_store import SqlStore
from eval.cli.application import build_eval_app
from eval.data_sets.runs import read_trec_run
from service.cli.commands import build_app
from tests.eval.beir_folder import write_beir

TOPICS = """\
<top>
<num> Number: 1
<title> almaty refugee protection
</top>
<top>
<num> Number: 2
<title> colombo countries of origin
</top>
<top>
<num> Number: 3
<title> budapest dialogue
</top>
"""
RUN = """\
1 Q0 almaty 1 3.5 other
1 Q0 budapest 2 -1 other
2 Q0 budapest 1 2 other
3 Q0 budapest 1 1 other
"""
QRELS = "1 0 almaty 1\n2 0 colombo 2\n4 0 almaty 1\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    for name, text in (("run", RUN), ("qrels", QRELS), ("topics", TOPICS)):
        (tmp_path / name).write_text(text)
    return tmp_path


def retrieval(*words: str | Path) -> Result:
    return CliRunner().invoke(build_eval_app(), ["retrieval", *map(str, words)])


def ingest(folder: Path) -> None:
    reports = folder / "reports"
    reports.mkdir()
    for name, text in (
        ("almaty", "The Almaty Process is on refugee protection."),
        ("budapest", "The Budapest Process is a dialogue on migration."),
        ("colombo", "The Colombo Process gathers countries of origin."),
    ):
        (reports / f"{name}.txt").write_text(f"{name.title()} Process\n\n{text}\n")
    result = CliRunner().invoke(build_app(), ["ingest", str(reports), "--collection", "mine"])
    assert result.exit_code == 0, result.output


def test_a_run_is_measured_without_any_search(folder: Path) -> None:
    result = retrieval("--run", "run", "--qrels", "qrels", "-m", "RR", "Judged@10", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["queries"] == 3
    assert found["measures"]["RR"]["mean"] == pytest.approx(1 / 3)
    assert found["measures"]["Judged@10"]["mean"] == pytest.approx((0.5 + 0 + 0) / 3)
    assert (found["unanswered"], found["unjudged"]) == (["4"], ["3"])
    assert found["settings"]["tag"] == "other"
    assert set(found["data"]["sha256"]) == {"qrels"}
    assert not (folder / "home").exists()


def test_queries_without_results_and_without_judgements_are_told_by_number_and_id(
    folder: Path,
) -> None:
    shown = retrieval("--run", "run", "--qrels", "qrels").stdout
    assert "3 queries\n1 of them without a document, counted 0: 4\n" in shown
    assert "1 queries of the run without a judgement, counted nowhere: 3" in shown


def test_the_judgements_of_a_beir_folder_measure_a_run_too(folder: Path) -> None:
    beir = write_beir(folder / "set")
    (folder / "run").write_text("q1 Q0 1 1 1 t\n")
    result = retrieval("--run", "run", "--beir", beir, "-m", "RR", "--json")
    assert json.loads(result.stdout)["measures"]["RR"]["mean"] == 0.5
    again = retrieval("--run", "run", "--qrels", beir / "qrels" / "test.tsv", "-m", "RR", "--json")
    assert json.loads(again.stdout)["measures"] == json.loads(result.stdout)["measures"]


def test_values_of_each_query_are_written_as_a_table_or_as_json_lines(folder: Path) -> None:
    words = ("--run", "run", "--qrels", "qrels", "-m", "RR", "P@1")
    assert retrieval(*words, "--per-query", "values.tsv").exit_code == 0
    assert (folder / "values.tsv").read_text().splitlines() == [
        "query_id\tanswered\tRR\tP@1",
        "1\t1\t1.0\t1.0",
        "2\t1\t0.0\t0.0",
        "4\t0\t0.0\t0.0",
    ]
    assert retrieval(*words, "--per-query", "values.jsonl").exit_code == 0
    lines = [json.loads(line) for line in (folder / "values.jsonl").read_text().splitlines()]
    assert lines[2] == {"query_id": "4", "answered": False, "values": {"RR": 0.0, "P@1": 0.0}}


def test_topics_are_put_to_the_collection_of_the_home(folder: Path) -> None:
    ingest(folder)
    result = retrieval(
        *("--topics", "topics", "--qrels", "qrels", "-m", "RR@10", "--json"),
        *("--collection", "mine", "--run-file", "new.run"),
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["measures"]["RR@10"]["mean"] == pytest.approx(2 / 3)
    assert (found["unanswered"], found["unjudged"]) == (["4"], ["3"])
    assert found["settings"]["unit"] == "document"
    assert found["data"]["documents"] == 3
    assert set(read_trec_run(folder / "new.run").rankings) == {"1", "2", "3"}


def test_another_home_may_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(folder)
    monkeypatch.setenv("CITEWELL_HOME", str(folder / "empty"))
    words = ("--topics", "topics", "--qrels", "qrels")
    assert "Nothing is ingested" in retrieval(*words).stderr
    assert retrieval(*words, "--home", folder / "home").exit_code == 0


def test_pages_and_passages_may_be_judged_instead(folder: Path) -> None:
    ingest(folder)
    (folder / "qrels").write_text("1 0 almaty/1 1\n2 0 colombo/1 1\n")
    words = ("--topics", "topics", "--qrels", "qrels", "-m", "P@1", "--json")
    found = json.loads(retrieval(*words, "--unit", "page").stdout)
    assert found["measures"]["P@1"]["mean"] == 1.0
    with SqlStore.open(f"sqlite:///{folder / 'home' / 'store.sqlite'}") as store:
        wanted = next(c.chunk_id for c in store.current_chunks() if "refugee" in c.text)
        doc_ids = {Path(d.source).stem: d.doc_id for d in store.documents()}
    (folder / "qrels").write_text(f"1 0 {wanted} 1\n")
    found = json.loads(retrieval(*words, "--unit", "passage").stdout)
    assert found["measures"]["P@1"]["mean"] == 1.0
    (folder / "qrels").write_text(f"1 0 {doc_ids['almaty']} 1\n")
    found = json.loads(retrieval(*words, "--ids", "doc_id").stdout)
    assert found["measures"]["P@1"]["mean"] == 1.0


def test_a_limit_measures_the_topics_that_were_asked(folder: Path) -> None:
    ingest(folder)
    words = ("--topics", "topics", "--qrels", "qrels", "--limit", "1", "--json")
    assert json.loads(retrieval(*words).stdout)["queries"] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Found nothing to search or to measure"),
        (("--qrels", "qrels"), "Found nothing to search or to measure"),
        (("--run", "run"), "Expected either --beir DIR"),
        (("--run", "none", "--qrels", "qrels"), "none: expected a TREC run"),
        (("--topics", "topics"), "Expected either --beir DIR"),
        (("--run", "qrels", "--qrels", "qrels"), "qrels, line 1: found 4 columns; expected 6"),
        (("--run", "run", "--qrels", "run"), "run, line 1: found 6 columns; expected 4"),
    ],
)
def test_a_wrong_request_exits_2(folder: Path, words: tuple[str, ...], message: str) -> None:
    result = retrieval(*words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_two_documents_of_one_name_are_refused(folder: Path) -> None:
    ingest(folder)
    other = folder / "other"
    other.mkdir()
    (other / "almaty.txt").write_text("Another text about Almaty.")
    CliRunner().invoke(build_app(), ["ingest", str(other)])
    result = retrieval("--topics", "topics", "--qrels", "qrels")
    assert result.exit_code == 2
    assert "Found the name 'almaty' of" in result.stderr
    assert retrieval("--topics", "topics", "--qrels", "qrels", "--ids", "doc_id").exit_code == 0
