"""The rule of the grades, as docs/explanation/page-quality.md states it."""

from dataclasses import replace

import pytest
from hypothesis import given

from corpus.document import PageQuality
from ingest.quality.grading import graded
from tests.contract.store_examples import qualities

LAYER = PageQuality("A", "layer", 2000)
OCR = PageQuality("A", "ocr", 2000, ocr_confidence=0.95)
SCANNER = replace(LAYER, scanned=True)


@pytest.mark.parametrize(
    ("quality", "grade"),
    [
        (replace(LAYER, dictionary_share=0.80, garbled_share=0.10), "A"),
        (replace(LAYER, dictionary_share=0.79), "B"),
        (replace(LAYER, dictionary_share=0.59), "C"),
        (replace(LAYER, dictionary_share=0.0), "C"),
        (replace(LAYER, garbled_share=0.11), "B"),
        (replace(LAYER, garbled_share=0.9), "C"),
        (replace(LAYER, disagreement=0.21), "B"),
        (replace(LAYER, disagreement=0.51), "C"),
        (replace(SCANNER, dictionary_share=0.95, garbled_share=0.03), "A"),
        (replace(SCANNER, dictionary_share=0.94), "B"),
        (replace(SCANNER, dictionary_share=0.87), "C"),
        (replace(SCANNER, dictionary_share=0.69), "D"),
        (replace(SCANNER, garbled_share=0.26), "D"),
        (OCR, "A"),
        (replace(OCR, ocr_confidence=0.89), "B"),
        (replace(OCR, ocr_confidence=0.79), "C"),
        (replace(OCR, ocr_confidence=0.69), "D"),
        (replace(OCR, dictionary_share=0.87), "C"),
        (PageQuality("A", "recovered", 2000), "C"),
        (PageQuality("A", "none"), "D"),
    ],
)
def test_the_worst_figure_decides(quality: PageQuality, grade: str) -> None:
    assert graded(quality).grade == grade


def test_every_figure_that_lowers_the_grade_is_named() -> None:
    found = graded(replace(OCR, ocr_confidence=0.85, dictionary_share=0.80, garbled_share=0.02))
    assert found.reason == (
        "read from the image of the page with a confidence of 85%; "
        "20% of the words are in no dictionary"
    )


def test_an_a_has_no_reason() -> None:
    assert graded(replace(LAYER, dictionary_share=0.99, garbled_share=0.0)).reason is None


@given(qualities)
def test_grading_never_raises_a_grade_and_again_changes_nothing(quality: PageQuality) -> None:
    once = graded(quality)
    assert once.grade >= quality.grade
    assert graded(once) == once
