"""Values of one thing that differ between documents, and what only looks so."""

from dataclasses import replace

import pytest

from service.answer import Citation
from service.conflicting import conflicts_among, facts_of
from tests.service.generated_answers import answer_of


def cited(*quotes: str) -> list[Citation]:
    dates = ("2012", "2021", "2017", "")
    return [
        replace(citation, metadata={"date": date} if date else {})
        for citation, date in zip(answer_of(quotes).citations, dates, strict=False)
    ]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("The Northern Forum has 12 members.", [("Northern Forum", "members", "12")]),
        ("It counts forty-nine countries in the Forum.", [("Forum", "countries", "49")]),
        ("The Forum brings together over 50 governments.", [("Forum", "countries", "over 50")]),
        ("The Forum (NF) was established in 1993.", [("Forum", "established", "1993")]),
        ("The Forum was launched in May 1993.", [("Forum", "launched", "1993")]),
        ("The two members of the Forum that were added are A and B.", []),
        ("In 2009 the Forum had 7 members of staff.", []),
        ("The page counts 7 members of the Forum, another 8 members of the Forum.", []),
        ("The forum met in 1993.", []),
    ],
)
def test_a_value_is_read_only_where_its_form_leaves_little_doubt(
    sentence: str, facts: list[tuple[str, str, str]]
) -> None:
    assert [(f.about, f.what, f.shown) for f in facts_of(sentence)] == facts


def test_values_that_differ_are_shown_with_their_documents_the_newest_first() -> None:
    first, second, third, undated = cited(
        "The Forum has 12 members.",
        "An overview counts 14 members of the Forum.",
        "The Forum has 12 members.",
        "The Forum has thirteen members.",
    )
    [conflict] = conflicts_among([first], [second, third, undated])
    assert (conflict.kind, conflict.about, conflict.what) == ("count", "Forum", "members")
    assert [(s.value, s.date) for s in conflict.sides] == [
        ("14", "2021"),
        ("12", "2017"),
        ("12", "2012"),
        ("13", None),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Forum has 12 members.", "The Panel has 14 members."),
        ("The Forum has 12 members.", "The Forum has 3 observers."),
        ("The Forum has 12 members.", "The Forum has over 10 members."),
        ("The Forum has over 12 members.", "The Forum has over 10 members."),
        ("The Forum was established in 2016.", "The Forum was launched in 2019."),
        ("The Forum has 12 members.", "The Forum has twelve members."),
    ],
)
def test_what_can_both_hold_is_no_conflict(one: str, other: str) -> None:
    stated, found = cited(one, other)
    assert conflicts_among([stated], [found]) == ()


def test_more_than_a_number_differs_from_a_smaller_one() -> None:
    stated, found = cited(
        "The Forum brings together over 50 governments.", "It counts 49 countries in the Forum."
    )
    [conflict] = conflicts_among([stated], [found])
    assert [side.value for side in conflict.sides] == ["49", "over 50"]


def test_a_passage_of_capitals_takes_no_time() -> None:
    assert facts_of("United Nations And Of The " * 400) == []
