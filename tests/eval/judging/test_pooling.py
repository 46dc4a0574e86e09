import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from corpus.errors import InputError
from eval.cli.judging_commands import agreement, judgements_app, unjudged
from eval.cli.judging_commands import pool as pool_command
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.runs import Run, ScoredDocument, write_trec_run
from eval.judging.judging import (
    Judgement,
    append_judgements,
    current,
    judged_pool,
    qrel_lines,
    qrels_of,
    read_judgements,
)
from eval.judging.pooling import pool
from tests.eval.beir_folder import write_beir

NOON = "2026-01-31T12:00:00+00:00"
LETTERS = st.lists(st.sampled_from("abcdefgh"), unique=True).map("".join)


def run_of(**rankings: str) -> Run:
    """Return a run whose documents are single characters, best first."""
    return Run(
        {
            query_id: tuple(ScoredDocument(d, float(-rank)) for rank, d in enumerate(letters))
            for query_id, letters in rankings.items()
        }
    )


def judgement(doc_id: str, relevance: int, assessor: str = "ada") -> Judgement:
    return Judgement("q1", doc_id, relevance, assessor, NOON)


def test_a_pool_holds_the_first_documents_of_each_run_once_with_their_ranks() -> None:
    pooled = pool({"one": run_of(q1="123"), "two": run_of(q1="34", q2="1")}, depth=2)
    found = {(each.query_id, each.doc_id): dict(each.ranks) for each in pooled}
    assert found == {
        ("q1", "1"): {"one": 1},
        ("q1", "2"): {"one": 2},
        ("q1", "3"): {"two": 1},
        ("q1", "4"): {"two": 2},
        ("q2", "1"): {"two": 1},
    }


@given(one=LETTERS, two=LETTERS)
def test_a_further_run_does_not_move_what_was_there(one: str, two: str) -> None:
    alone = [each.doc_id for each in pool({"one": run_of(q1=one)})]
    both = [each.doc_id for each in pool({"two": run_of(q1=two), "one": run_of(q1=one)})]
    assert [doc_id for doc_id in both if doc_id in one] == alone


def test_another_seed_gives_another_order_and_the_same_seed_the_same() -> None:
    runs = {"one": run_of(q1="abcdefgh")}
    orders = {tuple(each.doc_id for each in pool(runs, seed=seed)) for seed in range(5)}
    assert len(orders) == 5
    assert tuple("abcdefgh") not in orders
    assert pool(runs, seed=1) == pool(runs, seed=1)


def test_what_is_judged_is_left_out() -> None:
    pooled = pool({"one": run_of(q1="ab")}, judged={("q1", "a")})
    assert [each.doc_id for each in pooled] == ["b"]


def test_a_depth_of_none_is_refused() -> None:
    with pytest.raises(InputError, match="expected at least 1"):
        pool({}, depth=0)


def test_later_judgements_of_the_same_assessor_win(tmp_path: Path) -> None:
    file = tmp_path / "judgements.jsonl"
    append_judgements(file, [judgement("a", 0), judgement("a", 2, "bo")])
    append_judgements(file, [judgement("a", 1)])
    everything = read_judgements(file)
    assert len(everything) == 3
    assert current(everything) == (judgement("a", 1), judgement("a", 2, "bo"))
    assert qrels_of(everything, assessor="bo") == (Qrel("q1", "a", 2),)
    assert qrels_of(everything) == (Qrel("q1", "a", 1),)  # the lower median of 1 and 2


def test_a_last_line_without_an_end_is_not_glued_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "judgements.jsonl"
    append_judgements(file, [judgement("a", 0)])
    file.write_text(file.read_text().rstrip("\n"))
    append_judgements(file, [judgement("b", 1)])
    assert read_judgements(file) == (judgement("a", 0), judgement("b", 1))


def test_an_assessor_who_judged_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="by 'cy'; expected one of: ada"):
        qrels_of([judgement("a", 0)], assessor="cy")


def test_qrels_come_back_as_they_were_written(tmp_path: Path) -> None:
    qrels = [Qrel("q1", "a", 2), Qrel("q2", "b", 0)]
    (tmp_path / "qrels.txt").write_text("".join(qrel_lines(qrels)))
    assert list(read_qrels(tmp_path / "qrels.txt")) == qrels


def test_an_id_that_qrels_cannot_carry_is_refused() -> None:
    with pytest.raises(InputError, match="without white space"):
        list(qrel_lines([Qrel("q 1", "a", 1)]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nothing", r"line 2: found 'nothing'; expected a JSON object"),
        ("[]", r"line 2: found \[\] at `the line`; expected"),
        ('{"query_id": "q1"}', r"line 2: .* at `doc_id`; expected: Field required"),
        (
            '{"query_id": "q1", "doc_id": "a", "relevance": "1", "assessor": "a", "judged_at": ""}',
            r"line 2: found '1' at `relevance`; expected: .*integer",
        ),
        (
            '{"query_id": "q", "doc_id": "a", "relevance": 1, "assessor": "a", '
            '"judged_at": "2026-01-31"}',
            r"line 2: found '2026-01-31' as `judged_at`; expected an ISO 8601 time with its zone",
        ),
    ],
)
def test_a_judgement_that_cannot_be_read_is_named_and_nothing_added(
    tmp_path: Path, line: str, message: str
) -> None:
    file = tmp_path / "judgements.jsonl"
    append_judgements(file, [judgement("a", 0)])
    file.write_text(f"{file.read_text()}{line}\n")
    before = file.read_bytes()
    with pytest.raises(InputError, match=message):
        append_judgements(file, [judgement("b", 0)])
    assert file.read_bytes() == before


