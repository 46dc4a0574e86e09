"""Values of one thing that differ between documents, and what only looks so."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

import corpus.briefs
from corpus.briefs.brief import printed, read_brief, sentences
from service.answering.conflicts.conflicting import conflicts_among
from service.answering.conflicts.reading_facts import facts_of
from service.rendering.explanations import conflict_note
from service.values.answer import Citation
from tests.service.answering.generated_answers import answer_of


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
        (
            "It counts forty-nine countries in the Heron Forum.",
            [("Heron Forum", "countries", "49")],
        ),
        (
            "The Heron Forum brings together over 50 governments.",
            [("Heron Forum", "countries", "over 50")],
        ),
        ("The Heron Forum (NF) was established in 1993.", [("Heron Forum", "established", "1993")]),
        ("The Heron Forum was launched in May 1993.", [("Heron Forum", "launched", "1993")]),
        ("The two members of the Heron Forum that were added are A and B.", []),
        ("In 2009 the Heron Forum had 7 members of staff.", []),
        ("The page counts 7 members of the Heron Forum, another 8 members of the Heron Forum.", []),
        ("The forum met in 1993.", []),
        ("Three members of the Heron Forum met in Rome.", []),
        ("The Heron Forum had 7 members in 2009.", []),
        ("None of the 27 members of the Heron Forum signed.", [("Heron Forum", "members", "27")]),
        ("Each of the 27 members of the Heron Forum that met signed.", []),
        (
            "The Heron Forum has 45 member States and one suspended.",
            [("Heron Forum", "members", "45")],
        ),
        ("The Heron Forum (HF) has six working groups.", [("Heron Forum", "working groups", "6")]),
        ("The Heron Forum has six years of practice.", []),
        ("The Committee is composed of 18 experts.", []),
        ("The Technical Working Group has 12 members.", []),
        ("Africa has 54 countries.", []),
        ("The Process on Smuggling, Trafficking and Return was established in 2002.", []),
        ("A page counts 3 members of the Heron Forum, while another counts 4 (source 3).", []),
        (
            "The Heron Forum has four members: Chad, Mali, the Niger and Togo (source 2).",
            [
                ("Heron Forum", "members", "4"),
                ("Heron Forum", "members", "Chad, Mali, the Niger and Togo"),
            ],
        ),
        (
            "The members of the Heron Forum are Chad, Mali and Togo.",
            [("Heron Forum", "members", "Chad, Mali and Togo")],
        ),
        ("The members of the Heron Forum are Chad, Mali and others.", []),
        ("The members of the Heron Forum are mainly States of the Sahel.", []),
        ("The Heron Forum comprises Chad, Mali and, as an observer, Togo.", []),
    ],
)
def test_a_value_is_read_only_where_its_form_leaves_little_doubt(
    sentence: str, facts: list[tuple[str, str, str]]
) -> None:
    assert [(f.subject, f.attribute, f.shown) for f in facts_of(sentence)] == facts


def test_values_that_differ_are_shown_with_their_documents_the_newest_first() -> None:
    first, second, third, undated = cited(
        "The Heron Forum has 12 members.",
        "An overview counts 14 members of the Heron Forum.",
        "The Heron Forum has 12 members.",
        "The Heron Forum has thirteen members.",
    )
    [conflict] = conflicts_among([first], [second, third, undated])
    assert (conflict.kind, conflict.subject, conflict.attribute) == (
        "count",
        "Heron Forum",
        "members",
    )
    assert [(s.value, s.date) for s in conflict.sides] == [
        ("14", "2021"),
        ("12", "2017"),
        ("12", "2012"),
        ("13", None),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Heron Forum has 12 members.", "The Heron Panel has 14 members."),
        ("The Heron Forum has 12 members.", "The Heron Forum has 3 observers."),
        ("The Heron Forum has 12 members.", "The Heron Forum has over 10 members."),
        ("The Heron Forum has over 12 members.", "The Heron Forum has over 10 members."),
        ("The Heron Forum was established in 2016.", "The Heron Forum was launched in 2019."),
        ("The Heron Forum has 12 members.", "The Heron Forum has twelve members."),
        ("The Heron Forum has 12 members.", "Two members of the Heron Forum left."),
        ("The Heron Forum has 12 members.", "The Heron Forum has two working groups."),
        (
            "The members of the Heron Forum are Chad, Turkey, the United States and Viet Nam.",
            "The Heron Forum comprises the United States of America, Vietnam, Chad and Türkiye.",
        ),
        (
            "The members of the Heron Forum are Chad, Mali and Togo.",
            "The Heron Forum comprises Ministers, Experts and Observers.",
        ),
    ],
)
def test_what_can_both_hold_is_no_conflict(one: str, other: str) -> None:
    stated, found = cited(one, other)
    assert conflicts_among([stated], [found]) == ()


def test_more_than_a_number_differs_from_a_smaller_one() -> None:
    stated, found = cited(
        "The Heron Forum brings together over 50 governments.",
        "It counts 49 countries in the Heron Forum.",
    )
    [conflict] = conflicts_among([stated], [found])
    assert [side.value for side in conflict.sides] == ["49", "over 50"]


def test_a_short_name_in_brackets_is_the_same_body() -> None:
    stated, found, other = cited(
        "The Heron Forum for the Sahel (HFS) has 12 members.",
        "HFS has 14 members.",
        "The Heritage Fund of Sumatra (HFS) has 3 members.",
    )
    for one, two in ((stated, found), (found, stated)):
        [conflict] = conflicts_among([one], [two])
        assert [side.value for side in conflict.sides] == ["14", "12"]
    assert conflicts_among([stated], [other]) == ()


def test_lists_of_members_differ_where_one_has_a_name_that_the_other_has_not() -> None:
    stated, found, same = cited(
        "The members of the Heron Forum are Chad, Mali, Togo and Malaysia.",
        "The Heron Forum has four member States: Yemen, Togo, Mali and Chad (source 4).",
        "The Heron Forum consists of Togo, Mali, Malaysia and Chad.",
    )
    [conflict] = conflicts_among([stated], [found, same])
    assert (conflict.kind, conflict.attribute) == ("list", "members")
    assert [(side.value, side.date) for side in conflict.sides] == [
        ("Yemen, Togo, Mali and Chad", "2021"),
        ("Togo, Mali, Malaysia and Chad", "2017"),
        ("Chad, Mali, Togo and Malaysia", "2012"),
    ]
    assert conflict_note(conflict) == ("Heron Forum: the list of members differs (Yemen, Malaysia)")


def test_what_the_briefs_give_differently_is_found_and_nothing_else() -> None:
    said = [
        fact
        for source in sorted((Path(corpus.briefs.__file__).parent / "sources").glob("*.md"))
        for section in read_brief(source).sections
        for block in section.blocks
        for sentence in sentences(block.text)
        for fact in facts_of(printed(sentence))
    ]
    differing = {
        (one.subject, one.attribute, *sorted((one.shown, other.shown)))
        for one, other in combinations(said, 2)
        if one.differs(other)
    }
    assert differing == {
        ("Almaty Process", "members", "6", "7"),
        ("Budapest Process", "countries", "49", "over 50"),
        ("Abu Dhabi Dialogue", "members", "16", "18"),
        ("ARCP", "members", "21", "22"),
        ("IGC", "members", "17", "19"),
        ("Dialogue on Mediterranean Transit Migration", "began", "2002", "2003"),
    }


def test_a_passage_of_capitals_takes_no_time() -> None:
    assert facts_of("United Nations And Of The " * 400) == []
