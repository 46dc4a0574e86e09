"""A true quote misleads where its end is left out, or where it follows what it is not about."""

import pytest

from service.answering.generation.fake import ScriptedGenerator
from service.answering.generation.generating import generated
from service.answering.generation.proving import proved
from service.answering.generation.referring import names_its_subject
from tests.service.answering.generated_answers import answer_of, faults_of
from tests.service.answering.misleading import ORDERS, SHORTENINGS

FORUM = "The Forum meets in Geneva."


def test_there_are_sixty_and_more() -> None:
    assert len(set(SHORTENINGS)) + len(set(ORDERS)) >= 60


@pytest.mark.parametrize(("sentence", "quote"), SHORTENINGS)
def test_no_shortening_that_misleads_is_kept(sentence: str, quote: str) -> None:
    assert proved(sentence, quote) in (None, quote)
    before = answer_of((quote,))
    answer = generated(before, ScriptedGenerator(f"{sentence} [1]"))
    assert [statement.text for statement in answer.statements] == [quote]
    assert faults_of(answer, before) == []


@pytest.mark.parametrize(("quotes", "draft"), ORDERS)
def test_no_order_that_misleads_is_kept(quotes: tuple[str, ...], draft: str) -> None:
    """What leans on the quote before it follows that quote, or is not there."""
    before = answer_of(quotes)
    answer = generated(before, ScriptedGenerator(draft))
    said = [statement.text for statement in answer.statements]
    for place, text in enumerate(said):
        at = next(n for n, quote in enumerate(quotes) if text in quote)
        if not text.startswith(("The Panel", "The Forum")):
            assert place > 0
            assert said[place - 1] == quotes[at - 1]
    assert faults_of(answer, before) == []


def test_a_quote_that_leans_on_another_is_kept_after_it() -> None:
    quotes = ORDERS[0][0]
    draft = f"{FORUM} [3] The Panel was founded in Bonn. [1] It was dissolved in 2010. [2]"
    answer = generated(answer_of(quotes), ScriptedGenerator(draft))
    assert [s.text for s in answer.statements] == [FORUM, quotes[0], quotes[1]]
    assert answer.generation is not None
    assert answer.generation.refusals == {}


def test_what_is_left_out_for_its_place_is_counted() -> None:
    quotes, draft = ORDERS[0]
    answer = generated(answer_of(quotes), ScriptedGenerator(draft))
    assert [s.text for s in answer.statements] == [FORUM]
    assert answer.generation is not None
    assert (answer.generation.dropped, answer.generation.refusals) == (1, {"order": 1})


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The Forum and its members meet; they vote.", True),
        ("In 2019, forty-six States, 12 of them in Asia, did not sign the declaration.", True),
        ("According to the Panel, no member may leave.", True),
        ("The World Bank said that it would pay.", True),
        ("World Bank staff vote.", True),
        ("UNHCR leads the work.", True),
        ("A second forum was founded in Rome.", True),
        ("Italy pays.", True),
        ("Members pay.", False),
        ("Se disolvió en 2010.", False),
        ("Later, it was dissolved.", False),
        ("In June, members left.", False),
        ("", False),
    ],
)
def test_a_subject_that_is_not_seen_to_be_named_is_taken_to_refer(
    sentence: str, named: bool
) -> None:
    assert names_its_subject(sentence, frozenset({"Italy"})) is named
