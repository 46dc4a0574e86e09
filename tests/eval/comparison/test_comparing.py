import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import ir_measures
import numpy as np
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from corpus.errors import InputError
from eval.cli.comparing_commands import compare as compare_command
from eval.comparison.comparing import Comparison, compare, read_runs
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.runs import Run, ScoredDocument, read_trec_run, write_trec_run
from eval.statistics.significance import SignificanceSettings
from tests.eval.beir_folder import write_beir
from tests.eval.judged_runs import only, random_qrels, random_run

QUICK = SignificanceSettings(permutations=10_000)


def ranked(*doc_ids: str) -> tuple[ScoredDocument, ...]:
    return tuple(ScoredDocument(doc_id, -float(i)) for i, doc_id in enumerate(doc_ids))


QRELS = [Qrel("q1", "a", 1), Qrel("q2", "a", 1), Qrel("q3", "a", 1), Qrel("q4", "a", 1)]
FIRST = Run({"q1": ranked("a"), "q2": ranked("x", "a"), "q3": ranked("x", "a")})
SECOND = Run({q: ranked("a") for q in ("q1", "q2", "q3", "q4", "q9")})


def test_a_worked_example() -> None:
    # RR: 1, 1/2, 1/2, 0 (left out) against 1, 1, 1, 1: differences 0, 0.5, 0.5, 1.
    comparison = compare({"old": FIRST, "new": SECOND}, QRELS, ["RR"], {"q4": "who may join?"})
    (contrast,) = comparison.contrasts
    assert (contrast.first_mean, contrast.second_mean) == (0.5, 1.0)
    assert contrast.result.difference == 0.5
    # Three signs that count, of 8 patterns two are as extreme.
    assert contrast.result.p == contrast.result.p_holm == 0.25
    assert contrast.result.effect == pytest.approx(0.5 / np.std([0, 0.5, 0.5, 1], ddof=1))
    assert (contrast.wins, contrast.losses, contrast.ties) == (3, 0, 1)
    assert [change.query_id for change in contrast.biggest_wins] == ["q4", "q2", "q3"]
    assert contrast.biggest_wins[0].text == "who may join?"
    assert contrast.biggest_losses == ()


def test_a_judged_query_left_out_counts_0_and_is_named() -> None:
    comparison = compare({"old": FIRST, "new": SECOND}, QRELS, ["RR"])
    assert [run.unanswered for run in comparison.runs] == [("q4",), ()]
    assert [run.unjudged for run in comparison.runs] == [(), ("q9",)]
    assert comparison.runs[0].means == {"RR": 0.5}


def test_a_run_of_other_queries_counts_0_everywhere() -> None:
    other = Run({"z1": ranked("a")})
    comparison = compare({"old": FIRST, "other": other}, QRELS, ["RR", "AP"])
    assert comparison.runs[1].means == {"RR": 0.0, "AP": 0.0}
    assert comparison.runs[1].unanswered == ("q1", "q2", "q3", "q4")
    assert comparison.runs[1].unjudged == ("z1",)


def test_every_pair_and_measure_is_one_family() -> None:
    random = np.random.default_rng(1)
    qrels = random_qrels(random, queries=40)
    runs = {name: random_run(random, qrels) for name in "abc"}
    comparison = compare(runs, qrels, ["nDCG@10", "AP"], settings=QUICK)
    assert [(c.first, c.second, c.measure) for c in comparison.contrasts] == [
        (first, second, name)
        for first, second in (("a", "b"), ("a", "c"), ("b", "c"))
        for name in ("nDCG@10", "AP")
    ]
    smallest = min(comparison.contrasts, key=lambda each: each.result.p)
    assert smallest.result.p_holm == pytest.approx(min(1.0, 6 * smallest.result.p))


def test_exchanged_runs_exchange_signs_and_keep_p() -> None:
    random = np.random.default_rng(2)
    qrels = random_qrels(random, queries=40)
    first, second = random_run(random, qrels), random_run(random, qrels, skill=3)
    there = compare({"a": first, "b": second}, qrels, ["AP"], settings=QUICK).contrasts[0]
    back = compare({"b": second, "a": first}, qrels, ["AP"], settings=QUICK).contrasts[0]
    assert there.result.difference == pytest.approx(-back.result.difference)
    assert there.result.p == back.result.p
    assert (there.wins, there.losses) == (back.losses, back.wins)
    assert [c.query_id for c in there.biggest_wins] == [c.query_id for c in back.biggest_losses]


def test_at_most_five_wins_are_shown_the_largest_first() -> None:
    random = np.random.default_rng(3)
    qrels = random_qrels(random, queries=60)
    runs = {"a": random_run(random, qrels, skill=0), "b": random_run(random, qrels, skill=4)}
    wins = compare(runs, qrels, ["AP"], settings=QUICK).contrasts[0].biggest_wins
    assert len(wins) == 5
    assert [w.difference for w in wins] == sorted((w.difference for w in wins), reverse=True)


def test_one_run_is_nothing_to_compare() -> None:
    with pytest.raises(InputError, match="Found 1 run; expected at least two"):
        compare({"only": FIRST}, QRELS, ["AP"])


def test_runs_are_named_by_their_files(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    paths = [tmp_path / "a.run", tmp_path / "b.run", tmp_path / "other" / "b.run"]
    for path in paths:
        write_trec_run(FIRST, path)
    assert list(read_runs(paths)) == ["a", str(paths[1]), str(paths[2])]
    with pytest.raises(InputError, match=r"a\.run twice"):
        read_runs([paths[0], paths[0]])


LINE = st.tuples(
    st.sampled_from(["q1", "q2", "q3", "q4"]),
    st.sampled_from("abcdefgh"),
    st.sampled_from(["-2.5", "-1e-9", "0", "0.5", "0.500000001", "3"]),
)
JUDGEMENTS = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3"]),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-1, 3), min_size=1),
    min_size=1,
)


