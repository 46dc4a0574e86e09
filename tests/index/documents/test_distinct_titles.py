"""Titles that tell documents of one title apart."""

from corpus.ids import DocId
from index.documents.distinct_titles import distinct_titles, full_title
from index.documents.indexed_document import IndexedDocument


def indexed(doc_id: str, title: str, date: str | None = None, **metadata: str) -> IndexedDocument:
    return IndexedDocument(DocId(doc_id), title, "c", date=date, metadata=metadata)


def test_a_title_that_one_document_has_is_shown_as_it_is() -> None:
    assert distinct_titles([indexed("a", "Roads", subtitle="Final report")]) == {}


def test_a_shared_title_is_shown_with_the_subtitle() -> None:
    shown = distinct_titles(
        [
            indexed("a", "Evaluation of roads", subtitle="Case study: Kenya"),
            indexed("b", "EVALUATION OF ROADS", subtitle="Case study: Peru"),
            indexed("c", "Evaluation of roads"),
        ]
    )
    assert shown == {
        "a": "Evaluation of roads: Case study: Kenya",
        "b": "EVALUATION OF ROADS: Case study: Peru",
        "c": "Evaluation of roads",
    }


def test_kind_symbol_or_date_tells_apart_what_no_subtitle_does() -> None:
    by = "Report of the Secretary-General"
    shown = distinct_titles(
        [
            indexed("a", "Mission in Libya", "2025-04-11", subtitle=by, kind="report"),
            indexed("b", "Mission in Libya", "2025-08-08", subtitle=by, kind="report"),
        ]
    )
    assert shown[DocId("a")] == f"Mission in Libya: {by} (2025-04-11)"


def test_a_title_that_has_the_subtitle_is_not_given_it_again() -> None:
    assert full_title("Roads: Final report", {"subtitle": "Final Report"}) == "Roads: Final report"
    assert full_title("Whose roads?", {"subtitle": "A study"}) == "Whose roads? A study"
