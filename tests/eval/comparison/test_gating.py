import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from corpus.errors import InputError
from eval.cli.comparing_commands import gate as gate_command
from eval.comparison.baseline import Baseline, read_baseline, write_baseline
from eval.comparison.gating import (
    Candidate,
    baseline_of,
    candidate_of_report,
    candidate_of_run,
    gate,
)
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, write_trec_run
from eval.retrieval.measures import measure
from eval.retrieval.retrieval_report import RetrievalReport
from tests.eval.beir_folder import write_beir
from tests.eval.judged_runs import only, random_qrels, random_run, shuffled

DATA = {"corpus": "c" * 64, "qrels": "d" * 64}
MEASURES = ("nDCG@10", "RR@10")


def judged_run(seed: int, *, queries: int = 100) -> tuple[list[Qrel], Run, np.random.Generator]:
    random = np.random.default_rng(seed)
    qrels = random_qrels(random, queries=queries)
    return qrels, random_run(random, qrels), random


def candidate(run: Run, qrels: list[Qrel]) -> Candidate:
    return candidate_of_run(run, qrels, MEASURES, DATA)


def baseline(run: Run, qrels: list[Qrel], *, minimum_effect: float = 0.01) -> Baseline:
    return baseline_of(
        candidate(run, qrels), tolerance=0.005, minimum_effect=minimum_effect, command="citewell"
    )


@pytest.mark.parametrize("seed", range(20))
def test_an_unchanged_run_passes(tmp_path: Path, seed: int) -> None:
    qrels, run, _ = judged_run(seed)
    path = tmp_path / "baseline.json"
    write_baseline(baseline(run, qrels, minimum_effect=0), path)
    verdict = gate(read_baseline(path), candidate(run, qrels))
    assert verdict.passed
    assert verdict.notes == ()
    assert all(each.ties == 100 and each.result.p == 1 for each in verdict.contrasts)


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_drop_fails(seed: int) -> None:
    qrels, run, random = judged_run(seed)
    verdict = gate(baseline(run, qrels), candidate(shuffled(random, run, share=0.5), qrels))
    assert {failure.reason for failure in verdict.failures} == {"drop"}
    assert any("nDCG@10: fell from" in str(failure) for failure in verdict.failures)
    assert "largest losses: q" in str(verdict.failures[0])


def test_a_gain_passes_and_asks_for_a_new_baseline() -> None:
    qrels, run, random = judged_run(1)
    verdict = gate(baseline(shuffled(random, run), qrels), candidate(run, qrels))
    assert verdict.passed
    assert all(
        "rose from" in note and "record the baseline again" in note for note in verdict.notes
    )


def test_a_drop_below_the_minimum_effect_passes_with_a_note() -> None:
    qrels, run, random = judged_run(2)
    worse = candidate(shuffled(random, run), qrels)
    verdict = gate(baseline(run, qrels, minimum_effect=0.9), worse)
    assert verdict.passed
    assert "less than the minimum effect" in verdict.notes[0]


def test_a_drop_that_is_not_sure_passes_and_says_what_could_be_seen() -> None:
    qrels, run, _ = judged_run(3, queries=5)
    empty = {"q0": run.rankings["q0"][::-1]}
    verdict = gate(baseline(run, qrels), candidate(Run({**run.rankings, **empty}), qrels))
    assert verdict.passed
    assert "not significant; 5 queries would show a drop of" in verdict.notes[0]


def test_a_lost_query_fails_by_name() -> None:
    qrels, run, _ = judged_run(4)
    kept = only(run, [f"q{n}" for n in range(1, 100)])
    verdict = gate(baseline(run, qrels), candidate(kept, qrels))
    assert [str(f) for f in verdict.failures] == ["lost queries: had results, now none: q0"]


def test_a_query_that_never_had_results_is_not_lost() -> None:
    qrels, run, _ = judged_run(5)
    kept = only(run, [f"q{n}" for n in range(1, 100)])
    assert gate(baseline(kept, qrels), candidate(kept, qrels)).passed
    assert gate(baseline(kept, qrels), candidate(run, qrels)).passed


def test_another_corpus_fails_with_both_checksums() -> None:
    qrels, run, _ = judged_run(6)
    other = candidate_of_run(run, qrels, MEASURES, DATA | {"corpus": "e" * 64})
    (failure,) = gate(baseline(run, qrels), other).failures
    assert failure.reason == "data"
    assert str(failure) == f"corpus: found the SHA-256 {'e' * 64}, expected {'c' * 64}"


def test_an_unknown_corpus_fails_where_it_was_recorded() -> None:
    qrels, run, _ = judged_run(7)
    other = candidate_of_run(run, qrels, MEASURES, {"qrels": "d" * 64})
    (failure,) = gate(baseline(run, qrels), other).failures
    assert "corpus: found no file" in str(failure)


def test_other_judged_queries_fail() -> None:
    qrels, run, _ = judged_run(8)
    fewer = [qrel for qrel in qrels if qrel.query_id != "q7"]
    verdict = gate(baseline(run, qrels), candidate(run, fewer))
    assert [str(f) for f in verdict.failures] == ["judged queries: no longer judged: q7"]
    assert verdict.contrasts == ()


