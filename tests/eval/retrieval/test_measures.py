from math import log2

import ir_measures
import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, ScoredDocument, trec_order
from eval.retrieval.measures import DEFAULT_MEASURES, checked_measures, measure
from eval.statistics.estimates import Resampling

QRELS = [
    Qrel("q1", "a", 2),
    Qrel("q1", "b", 1),
    Qrel("q1", "c", 0),
    Qrel("q2", "a", 1),
    Qrel("q3", "d", 1),
]


def ranked(*doc_ids: str) -> tuple[ScoredDocument, ...]:
    return tuple(ScoredDocument(doc_id, 1.0) for doc_id in doc_ids)


RUN = Run({"q1": ranked("b", "x", "a"), "q2": ranked("y", "a"), "q9": ranked("a")})


def test_ndcg_of_a_worked_example() -> None:
    # Gains 1, 0, 2 at ranks 1, 2, 3; the best order has 2 at rank 1 and 1 at rank 2.
    expected = (1 / log2(2) + 2 / log2(4)) / (2 / log2(2) + 1 / log2(3))
    value = measure(RUN, QRELS, ["nDCG@10"]).values["nDCG@10"]["q1"]
    assert value == pytest.approx(expected, abs=1e-12)
    assert round(value, 4) == 0.7602


def test_recall_and_reciprocal_rank_of_a_worked_example() -> None:
    values = measure(RUN, QRELS, ["R@1", "RR@10"]).values
    assert values["R@1"] == {"q1": 0.5, "q2": 0.0, "q3": 0.0}
    assert values["RR@10"] == {"q1": 1.0, "q2": 0.5, "q3": 0.0}


def test_a_judged_query_without_results_counts_0_in_the_mean() -> None:
    run = Run({"q1": ranked("a", "b")})
    measured = measure(run, QRELS, ["nDCG@10"])
    assert measured.unanswered == ("q2", "q3")
    assert measured.estimates()["nDCG@10"].mean == pytest.approx(1 / 3)


def test_a_query_without_judgements_is_named_and_not_averaged() -> None:
    measured = measure(RUN, QRELS, ["RR@10"])
    assert measured.unjudged == ("q9",)
    assert measured.estimates()["RR@10"].mean == pytest.approx((1 + 0.5 + 0) / 3)


def test_ties_count_in_the_order_of_the_run() -> None:
    values = measure(Run({"q2": ranked("z", "a")}), QRELS, ["RR", "RR@10", "P@1"]).values
    assert [values[name]["q2"] for name in ("RR", "RR@10", "P@1")] == [0.5, 0.5, 0.0]


def test_names_may_hold_parameters_and_come_back_as_ir_measures_prints_them() -> None:
    assert checked_measures(["NDCG@10", "P(rel=2)@5", "MAP", "nDCG@10"]) == (
        "nDCG@10",
        "P(rel=2)@5",
        "AP",
    )


@pytest.mark.parametrize(
    ("name", "near"), [("ndcg@10", "nDCG"), ("Recal@100", "Recall"), ("sucess@5", "Success")]
)
def test_an_unknown_measure_lists_near_ones(name: str, near: str) -> None:
    with pytest.raises(InputError, match=rf"{name}.*near names: .*\b{near}\b"):
        checked_measures([name])


@pytest.mark.parametrize("name", ["R", "nDCG@-3", "P(", "AP(foo=1)", "alpha_nDCG@10", ""])
def test_a_measure_that_cannot_be_computed_is_an_input_error(name: str) -> None:
    with pytest.raises(InputError, match="cannot be computed"):
        checked_measures([name])


def test_a_measure_of_an_outside_program_takes_any_ids() -> None:
    qrels = [Qrel("claim one", "doc/1 a", 1)]
    run = Run({"claim one": (ScoredDocument("doc/1 a", 1.0),)})
    assert measure(run, qrels, ["Judged@10"]).values["Judged@10"] == {"claim one": 1.0}


def test_nothing_judged_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no judgement"):
        measure(RUN, [], DEFAULT_MEASURES)


def test_intervals_are_the_same_each_time_and_hold_the_mean() -> None:
    measured = measure(RUN, QRELS, DEFAULT_MEASURES)
    once = measured.estimates(Resampling(resamples=1000))
    assert once == measured.estimates(Resampling(resamples=1000))
    for estimate in once.values():
        assert estimate.low is not None
        assert estimate.mean is not None
        assert estimate.high is not None
        assert estimate.low <= estimate.mean <= estimate.high


DOC_IDS = st.sampled_from("abcdefgh")
SCORES = st.sampled_from([0.0, 0.25, 0.5, 0.5 + 1e-9, 1.0])
RUNS = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3", "q4"]), st.dictionaries(DOC_IDS, SCORES, max_size=8)
)
JUDGEMENTS = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3"]),
    st.dictionaries(DOC_IDS, st.integers(0, 3), min_size=1, max_size=8),
    min_size=1,
)


@settings(deadline=None, max_examples=50)
@given(RUNS, JUDGEMENTS)
def test_values_equal_trec_eval_with_ties_and_missing_queries(
    run: dict[str, dict[str, float]], judged: dict[str, dict[str, int]]
) -> None:
    names = {"nDCG@10": "ndcg_cut_10", "R@5": "recall_5", "RR": "recip_rank", "AP": "map"}
    qrels = [Qrel(q, d, score) for q, by_doc in judged.items() for d, score in by_doc.items()]
    ours = Run(
        {q: trec_order(ScoredDocument(d, s) for d, s in by.items()) for q, by in run.items()}
    )
    measured = measure(ours, qrels, names)
    evaluator = pytrec_eval.RelevanceEvaluator(judged, set(names.values()))
    theirs = evaluator.evaluate({q: by_doc for q, by_doc in run.items() if by_doc})
    for name, trec_name in names.items():
        expected = {q: theirs[q][trec_name] if q in theirs else 0.0 for q in judged}
        assert measured.values[name] == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(RUNS, JUDGEMENTS)
def test_means_equal_ir_measures(
    run: dict[str, dict[str, float]], judged: dict[str, dict[str, int]]
) -> None:
    qrels = [Qrel(q, d, score) for q, by_doc in judged.items() for d, score in by_doc.items()]
    ours = Run(
        {q: trec_order(ScoredDocument(d, s) for d, s in by.items()) for q, by in run.items()}
    )
    theirs = ir_measures.calc_aggregate(
        [ir_measures.parse_measure(name) for name in ("nDCG@10", "AP", "R@5")],
        [ir_measures.Qrel(q.query_id, q.doc_id, q.relevance) for q in qrels],
        [ir_measures.ScoredDoc(q, d, s) for q, by_doc in run.items() for d, s in by_doc.items()],
    )
    estimates = measure(ours, qrels, ["nDCG@10", "AP", "R@5"]).estimates(Resampling(1000))
    for name, value in theirs.items():
        assert estimates[str(name)].mean == pytest.approx(value, abs=1e-9)