def test_bytes_that_are_not_text_and_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_bytes(b"\n\xff\n")
    with pytest.raises(InputError, match="line 2: found bytes that are not UTF-8"):
        read_judgements(tmp_path / "bad.jsonl")
    with pytest.raises(InputError, match="expected a file of JSON lines"):
        read_judgements(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="expected a file to write to"):
        append_judgements(tmp_path / "none" / "j.jsonl", [])


def test_a_pool_that_judges_a_pair_twice_is_refused(tmp_path: Path) -> None:
    line = '{"query_id": "q1", "doc_id": "a", "relevance": 1}\n'
    (tmp_path / "pool.jsonl").write_text(line * 2)
    with pytest.raises(InputError, match="line 2: found query 'q1' and document 'a' again"):
        judged_pool(tmp_path / "pool.jsonl", assessor="ada", judged_at=NOON)


def invoke(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command("pool")(pool_command)
    app.command("agreement")(agreement)
    app.command("unjudged")(unjudged)
    app.add_typer(judgements_app, name="judgements")
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    paths = (tmp_path / "one.run", tmp_path / "two.run")
    write_trec_run(run_of(q1="123", q2="3"), paths[0])
    write_trec_run(run_of(q1="21", q2="1"), paths[1])
    return paths


def test_from_runs_to_qrels_by_commands(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    beir, file = write_beir(tmp_path / "set"), tmp_path / "pool.jsonl"
    result = invoke("pool", *runs, "--beir", beir, "--depth", "2", "--out", file, "--json")
    assert json.loads(result.stdout) == {"queries": 2, "pairs": 4, "file": str(file)}
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (almaty,) = [each for each in lines if (each["query_id"], each["doc_id"]) == ("q1", "1")]
    assert almaty["query"] == "almaty refugee protection"
    assert almaty["text"].startswith("Almaty Process\nThe Almaty Process was established")
    assert (almaty["runs"], almaty["relevance"]) == ({"one": 1, "two": 2}, None)

    judgements, qrels = tmp_path / "judgements.jsonl", tmp_path / "qrels.txt"
    for name, grades in {"ada": (1, 0, 1, None), "bo": (1, 0, 0, 1)}.items():
        graded = [{**line, "relevance": g} for line, g in zip(lines, grades, strict=True)]
        file.write_text("".join(json.dumps(line) + "\n" for line in graded))
        result = invoke(
            *("judgements", "import", file, "--into", judgements, "--assessor", name, "--json")
        )
        assert json.loads(result.stdout)["added"] == sum(g is not None for g in grades)
    result = invoke("agreement", judgements, "--json")
    (pair,) = json.loads(result.stdout)["pairs"]
    # They agree on 2 of 3; by chance 2/3 · 1/3 + 1/3 · 2/3 = 4/9.
    assert pair["kappa"] == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert "Cohen's kappa 0.400" in invoke("agreement", judgements).stdout

    result = invoke("judgements", "export", judgements, "--out", qrels)
    assert (result.exit_code, "4 judged documents" in result.stdout) == (0, True)
    assert len(list(read_qrels(qrels))) == 4
    result = invoke("unjudged", runs[0], "--qrels", qrels)
    assert "1 unjudged documents" in result.stdout
    again = invoke("pool", *runs, "--beir", beir, "--qrels", qrels, "--out", file, "--blind")
    assert "1 documents of 1 queries" in again.stdout
    assert "runs" not in json.loads(file.read_text())


def test_unjudged_documents_of_a_beir_folder(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    beir = write_beir(tmp_path / "set")
    result = invoke("unjudged", runs[1], "--beir", beir, "-m", "RR@10", "--json")
    found = json.loads(result.stdout)
    assert found["unjudged"] == 2
    assert {each["doc_id"] for each in found["documents"]} == {"1", "2"}


def test_wrong_requests_exit_2(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    beir, out = write_beir(tmp_path / "set"), tmp_path / "out"
    wrong: dict[str, tuple[str | Path, ...]] = {
        "found no corpus.jsonl": ("pool", *runs, "--beir", tmp_path, "--out", out),
        "expected each file once": ("pool", runs[0], runs[0], "--beir", beir, "--out", out),
        "Expected either --beir DIR": ("unjudged", runs[0]),
        "expected a file to write to": ("pool", *runs, "--beir", beir, "--out", tmp_path),
        "Found an empty name": ("judgements", "import", out, "--into", out, "--assessor", " "),
    }
    for message, words in wrong.items():
        result = invoke(*words)
        assert (result.exit_code, message in result.stderr) == (2, True), result.output


@pytest.mark.parametrize(
    ("run", "message"),
    [(run_of(q1="9"), "found no document '9'"), (run_of(q9="1"), "no text for the query 'q9'")],
)
def test_ids_without_a_text_are_named(tmp_path: Path, run: Run, message: str) -> None:
    write_trec_run(run, tmp_path / "x.run")
    beir = write_beir(tmp_path / "set")
    result = invoke("pool", tmp_path / "x.run", "--beir", beir, "--out", tmp_path / "out")
    assert (result.exit_code, message in result.stderr) == (2, True)


def test_importing_the_commands_loads_no_numbers() -> None:
    code = (
        "import sys, eval.cli.judging_commands, eval.cli.reporting_commands;"
        "print([m for m in ('numpy','ir_measures','pydantic','jinja2') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
