"""Which sentences a quote proves, and what is shown for them: the whole of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.generation.proving import proved, refusal

FOUR = (
    "The Forum sits in Rome. World Bank staff count votes. The Panel sits in Bonn. It has members."
)
LONG = (
    "Furthermore, the Forum, which has a secretariat, plans (with Italy) to meet the Panel and "
    "the Board in Geneva; it is hosted by Spain."
)


@pytest.mark.parametrize(
    ("sentence", "quote", "text"),
    [
        ("It meets in Geneva", "It meets in Geneva.", "It meets in Geneva."),
        ("The Forum sits in Rome", FOUR, FOUR),
        ("World Bank staff count votes", FOUR, FOUR),
        ("The Panel sits in Bonn", FOUR, FOUR),
        ("it MEETS in geneva!", "It meets\nin Geneva.", "It meets in Geneva."),
        ("It meets in the Geneva", "It meets in Geneva.", "It meets in Geneva."),
        ("Few States joined", "A few States joined.", "A few States joined."),
        ("It began in 1,200 towns", "It began in 1200 towns.", "It began in 1200 towns."),
        ("It “meets” there", "It meets there.", "It meets there."),
        ("Is it there", "Is it there?", "Is it there?"),
        (
            "The Forum plans to meet the Panel and the Board in Geneva.",
            LONG,
            LONG,
        ),
        (
            "The Forum, which has a secretariat, plans to meet the Panel and the Board in Geneva.",
            LONG,
            LONG,
        ),
        ("It rose", "It rose. It fell.", "It rose. It fell."),
        ("It fell", "It rose. It fell.", "It rose. It fell."),
    ],
)
def test_an_honest_sentence_is_proved_and_comes_as_the_whole_quote(
    sentence: str, quote: str, text: str
) -> None:
    assert proved(sentence, quote) == text


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The Panel and the Board meet in Geneva", LONG),
        ("The Forum plans to meet the Panel in Geneva", LONG),
        ("The Forum plans to meet the Board and the Panel in Geneva", LONG),
        ("It is hosted by Spain", LONG),
        ("X joined", "X joined, which nobody believed."),
        ("X joined", "X joined; this was denied."),
        ("X joined", "X joined (provisionally, if Y agrees)."),
        ("X has 46 members", "X has 46 members (in 2010)."),
        ("X has members", "X (12 of them) has members (12)."),
        ("Members are A and C", "Members are A, B, and C."),
        ("Smith is wrong", "The view of Mr. Smith is wrong."),
        ("X joins", "The following was not agreed: X joins."),
        ("X joins", "X joins unless Y does."),
        ("X joins", "It is not true that X joins."),
        ("X joins", "X joins, Y said."),
        ("It rose by 5", "It rose by 5 %."),
        ("It rose by 5", "It rose by −5."),
        ("It is 1.5", "It is 15."),
        ("It is 12", "It is 1 2."),
        ("", "It is."),
        ("The", "The end."),
        ("…", "It is."),
        ("It rose. It fell", "It rose. Later it fell."),
        ("It rose. It stood", "It rose. It fell. It stood."),
    ],
)
def test_what_a_quote_does_not_say_is_not_proved(sentence: str, quote: str) -> None:
    assert proved(sentence, quote) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_what_is_proved_is_made_of_the_quotes_letters_in_their_order(
    sentence: str, quote: str
) -> None:
    found = proved(sentence, quote)
    if found is not None:
        letters = iter(quote.casefold())
        assert all(c in letters for c in found.casefold() if c.isalnum())
        assert proved(found, quote) == found


@pytest.mark.parametrize("words", [1, 30, 150])
def test_a_sentence_of_any_length_is_proved_as_a_whole(words: int) -> None:
    quote = "The " + ", and the ".join(f"Forum{n}x (part)" for n in range(words)) + " met."
    assert proved(quote, quote) == quote
    end = " ".join(quote.split()[-30:])
    assert proved(end, quote) in (None, quote)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("It has 47 members.", "number"),
        ("It has forty-seven members.", "number"),
        ("It meets the Council.", "name"),
        ("It never has members.", "negation"),
        ("It has guests.", "words"),
    ],
)
def test_the_plainest_reason_is_named(sentence: str, reason: str) -> None:
    assert refusal(sentence, "It has 46 members.") == reason