@settings(deadline=None, max_examples=100)
@given(st.lists(LINE, max_size=20), JUDGEMENTS)
def test_files_are_measured_as_ir_measures_does_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[tuple[str, str, str]],
    judged: dict[str, dict[str, int]],
) -> None:
    """Ties, left-out queries, empty runs, negative scores; a document twice is refused."""
    folder = tmp_path_factory.mktemp("files")
    run_file, qrels_file = folder / "a.run", folder / "qrels"
    run_file.write_text("".join(f"{q} Q0 {d} 1 {score} tag\n" for q, d, score in lines))
    qrels_file.write_text(
        "".join(f"{q} 0 {d} {n}\n" for q, by_doc in judged.items() for d, n in by_doc.items())
    )
    if len({line[:2] for line in lines}) < len(lines):
        with pytest.raises(InputError, match=r"a\.run.*found document '.' twice"):
            read_trec_run(run_file)
        return
    runs = {"a": read_trec_run(run_file), "empty": Run({})}
    comparison = compare(
        runs, list(read_qrels(qrels_file)), ["nDCG@10", "AP", "R@5", "RR"], settings=QUICK
    )
    expected = ir_measures.calc_aggregate(
        [ir_measures.parse_measure(name) for name in ("nDCG@10", "AP", "R@5", "RR")],
        ir_measures.read_trec_qrels(str(qrels_file)),  # type: ignore[no-untyped-call]
        ir_measures.read_trec_run(str(run_file)),  # type: ignore[no-untyped-call]
    )
    for name, value in expected.items():
        assert comparison.runs[0].means[str(name)] == pytest.approx(value, abs=1e-9)
        assert comparison.runs[1].means[str(name)] == 0.0


def test_importing_the_commands_loads_no_numbers() -> None:
    code = (
        "import sys, eval.cli.comparing_commands;"
        "print([m for m in ('numpy','scipy','ir_measures','pydantic') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def citewell_compare(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command("compare")(compare_command)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write_trec_run(FIRST, tmp_path / "old.run")
    write_trec_run(SECOND, tmp_path / "new.run")
    (tmp_path / "qrels").write_text("".join(f"{q.query_id} 0 a 1\n" for q in QRELS))
    (tmp_path / "topics").write_text("q4 who may join?\n")
    return tmp_path


def test_the_command_takes_runs_and_several_measures(files: Path) -> None:
    result = citewell_compare(
        *(files / "old.run", files / "new.run", "--qrels", files / "qrels"),
        *("--topics", files / "topics", "--measures", "RR@10", "R@100", "AP", "--json"),
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [each["measure"] for each in found["contrasts"]] == ["RR@10", "R@100", "AP"]
    assert found["queries"] == 4
    assert found["runs"][0]["unanswered"] == ["q4"]
    first = found["contrasts"][0]
    assert (first["means"], first["difference"], first["p"]) == ([0.5, 1.0], 0.5, 0.25)
    assert first["biggest_wins"][0]["text"] == "who may join?"
    assert "t_p" not in first


def test_measures_may_come_before_the_runs(files: Path) -> None:
    result = citewell_compare(
        *("--qrels", files / "qrels", "-m", "AP", "RR", files / "old.run", files / "new.run"),
        "--json",
    )
    assert [each["measure"] for each in json.loads(result.stdout)["contrasts"]] == ["AP", "RR"]


def test_the_terminal_shows_means_differences_and_queries(files: Path) -> None:
    result = citewell_compare(
        *(files / "old.run", files / "new.run", "--qrels", files / "qrels", "-m", "RR"),
        *("--topics", files / "topics", "--t-test"),
    )
    assert "old    0.5000" in result.stdout
    assert "old: 1 judged queries left out, counted 0: q4" in result.stdout
    assert "new: 1 queries without a judgement, not counted: q9" in result.stdout
    assert "RR  +0.5000" in result.stdout
    assert "p 0.2500 (Holm 0.2500)  t-test 0.0917" in result.stdout
    assert "win  0.000 → 1.000  q4  who may join?" in result.stdout


def test_a_beir_folder_brings_judgements_and_texts(files: Path) -> None:
    beir = write_beir(files / "set")
    result = citewell_compare(files / "old.run", files / "new.run", "--beir", beir, "--json")
    assert json.loads(result.stdout)["queries"] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("old.run", "--qrels", "qrels"), "Found 1 run; expected at least two"),
        (("old.run", "none.run", "--qrels", "qrels"), "none.run: expected a TREC run; there is"),
        (("old.run", "new.run", "--qrels", "qrels", "-m", "AP", "ndcg@10"), "near names: nDCG"),
        (("old.run", "new.run"), "Expected either --beir DIR"),
        (("old.run", "new.run", "--beir", ".", "--qrels", "qrels"), "Expected either --beir DIR"),
    ],
)
def test_a_wrong_request_exits_2(
    files: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(files)
    result = citewell_compare(*words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_comparison_is_the_same_each_time() -> None:
    random = np.random.default_rng(5)
    qrels = random_qrels(random, queries=50)
    runs = {name: random_run(random, qrels) for name in "ab"}
    runs["b"] = only(runs["b"], [f"q{n}" for n in range(45)])

    def once() -> Comparison:
        return compare(runs, qrels, ["AP"], settings=replace(QUICK, t_test=True))

    assert once() == once()
