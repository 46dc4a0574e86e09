"""A true quote misleads where its end is left out, or where it follows what it is not about."""

import pytest

from service.answering.generation.fake import ScriptedGenerator
from service.answering.generation.generating import generated
from service.answering.generation.proving import proved
from service.answering.generation.referring import names_its_subject
from tests.service.answering.generated_answers import answer_of, faults_of
from tests.service.answering.misleading import LEANING, ORDERS, SHORTENINGS

FORUM = "The Rabat Forum meets in Geneva."
QUOTES = ("The Panel was founded in Bonn.", "It was dissolved in 2010.", FORUM)


def test_there_are_sixty_and_more() -> None:
    assert min(len(set(SHORTENINGS)), len({*ORDERS, *LEANING})) >= 60


@pytest.mark.parametrize(("sentence", "quote"), SHORTENINGS)
def test_no_shortening_that_misleads_is_kept(sentence: str, quote: str) -> None:
    assert proved(sentence, quote) in (None, quote)
    before = answer_of((quote,))
    answer = generated(before, ScriptedGenerator(f"{sentence} [1]"))
    assert [statement.text for statement in answer.statements] == [quote]
    assert faults_of(answer, before) == []


@pytest.mark.parametrize(("quotes", "draft"), ORDERS + LEANING)
def test_no_order_that_misleads_is_kept(quotes: tuple[str, ...], draft: str) -> None:
    """What leans on the quote before it follows that quote, or is not there."""
    before = answer_of(quotes)
    answer = generated(before, ScriptedGenerator(draft))
    said = [statement.text for statement in answer.statements]
    for place, text in enumerate(said):
        at = quotes.index(text)
        if at == 1:
            assert place > 0
            assert said[place - 1] == quotes[0]
    assert faults_of(answer, before) == []


def test_a_quote_that_leans_on_another_is_kept_after_it() -> None:
    named = ("The Khartoum Panel was founded in Bonn.", *QUOTES[1:])
    draft = f"{FORUM} [3] {named[0]} [1] {named[1]} [2]"
    answer = generated(answer_of(named), ScriptedGenerator(draft))
    assert [s.text for s in answer.statements] == [FORUM, named[0], named[1]]
    assert answer.generation is not None
    assert answer.generation.refusals == {}


def test_what_is_left_out_for_its_place_is_counted() -> None:
    draft = f"{FORUM} [3] {QUOTES[1]} [2]"
    answer = generated(answer_of(QUOTES), ScriptedGenerator(draft))
    assert [s.text for s in answer.statements] == [FORUM]
    assert answer.generation is not None
    assert (answer.generation.dropped, answer.generation.refusals) == (1, {"order": 1})


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The Rabat Forum and its members meet; they vote.", True),
        ("According to IOM, Swiss law forbids it.", False),
        ("In 2019, the Rabat Forum said that it would pay.", True),
        ("UNHCR leads work in Jordan.", True),
        ("UNHCR staff vote.", False),
        ("Italy pays.", True),
        ("The chair of the Rabat Forum pays.", True),
        ("UNHCR leads the work.", False),
        ("UNHCR left the Process in 2010.", False),
        ("UNHCR left the 2010 session.", False),
        ("UNHCR left the chair of the Khartoum Process.", True),
        ("UNHCR wird das Amt verlassen.", False),
        ("The World Bank pays.", False),
        ("The Forum pays.", False),
        ("A second forum was founded in Rome.", False),
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
