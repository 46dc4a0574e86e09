import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from eval.judging.agreement import Weights, agreement, cohen_kappa, krippendorff_alpha
from eval.judging.judging import Judgement

GRADES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30)

# Krippendorff 2011, example C: four observers, twelve units, the grades that each unit got.
UNITS = (
    *((1, 1, 1), (2, 2, 3, 2), (3, 3, 3, 3), (3, 3, 3, 3), (2, 2, 2, 2), (1, 2, 3, 4)),
    *((4, 4, 4, 4), (1, 1, 2, 1), (2, 2, 2, 2), (5, 5, 5), (1, 1), (3,)),
)


def judged(doc_id: str, relevance: int, assessor: str) -> Judgement:
    return Judgement("q1", doc_id, relevance, assessor, "2026-01-31T09:30:00+00:00")


def test_the_textbook_example_of_kappa() -> None:
    first = [1] * 20 + [1] * 5 + [0] * 10 + [0] * 15
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    # Observed agreement 35/50; by chance 25/50 · 30/50 + 25/50 · 20/50 = 1/2.
    assert cohen_kappa(first, second) == pytest.approx((0.7 - 0.5) / (1 - 0.5))


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
@given(graded=GRADES)
def test_kappa_is_that_of_scikit_learn(weights: Weights, graded: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in graded], [b for _, b in graded]
    found = cohen_kappa(first, second, weights=weights)
    if found is None:
        assert len({*first, *second}) == 1
        return
    oracle_weights = None if weights == "none" else weights
    oracle = cohen_kappa_score(first, second, labels=[0, 1, 2, 3], weights=oracle_weights)
    assert found == pytest.approx(float(oracle))


def test_kappa_is_undefined_where_chance_agrees_always() -> None:
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert cohen_kappa([], []) is None


def test_grades_that_do_not_pair_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="found 1 grades and 2"):
        cohen_kappa([1], [1, 2])


def test_the_published_example_of_nominal_alpha() -> None:
    # 40 grades that pair, 9, 13, 10, 5 and 3 of each; of the 40 pairings 32 agree.
    counts = (9, 13, 10, 5, 3)
    chance = sum(n * (n - 1) for n in counts)
    expected = ((40 - 1) * 32 - chance) / (40 * (40 - 1) - chance)
    assert krippendorff_alpha(UNITS, level="nominal") == pytest.approx(expected)
    assert expected == pytest.approx(0.743, abs=0.0005)  # as printed in the paper


def test_the_published_example_of_ordinal_alpha() -> None:
    # δ² of two grades: how often those between were given, with half of each end, squared.
    d12, d23, d13 = (9 / 2 + 13 / 2) ** 2, (13 / 2 + 10 / 2) ** 2, (9 / 2 + 13 + 10 / 2) ** 2
    d14, d24, d34 = (9 / 2 + 23 + 5 / 2) ** 2, (13 / 2 + 10 + 5 / 2) ** 2, (10 / 2 + 5 / 2) ** 2
    d15, d25 = (9 / 2 + 28 + 3 / 2) ** 2, (13 / 2 + 15 + 3 / 2) ** 2
    d35, d45 = (10 / 2 + 5 + 3 / 2) ** 2, (5 / 2 + 3 / 2) ** 2
    # Three units disagree: 2,2,3,2 and 1,2,3,4 and 1,1,2,1; a pair of four grades weighs 1/3.
    observed = 3 * d23 / 3 + (d12 + d13 + d14 + d23 + d24 + d34) / 3 + 3 * d12 / 3
    chance = (
        9 * (13 * d12 + 10 * d13 + 5 * d14 + 3 * d15)
        + 13 * (10 * d23 + 5 * d24 + 3 * d25)
        + 10 * (5 * d34 + 3 * d35)
        + 5 * 3 * d45
    ) / 39
    assert krippendorff_alpha(UNITS, level="ordinal") == pytest.approx(1 - observed / chance)
    assert 1 - observed / chance == pytest.approx(0.815, abs=0.0005)  # as printed in the paper


def test_alpha_is_undefined_without_two_grades_or_two_assessors() -> None:
    assert krippendorff_alpha([(1,), (2,)], level="nominal") is None
    assert krippendorff_alpha([(1, 1), (1, 1)], level="ordinal") is None


def test_only_last_judgements_of_what_two_judged_are_compared() -> None:
    found = agreement(
        [
            *(judged("a", 0, "ada"), judged("a", 1, "ada"), judged("b", 0, "ada")),
            *(judged("a", 1, "bo"), judged("b", 0, "bo"), judged("c", 2, "bo")),
        ]
    )
    assert (found.assessors, found.judged, found.judged_twice) == (("ada", "bo"), 3, 2)
    (pair,) = found.pairs
    assert (pair.judged_by_both, pair.same, pair.kappa, pair.weighted_kappa) == (2, 2, 1.0, 1.0)
    assert (found.alpha_nominal, found.alpha_ordinal) == (1.0, 1.0)
