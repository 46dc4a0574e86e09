from pathlib import Path

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from eval.data_sets.runs import (
    Run,
    ScoredDocument,
    read_trec_run,
    strictly_falling,
    trec_order,
    write_trec_run,
)

TIED = Run(
    {
        "q1": (ScoredDocument("a", 0.5), ScoredDocument("b", 0.5), ScoredDocument("c", 0.5)),
        "q2": (ScoredDocument("c", 2.0), ScoredDocument("a", 3.0)),
    },
    tag="mine",
)


def order(run: Run) -> dict[str, list[str]]:
    return {query_id: [each.doc_id for each in r] for query_id, r in run.rankings.items()}


def test_a_run_comes_back_in_its_order_though_scores_tied(tmp_path: Path) -> None:
    write_trec_run(TIED, tmp_path / "run.txt")
    again = read_trec_run(tmp_path / "run.txt")
    assert order(again) == order(TIED)
    assert again.tag == "mine"


def test_a_written_run_has_six_columns_with_ranks_from_1(tmp_path: Path) -> None:
    write_trec_run(TIED, tmp_path / "run.txt")
    lines = (tmp_path / "run.txt").read_text().splitlines()
    assert lines[0] == "q1 Q0 a 1 0.5 mine"
    assert [line.split()[3] for line in lines] == ["1", "2", "3", "1", "2"]


def test_another_tool_sees_the_same_order(tmp_path: Path) -> None:
    write_trec_run(TIED, tmp_path / "run.txt")
    run = list(ir_measures.read_trec_run(str(tmp_path / "run.txt")))  # type: ignore[no-untyped-call]
    qrels = [ir_measures.Qrel("q1", "b", 1), ir_measures.Qrel("q2", "a", 1)]
    found = ir_measures.iter_calc([ir_measures.RR], qrels, run)
    assert {metric.query_id: metric.value for metric in found} == {"q1": 0.5, "q2": 0.5}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_scores_fall_strictly_in_single_precision(scores: list[float]) -> None:
    found = np.array(list(strictly_falling(scores)), dtype=np.float32)
    assert np.isfinite(found).all()
    assert (np.diff(found.astype(np.float64)) < 0).all()


def test_scores_that_fall_already_stay_as_they_are() -> None:
    assert list(strictly_falling([0.75, 0.5, -2.0])) == [0.75, 0.5, -2.0]


def test_a_foreign_run_is_ordered_as_trec_eval_orders_it() -> None:
    # 1 + 1e-9 is 1 in single precision: a tie, which the greater id wins.
    given_order = [ScoredDocument("a", 1 + 1e-9), ScoredDocument("b", 1), ScoredDocument("c", 2)]
    assert [each.doc_id for each in trec_order(given_order)] == ["c", "b", "a"]


@pytest.mark.parametrize(
    "run",
    [
        Run({"q 1": (ScoredDocument("a", 1.0),)}),
        Run({"q1": (ScoredDocument("a\tb", 1.0),)}),
        Run({"q1": (ScoredDocument("", 1.0),)}),
        Run({"q1": (ScoredDocument("a", 1.0),)}, tag="my run"),
    ],
)
def test_ids_that_the_format_cannot_carry_are_refused(tmp_path: Path, run: Run) -> None:
    with pytest.raises(InputError, match="without white space"):
        write_trec_run(run, tmp_path / "run.txt")
    assert not (tmp_path / "run.txt").exists()


def test_a_document_that_stands_twice_is_refused(tmp_path: Path) -> None:
    run = Run({"q1": (ScoredDocument("a", 2.0), ScoredDocument("a", 1.0))})
    with pytest.raises(InputError, match="found document 'a' twice"):
        write_trec_run(run, tmp_path / "run.txt")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q1 Q0 a 1 0.5", "line 2: found 5 columns; expected 6"),
        ("q1 Q0 a 1 high tag", "line 2: found 'high' as score; expected a number"),
        ("q1 Q0 a 1 nan tag", "line 2: found 'nan' as score; expected a finite number"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "run.txt"
    path.write_text(f"q1 Q0 z 1 0.5 tag\n{line}\n")
    with pytest.raises(InputError, match=message):
        read_trec_run(path)


def test_a_missing_run_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a TREC run"):
        read_trec_run(tmp_path / "none.txt")
