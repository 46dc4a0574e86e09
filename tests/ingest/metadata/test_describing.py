"""What is known of a document: who says it, who is believed, and in which language it is."""

import pytest

from ingest.metadata.describing import Description, with_wanted
from ingest.metadata.first_pages import said_on_first_pages
from ingest.metadata.self_describing import self_description
from ingest.readers.document.formats import named
from ingest.readers.document.reader import Reading
from ingest.text.languages import language_of, main_language, with_languages
from tests.ingest.samples import reading_of

UN = """United Nations A/79/768
General Assembly
Distr.: General
12 March 2025
Original: English
Seventy-ninth session
Letter dated 3 February 2024 on A/78/1
"""


def test_a_united_nations_document_says_symbol_date_and_publisher() -> None:
    said = said_on_first_pages(reading_of(UN).pages, "x.pdf")
    assert said.metadata == {"symbol": "A/79/768"}
    assert (said.date, said.publisher) == ("2025-03-12", "United Nations")


@pytest.mark.parametrize(
    ("line", "name", "symbol"),
    [
        ("S/2025/453", "x.pdf", "S/2025/453"),
        ("A/HRC/40/L.5/Rev.1", "x.pdf", "A/HRC/40/L.5/Rev.1"),
        ("JIU/REP/2020/1", "x.pdf", "JIU/REP/2020/1"),
        ("A/1/2\nA/45/696/Add.1", "A_45_696_Add.1.pdf", "A/45/696/Add.1"),
        ("United Nations A/79/768-S/2025/75", "x.pdf", "A/79/768"),
        ("United Nations System CEB/2025/4", "x.pdf", "CEB/2025/4"),
        ("E/2025/24-E/CN.3/2025/37", "x.pdf", "E/2025/24"),
        ("JIU/REP/2025/1 [Expanded report]", "x.pdf", "JIU/REP/2025/1"),
        ("see the report A/45/696", "x.pdf", None),
        ("and/or", "x.pdf", None),
        ("A/B testing", "x.pdf", None),
    ],
)
def test_a_symbol_stands_on_a_line_of_its_own(line: str, name: str, symbol: str | None) -> None:
    said = said_on_first_pages(reading_of(f"{line}\n").pages, name)
    assert said.metadata.get("symbol") == symbol


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The Almaty Process plans to cooperate more closely with two mechanisms this year.", "en"),
        ("La reunión de la Comisión se celebró en Túnez, según el informe número ocho.", "es"),
        ("Le rapport annuel présente les activités menées au cours de cet exercice.", "fr"),
        ("الجمعية العامة تحيط علما بتقرير الأمين العام عن الهجرة الدولية والتنمية هذا العام", "ar"),
        ("Генеральная Ассамблея принимает к сведению доклад о международной миграции.", "ru"),
        ("12 34 56", None),
    ],
)
def test_languages_are_told_from_words(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_the_main_language_is_that_of_most_text() -> None:
    english = "The Forum met in May and decided to meet again in the autumn of the same year. "
    french = "Le Forum s'est réuni en mai et a décidé de se réunir de nouveau en automne. "
    pages = with_languages(reading_of(english * 3, french, "7").pages)
    assert [page.language for page in pages] == ["en", "fr", None]
    assert main_language(pages) == "en"


def test_each_value_says_where_it_is_from() -> None:
    text = UN
    words = "The Secretary-General transmits the report on the work of the session. " * 4
    pages = with_languages(reading_of(text + words).pages)
    said = self_description(Reading(pages, date="2026-01-01", publisher="jdoe"), "some_file.pdf")
    assert said.provenance["date"] == "first page"
    assert said.values["publisher"] == "United Nations"
    assert (said.values["title"], said.provenance["title"]) == ("some file", "name")
    assert said.provenance["language"] == "text"


def test_a_stored_documents_name_ends_as_its_format() -> None:
    assert named("https://example.org/report?id=3", "text/html") == "report.html"
    assert named("https://example.org/", "application/pdf") == "example.org.pdf"
    assert named("/a/b/Report.PDF", "application/pdf") == "Report.PDF"


def test_a_file_does_not_say_to_which_collection_it_belongs() -> None:
    said = Description({"collection": "theirs", "title": "A report"})
    assert with_wanted(said, Description()).fields().collection is None
    wanted = Description({"collection": "ours"}, {"collection": "given"})
    assert with_wanted(said, wanted).fields().collection == "ours"