def test_a_measure_that_was_not_measured_is_refused() -> None:
    qrels, run, _ = judged_run(9)
    with pytest.raises(InputError, match="no values of nDCG@10"):
        gate(baseline(run, qrels), candidate_of_run(run, qrels, ("AP",), DATA))


def test_a_retrieval_report_is_held_against_a_baseline_too() -> None:
    qrels, run, _ = judged_run(12)
    sha256 = {"corpus.jsonl": "c" * 64, "queries.jsonl": "e" * 64, "qrels/test.tsv": "d" * 64}
    report = RetrievalReport(
        measure(run, qrels, MEASURES), run, {}, {"mode": "dense"}, {"name": "set", "sha256": sha256}
    )
    found = candidate_of_report(report)
    assert found.data == DATA | {"queries": "e" * 64}
    assert gate(baseline(run, qrels), found).passed
    recorded = baseline_of(found, tolerance=0, minimum_effect=0, command="citewell")
    assert recorded.configuration == {"mode": "dense"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "expected a baseline; No such file or directory. --record writes one"),
        ("[", "expected a JSON object"),
        ("{}", "at data: Field required"),
        ('{"values": {"AP": {"q1": NaN}}}', "at "),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_baseline(path)


def test_a_baseline_of_uneven_queries_is_refused(tmp_path: Path) -> None:
    qrels, run, _ = judged_run(10, queries=3)
    path = tmp_path / "baseline.json"
    write_baseline(baseline(run, qrels), path)
    content = json.loads(path.read_text())
    del content["values"]["RR@10"]["q1"]
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"values\.RR@10: found 2 queries; expected the same 3"):
        read_baseline(path)


def citewell_gate(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command("gate")(gate_command)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    qrels, run, random = judged_run(11)
    write_trec_run(run, tmp_path / "good.run")
    write_trec_run(shuffled(random, run), tmp_path / "bad.run")
    judged = "".join(f"{q.query_id} 0 {q.doc_id} {q.relevance}\n" for q in qrels)
    (tmp_path / "qrels").write_text(judged)
    (tmp_path / "corpus").write_text("a document")
    return tmp_path


FILES = ("--qrels", "qrels", "--corpus", "corpus")


def test_the_command_records_passes_and_fails(folder: Path) -> None:
    recorded = citewell_gate("b.json", "good.run", *FILES, "--record", "-m", "AP", "nDCG@10")
    assert recorded.exit_code == 0, recorded.output
    passed = citewell_gate("b.json", "good.run", *FILES, "--json")
    assert passed.exit_code == 0
    assert json.loads(passed.stdout)["passed"] is True
    assert list(json.loads(passed.stdout)["measures"]) == ["AP", "nDCG@10"]
    failed = citewell_gate("b.json", "bad.run", *FILES)
    assert failed.exit_code == 1
    assert "failed: nDCG@10: fell from" in failed.stderr
    assert failed.stdout.endswith("failed\n")


def test_the_command_fails_on_another_corpus(folder: Path) -> None:
    citewell_gate("b.json", "good.run", *FILES, "--record")
    (folder / "corpus").write_text("another document")
    result = citewell_gate("b.json", "good.run", *FILES)
    assert result.exit_code == 1
    assert "failed: corpus: found the SHA-256" in result.stderr


def test_limits_are_those_of_the_baseline_unless_given(folder: Path) -> None:
    citewell_gate("b.json", "good.run", *FILES, "--record", "--min-effect", "0.9", "-m", "RR")
    assert read_baseline(Path("b.json")).minimum_effect == 0.9
    assert citewell_gate("b.json", "bad.run", *FILES).exit_code == 0
    assert citewell_gate("b.json", "bad.run", *FILES, "--min-effect", "0.1").exit_code == 1
    citewell_gate("b.json", "bad.run", *FILES, "--record", "--tolerance", "0.2")
    again = read_baseline(Path("b.json"))
    assert (again.minimum_effect, again.tolerance, list(again.values)) == (0.9, 0.2, ["RR"])


def test_a_beir_folder_brings_the_corpus(folder: Path) -> None:
    beir = write_beir(folder / "set", queries=[("q1", "a"), ("q2", "b")])
    assert citewell_gate("b.json", "good.run", "--beir", beir, "--record").exit_code == 0
    assert set(read_baseline(Path("b.json")).data) == {"corpus", "queries", "qrels"}
    assert citewell_gate("b.json", "good.run", "--beir", beir).exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("b.json", "good.run"), "b.json: expected a baseline"),
        (("b.json",), "expected BASELINE RUN"),
        (("b.json", "none.run", "--record"), "none.run: expected a TREC run"),
    ],
)
def test_a_wrong_request_exits_2(folder: Path, words: tuple[str, ...], message: str) -> None:
    result = citewell_gate(*words, *FILES)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_measure_outside_the_baseline_is_refused(folder: Path) -> None:
    citewell_gate("b.json", "good.run", *FILES, "--record", "-m", "AP")
    result = citewell_gate("b.json", "good.run", *FILES, "-m", "nDCG@10")
    assert result.exit_code == 2
    assert "Found no nDCG@10 in the baseline; expected one of AP" in result.stderr
