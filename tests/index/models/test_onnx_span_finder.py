"""What only the default span finder does: windows over a long passage, spans on whole words."""

from dataclasses import replace

import pytest

from corpus.errors import SettingsError
from index.span_finders.onnx import SPAN_FINDER, OnnxSpanFinder

QUESTION = "How many States answered the survey of 2019?"
FILLER = "The weather was fine on that day and nothing else happened. "
ANSWER = "In all, 46 States answered the survey of 2019. "


@pytest.mark.parametrize("shared", [-1, 205])
def test_windows_that_share_more_than_is_left_for_a_passage_are_refused(shared: int) -> None:
    with pytest.raises(SettingsError, match="expected 0 to 204"):
        replace(SPAN_FINDER, shared_tokens=shared)


def test_windows_are_part_of_the_fingerprint() -> None:
    other = OnnxSpanFinder(replace(SPAN_FINDER, window_tokens=200))
    assert other.fingerprint != OnnxSpanFinder().fingerprint


@pytest.mark.models
@pytest.mark.parametrize("before", [0, 5, 9, 12, 30])
def test_the_answer_is_found_wherever_the_windows_are_cut(before: int) -> None:
    passage = FILLER * before + ANSWER + FILLER * 20
    (span,) = OnnxSpanFinder().find(QUESTION, [passage])
    assert "46" in passage[span.start : span.end]


@pytest.mark.models
def test_a_span_ends_at_the_end_of_a_word_not_of_a_word_piece() -> None:
    passage = "The secretariat of the Quxzvorblian mechanism is in Almaty."
    (span,) = OnnxSpanFinder().find("Of which mechanism is the secretariat in Almaty?", [passage])
    edges = passage[max(span.start - 1, 0) : span.start] + passage[span.end : span.end + 1]
    assert not any(character.isalnum() for character in edges)
