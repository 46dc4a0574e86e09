"""Made pages are read as they are shown; all of them: `python -m benchmarks.round_trip`."""

import pytest

from benchmarks.round_trip.made_document import made_documents
from benchmarks.round_trip.reading_back import read_back, summed


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return summed([read_back(document) for document in made_documents(36, 7)])


def test_pages_are_read_in_their_order(figures: dict[str, float]) -> None:
    assert figures["pages"] == 36
    assert figures["order_error"] <= 0.005


def test_every_label_is_the_one_printed(figures: dict[str, float]) -> None:
    assert figures["labels"] == 1


def test_headers_and_footers_stay_out_of_chunks_and_all_else_is_in(
    figures: dict[str, float],
) -> None:
    assert figures["running_left_out"] >= 0.99
    assert figures["body_kept"] >= 0.999


def test_words_broken_at_line_ends_are_joined(figures: dict[str, float]) -> None:
    assert figures["broken_words"] > 100
    assert figures["hyphens_joined"] >= 0.98
