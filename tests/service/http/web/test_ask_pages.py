"""Quotes shown once, and comparisons as columns."""

from dataclasses import replace

from service.http.web.ask_pages import columns_of, marks, shown_statements
from service.values.answer import Statement
from tests.service.answering.generated_answers import answer_of


def test_a_statement_that_is_its_quote_is_shown_as_that() -> None:
    answer = answer_of(["The Forum\nhas 46 members."])
    [shown] = shown_statements(answer)
    assert shown.is_quote
    assert shown.citations == answer.citations


def test_a_citation_goes_with_the_first_statement_that_names_it() -> None:
    answer = answer_of(["The Forum has 46 members."])
    drafted = (Statement("It has 46.", (1,)), Statement("So it has.", (1,)))
    first, second = shown_statements(replace(answer, statements=drafted))
    assert (first.is_quote, len(first.citations)) == (False, 1)
    assert (second.is_quote, second.citations) == (False, ())


def test_sides_of_a_comparison_are_told_by_their_own_words() -> None:
    answer = answer_of(["Utah spends 3.", "New Mexico spends 4."])
    parts = ("What does Utah spend?", "What does New Mexico spend?")
    understood = replace(answer.understood, parts=parts)
    answer = replace(answer, understood=understood)
    columns = columns_of(answer, shown_statements(answer))
    assert [column.name for column in columns] == ["Utah", "New Mexico"]
    assert [len(column.statements) for column in columns] == [1, 1]

    one_sided = replace(answer, statements=answer.statements[:1])
    assert columns_of(one_sided, shown_statements(one_sided)) == ()


def test_the_places_of_a_quote_are_told_by_page() -> None:
    citation = answer_of(["The Forum has 46 members."]).citations[0]
    first = citation.spans[0]
    assert marks(citation) == f"{first.page}:{first.start}-{first.end}"
