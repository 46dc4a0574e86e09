"""The library: facets that count what the others leave, orders, pages, words."""

from dataclasses import replace

from corpus.document import Document
from service.collection.library import LibraryQuery, ShelvedDocument, library_page
from tests.service.small_collection import a_document


def shelved(
    number: int,
    *,
    publisher: str | None = "IOM",
    date: str | None = "2019",
    kind: str = "brief",
    doubtful: int = 0,
) -> ShelvedDocument:
    document: Document = a_document(
        f"{number}.md",
        ("text",),
        title=f"Report {number:04}",
        content=b"%d" % number,
        media_type="text",
    )
    document = replace(document, publisher=publisher, date=date, metadata={"kind": kind})
    return ShelvedDocument(document, doubtful)


SHELF = [
    shelved(1),
    shelved(2, publisher="ICMPD", date="2021-05", doubtful=3),
    shelved(3, publisher="ICMPD", date=None, kind="annex"),
    shelved(4, publisher=None, date="2021"),
]


def titles(query: LibraryQuery) -> list[str]:
    return [each.document.title[-1] for each in library_page(SHELF, query).documents]


def test_one_of_a_facets_values_holds_and_every_facet_must() -> None:
    chosen = {"publisher": ["publisher=IOM", "publisher=ICMPD"], "kind": ["kind=brief"]}
    assert titles(LibraryQuery(conditions=chosen)) == ["1", "2"]
    assert titles(LibraryQuery(conditions={"publisher": ["publisher not exists"]})) == ["4"]
    assert titles(LibraryQuery(readings=("doubtful",))) == ["2"]


def test_the_years_of_a_range_must_both_hold() -> None:
    assert titles(LibraryQuery(conditions={"year": ["date>=2020", "date<=2021"]})) == ["2", "4"]


def test_a_facet_counts_what_the_choices_of_the_others_leave() -> None:
    shown = library_page(SHELF, LibraryQuery(conditions={"publisher": ["publisher=ICMPD"]}))
    counts = {name: {v.value: v.documents for v in values} for name, values in shown.facets.items()}
    assert counts["publisher"] == {"ICMPD": 2, "IOM": 1, "": 1}
    assert counts["kind"] == {"brief": 1, "annex": 1}
    assert counts["year"] == {"2021": 1}
    assert (shown.found, shown.total) == (2, 4)


def test_years_are_the_newest_first_and_no_date_is_no_year() -> None:
    assert [each.value for each in library_page(SHELF, LibraryQuery()).facets["year"]] == [
        "2021",
        "2019",
    ]


def test_documents_without_a_value_come_last_in_either_order() -> None:
    assert titles(LibraryQuery(sort="date")) == ["1", "4", "2", "3"]
    assert titles(LibraryQuery(sort="date", descending=True)) == ["2", "4", "1", "3"]
    assert titles(LibraryQuery(sort="quality", descending=True))[0] == "2"


def test_words_are_found_and_a_page_behind_the_last_is_the_last() -> None:
    assert titles(LibraryQuery(text="report icmpd 2021")) == ["2"]
    many = [shelved(number) for number in range(250)]
    shown = library_page(many, LibraryQuery(page=9))
    assert (shown.page, shown.pages, len(shown.documents)) == (3, 3, 50)
