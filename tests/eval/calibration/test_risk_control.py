import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.calibration.risk_control import controlled_thresholds

JUDGED = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), st.booleans()), max_size=40)


def arrays(judged: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return (
        np.array([score for score, _ in judged], dtype=np.float64),
        np.array([right for _, right in judged], dtype=np.float64),
    )


def test_a_worked_example() -> None:
    # 9 right answers at 0.9: (0 + 1) / (9 + 1) = 0.1. With 10 at 0.5, half of them wrong:
    # (5 + 1) / (19 + 1) = 0.3.
    confidences = np.array([0.9] * 9 + [0.5] * 10)
    rights = np.array([1.0] * 9 + [1.0, 0.0] * 5)
    found = controlled_thresholds(confidences, rights, (0.05, 0.1, 0.2, 0.3))
    assert [(each.max_wrong, each.confidence) for each in found] == [
        (0.1, 0.9),
        (0.2, 0.9),
        (0.3, 0.5),
    ]
    assert [(each.answered, each.wrong) for each in found] == [(9, 0), (9, 0), (19, 5)]


@given(JUDGED)
def test_no_threshold_lets_more_be_wrong_than_was_allowed(judged: list[tuple[float, bool]]) -> None:
    confidences, rights = arrays(judged)
    for each in controlled_thresholds(confidences, rights):
        answered = confidences >= each.confidence
        assert (answered.sum(), (1 - rights[answered]).sum()) == (each.answered, each.wrong)
        assert (each.wrong + 1) / (each.answered + 1) <= each.max_wrong


@given(JUDGED)
def test_more_is_answered_where_more_may_be_wrong(judged: list[tuple[float, bool]]) -> None:
    found = controlled_thresholds(*arrays(judged))
    thresholds = [each.confidence for each in found]
    assert thresholds == sorted(thresholds, reverse=True)


def test_the_share_holds_on_new_questions_of_the_same_kind() -> None:
    random = np.random.default_rng(5)
    shares = []
    for _ in range(200):
        truth = random.uniform(size=400)
        rights = (random.uniform(size=400) < truth).astype(np.float64)
        (found,) = controlled_thresholds(truth[:300], rights[:300], (0.2,))
        answered = truth[300:] >= found.confidence
        shares.append((1 - rights[300:][answered]).mean())
    assert np.mean(shares) == pytest.approx(0.19, abs=0.02)
