"""What is printed on a page as its number, told from numbers that only happen to count pages."""

from collections.abc import Callable

import pytest

from corpus.document import Page
from ingest.readers.pdf.page_labels import page_labels

BODY = "\n".join(f"Line {chr(97 + n)} of the body of a page with its own words" for n in range(8))
NOTES = ("Ibid., p. 3.", "See the report of the Committee.", "Statistics were not kept then.")


def labels(write: Callable[[int], str], count: int) -> list[str]:
    made = [Page(number, str(number), write(number)) for number in range(1, count + 1)]
    return page_labels(made, [])


def test_notes_that_happen_to_count_the_pages_are_no_labels() -> None:
    found = labels(lambda n: f"{BODY}\n{n + 11} {NOTES[n - 1]}\n", 3)
    assert found == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("line", "first"),
    [("{} | Annual report", "12"), ("Chapter on method {}", "12"), ("B-{} Annex", "B-12")],
)
def test_words_that_come_again_beside_a_number_make_it_a_label(line: str, first: str) -> None:
    found = labels(lambda n: f"{BODY}\n{line.format(n + 11)}\n", 4)
    assert found[0] == first


def test_titles_of_chapters_may_change_beside_the_numbers() -> None:
    titles = ["Introduction", "Method", "Method", "Findings", "Findings", "Findings"]
    found = labels(lambda n: f"{n + 6}   {titles[n - 1]}\n{BODY}\n", 6)
    assert found == ["7", "8", "9", "10", "11", "12"]


def test_a_total_needs_no_words_that_come_again() -> None:
    found = labels(lambda n: f"{BODY}\n{n + 1}/16 {chr(64 + n) * 5} {chr(70 + n) * 5}\n", 4)
    assert found == ["2/16", "3/16", "4/16", "5/16"]


def test_numbers_alone_count_beside_notes_that_do_not() -> None:
    found = labels(lambda n: f"{BODY}\n{n + 11} {NOTES[n - 1]}\n– {n + 40} –\n", 3)
    assert found == ["41", "42", "43"]
