import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from eval.statistics.selective import (
    arrays,
    aurc,
    auroc,
    risk_coverage,
    selective_error,
    selective_risks,
)

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0.0, 1.0])), min_size=1, max_size=30)


@pytest.mark.parametrize("seed", range(5))
def test_auroc_is_that_of_scikit_learn_with_ties_too(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(0, 8, 60).astype(np.float64)
    positive = random.random(60) < 0.4
    assert auroc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))


def test_auroc_of_one_kind_is_not_there() -> None:
    assert auroc(np.asarray([1.0, 2.0]), np.asarray([True, True])) is None
    assert auroc(np.asarray([]), np.asarray([], dtype=np.bool_)) is None


def test_risks_of_a_worked_example() -> None:
    scores, errors = arrays([0.4, 0.9, 0.7, 0.1], [0, 0, 1, 1])
    # Surest first the errors are 0, 1, 0, 1.
    assert selective_risks(scores, errors) == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert aurc(scores, errors) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert selective_error(scores, errors, 0.25) == 0.0
    assert selective_error(scores, errors, 0.6) == pytest.approx(1 / 3)  # 2.4 questions: 3
    assert selective_error(scores, errors, 1.0) == 0.5


def test_equal_scores_share_their_errors() -> None:
    scores, errors = arrays([1, 1, 1, 1], [1, 0, 0, 1])
    assert selective_risks(scores, errors) == pytest.approx([0.5] * 4)


def test_seven_tenths_of_ten_questions_are_seven() -> None:
    scores, errors = arrays(range(10, 0, -1), [0] * 7 + [1] * 3)
    assert selective_error(scores, errors, 0.7) == 0.0


@given(PAIRS, st.randoms())
def test_no_figure_depends_on_the_order_of_questions(
    pairs: list[tuple[int, float]], random: object
) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, two = (arrays(*zip(*each, strict=True)) for each in (pairs, shuffled))
    assert aurc(*one) == pytest.approx(aurc(*two))
    assert selective_error(*one, 0.6) == pytest.approx(selective_error(*two, 0.6))


@given(PAIRS)
def test_answering_all_has_the_risk_of_all(pairs: list[tuple[int, float]]) -> None:
    scores, errors = arrays(*zip(*pairs, strict=True))
    assert selective_error(scores, errors, 1.0) == pytest.approx(errors.mean())


def test_the_curve_ends_with_all_questions_and_names_its_thresholds() -> None:
    scores, errors = arrays([3, 2, 1, -math.inf], [0, 0, 1, 1])
    curve = risk_coverage(scores, errors, points=2)
    assert [(p.coverage, p.risk, p.threshold) for p in curve] == [(0.5, 0.0, 2.0), (1.0, 0.5, None)]


def test_nothing_has_no_figure() -> None:
    scores, errors = arrays([], [])
    assert aurc(scores, errors) is None
    assert selective_error(scores, errors, 0.6) is None
    assert risk_coverage(scores, errors) == ()
