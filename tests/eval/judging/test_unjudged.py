import math

import pytest

from corpus.errors import InputError
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, ScoredDocument
from eval.judging.unjudged import unjudged
from eval.retrieval.measures import measure


def run_of(**rankings: str) -> Run:
    """Return a run whose documents are single letters, best first."""
    return Run(
        {
            query_id: tuple(ScoredDocument(d, float(-rank)) for rank, d in enumerate(letters))
            for query_id, letters in rankings.items()
        }
    )


RUN = run_of(q1="xay", q2="bz", q3="w")
QRELS = [Qrel("q1", "a", 1), Qrel("q2", "b", 1), Qrel("q2", "c", 0)]


def test_the_effect_is_worked_out_by_hand() -> None:
    found = {(e.query_id, e.doc_id): e for e in unjudged(RUN, QRELS, name="RR@10")}
    # q1 would rise from 1/2 to 1, and the mean over two judged queries by half of that.
    assert found["q1", "x"].effect == pytest.approx((1 - 1 / 2) / 2)
    assert found["q1", "x"].rank == 1
    assert found["q1", "y"].effect == 0


def test_an_ideal_that_grows_can_lower_the_mean() -> None:
    (first, *_) = [e for e in unjudged(RUN, QRELS) if e.query_id == "q2"]
    # b and z at 1 and 2 of two relevant ones: still 1. y of q1 at 3 is worth less than at 2.
    assert first.effect == pytest.approx(0)
    gain_2, gain_3 = 1 / math.log2(3), 1 / math.log2(4)
    after = (gain_2 + gain_3) / (1 + gain_2)
    (y,) = [e for e in unjudged(RUN, QRELS) if e.doc_id == "y"]
    assert y.effect == pytest.approx((after - gain_2) / 2)


def test_the_effect_is_the_difference_of_two_measured_means() -> None:
    for each in unjudged(RUN, QRELS, name="AP", relevance=2):
        more = [*QRELS, Qrel(each.query_id, each.doc_id, 2)]
        before, after = (sum(measure(RUN, q, ["AP"]).values["AP"].values()) for q in (QRELS, more))
        assert each.effect == pytest.approx((after - before) / 2)


def test_largest_changes_come_first_and_judged_documents_never() -> None:
    found = unjudged(RUN, QRELS)
    assert [abs(e.effect) for e in found] == sorted((abs(e.effect) for e in found), reverse=True)
    assert {e.doc_id for e in found} == {"x", "y", "z"}


def test_only_so_many_ranks_are_looked_at() -> None:
    assert {e.doc_id for e in unjudged(RUN, QRELS, depth=1)} == {"x"}


def test_many_are_measured_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = unjudged(RUN, QRELS)
    monkeypatch.setattr("eval.judging.unjudged._AT_ONCE", 2)
    assert unjudged(RUN, QRELS) == whole


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(InputError, match="near names: nDCG"):
        unjudged(RUN, QRELS, name="ndcg@10")
