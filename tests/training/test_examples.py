"""Which examples are on reports."""

import pytest

from training.examples import Example
from training.mixing import SHARES

ON_REPORTS = {
    "answer.own",
    "answer.judged",
    "answer.part",
    "judged negative",
    "part negative",
    "own near miss",
    "own near passage",
    "other report",
}


@pytest.mark.parametrize("kind", SHARES)
def test_examples_are_on_reports_or_on_the_pool(kind: str) -> None:
    assert Example("Who?", "He.", None, None, kind).on_a_report == (kind in ON_REPORTS)
