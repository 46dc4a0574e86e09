import pytest

from eval.answers.items import found_items, normalised, quotable_items


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Twelve States – and IOM.", "12 states and iom"),
        ("12–13 February\n2019", "12 13 february 2019"),
        ("asylum-\n  seekers", "asylum seekers"),
        ("co\u00adoperation", "cooperation"),
        ("“Thirteen”", "thirteen"),
        ("...", ""),
    ],
)
def test_case_punctuation_and_small_numbers_do_not_matter(text: str, words: str) -> None:
    assert normalised(text) == words


def test_an_item_is_whole_words_in_one_quote() -> None:
    assert (
        found_items(["Budapest Process", "3 States"], ["the Budapest\nprocess; three states"]) == 2
    )
    assert found_items(["46"], ["in 1946", "461"]) == 0
    assert found_items(["Prague Process"], ["in Prague", "Process"]) == 0
    assert found_items(["?"], ["anything"]) == 0


def test_an_item_that_the_evidence_does_not_hold_cannot_be_quoted() -> None:
    assert quotable_items(("No", "46"), ["46 States answered"]) == ("46",)
