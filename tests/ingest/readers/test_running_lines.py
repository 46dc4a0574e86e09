"""Headers, footers and page numbers."""

from collections.abc import Callable

from corpus.document import Page
from ingest.readers.document.running_lines import running_blocks

BODY = "\n".join(f"Line {n} of the body of a page with its own words" for n in range(8))


def pages(write: Callable[[int], str], count: int) -> list[Page]:
    return [Page(number, str(number), write(number)) for number in range(1, count + 1)]


def found(made: list[Page]) -> list[tuple[int, str, str]]:
    return [
        (
            block.span.page,
            block.kind,
            made[block.span.page - 1].text[block.span.start : block.span.end],
        )
        for block in running_blocks(made)
    ]


def body(number: int) -> str:
    return "\n".join(f"Own text {chr(64 + number)}{line} of this page." for line in "abcdefgh")


def test_what_stands_on_every_page_and_what_counts_pages_is_found() -> None:
    made = pages(lambda n: f"A/80/10\n{body(n)}\n25-07795 {n}/16\n", 4)
    assert found(made) == [
        entry
        for n in range(1, 5)
        for entry in ((n, "header", "A/80/10"), (n, "footer", f"25-07795 {n}/16"))
    ]


def test_left_and_right_pages_may_differ() -> None:
    made = pages(lambda n: f"{'Left head' if n % 2 else 'Right head'} {n + 4}\n{body(n)}\n", 7)
    assert len(found(made)) == 7


def test_bare_and_roman_page_numbers_count() -> None:
    assert {kind for _, kind, _ in found(pages(lambda n: f"{body(n)}\n- {n} -\n", 3))} == {
        "page_number"
    }
    roman = ["i", "ii", "iii", "iv", "v"]
    made = pages(lambda n: f"{body(n)}\n{roman[n - 1]}\n", 5)
    assert [text for _, _, text in found(made)] == roman


def test_the_first_pages_with_numbers_of_their_own_belong_to_the_series() -> None:
    labels = ["i", "ii", "1", "2", "3", "4"]
    made = pages(lambda n: f"{body(n)}\nCW/ISCM/01 {labels[n - 1]}\n", 6)
    assert [text for _, _, text in found(made)] == [f"CW/ISCM/01 {label}" for label in labels]


def test_numbers_that_do_not_count_pages_stay() -> None:
    values = [17, 4, 230, 8, 51]
    assert found(pages(lambda n: f"{body(n)}\n{values[n - 1]}\n", 5)) == []


def test_a_closing_line_now_and_then_stays() -> None:
    made = pages(
        lambda n: (
            f"{body(n % 26)}\n{'Thank you.' if n % 6 == 0 else 'Own end ' + body(n % 25)[:9]}\n"
        ),
        24,
    )
    assert not [entry for entry in found(made) if entry[2] == "Thank you."]


def test_a_single_page_has_none() -> None:
    assert found(pages(lambda n: f"Head\n{BODY}\n{n}\n", 1)) == []
