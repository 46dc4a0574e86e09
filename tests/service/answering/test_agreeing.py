"""Quotes that give two values of one thing."""

from service.answering.conflicts.conflicting import agreeing
from service.citations.quote import Quote
from tests.service.made_rankings import passage


def quoted(text: str, number: int) -> Quote:
    chunk = passage(text, number=number)
    return Quote(chunk, 0, len(chunk.text))


def test_a_quote_that_gives_another_value_is_not_stated_beside_the_first() -> None:
    first = quoted("The Heron Forum has 12 member States.", 1)
    other = quoted("The Heron Forum has 14 member States.", 2)
    alike = quoted("The Quokka Forum has 14 member States.", 3)
    assert agreeing([first, other, alike]) == (first, alike)
    assert agreeing([other, first]) == (other,)
