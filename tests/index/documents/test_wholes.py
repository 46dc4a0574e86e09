"""Which documents belong to one report, and which of them a name means."""

import numpy as np

from corpus.ids import DocId
from index.documents.document_names import DocumentNames
from index.documents.indexed_document import IndexedDocument
from index.documents.wholes import Wholes

TITLE = "Evaluation of cash assistance in dry regions"


def indexed(doc_id: str, title: str = TITLE, date: str = "2024", **said: str) -> IndexedDocument:
    return IndexedDocument(DocId(doc_id), title, "c", date=date, metadata=said)


REPORT = indexed("whole", kind="evaluation")
BRIEF = indexed("brief", kind="brief", subtitle="Evaluation brief")
RESPONSE = indexed("response", f"Management response to the {TITLE.lower()}", "2025",
                   kind="management response")  # fmt: skip
OTHER = indexed("other", "Evaluation of rural roads", kind="evaluation")


def test_parts_belong_to_the_whole_whose_title_they_bear_or_hold() -> None:
    wholes = Wholes.of([REPORT, BRIEF, RESPONSE, OTHER])
    assert wholes.whole_of == {"brief": "whole", "response": "whole"}
    assert wholes.parts_of(DocId("whole")) == ("brief", "response")
    assert wholes.family(DocId("brief")) == ("whole", "brief", "response")
    assert wholes.family(DocId("other")) == ("other",)


def test_an_addendum_belongs_to_the_document_whose_symbol_it_adds_to() -> None:
    report = indexed("r", "Climate", kind="report", symbol="A/45/696")
    addendum = indexed("a", "Progress", kind="addendum", symbol="A/45/696/Add.1")
    assert Wholes.of([report, addendum]).whole_of == {"a": "r"}


def test_a_part_of_another_year_or_of_two_reports_alike_belongs_to_none() -> None:
    assert Wholes.of([indexed("old", date="2015", kind="evaluation"), BRIEF]).whole_of == {}
    assert Wholes.of([REPORT, indexed("twin", kind="evaluation"), BRIEF]).whole_of == {}


def test_a_person_says_what_a_document_belongs_to() -> None:
    paper = indexed("paper", "Household survey", belongs_to="whole")
    assert Wholes.of([REPORT, paper]).whole_of == {"paper": "whole"}


def test_case_studies_of_one_title_without_a_whole_are_siblings() -> None:
    kenya = indexed("k", kind="case study", subtitle="Case study: Kenya")
    peru = indexed("p", kind="case study", subtitle="Case study: Peru")
    later = indexed("l", date="2022", kind="case study", subtitle="Case study: Chad")
    wholes = Wholes.of([kenya, peru, later])
    assert wholes.siblings == {"k": ("p",), "p": ("k",)}
    assert wholes.family(DocId("k")) == ("k", "p")


def meant(name: str, *picked: str) -> set[str]:
    documents = [REPORT, BRIEF, RESPONSE, OTHER]
    mask = np.array([each.doc_id in picked for each in documents])
    found = DocumentNames(documents).with_family(name, mask, np.ones(4, dtype=np.bool_))
    return {each.doc_id for each, is_meant in zip(documents, found, strict=True) if is_meant}


def test_the_name_of_a_report_means_all_of_it_and_the_name_of_a_part_that_part() -> None:
    name = "the evaluation of cash assistance in dry regions"
    assert meant(name, "whole") == {"whole", "brief", "response"}
    assert meant(f"the brief of {name}", "whole", "brief") == {"brief"}
    assert meant(f"the management response to {name}", "response", "whole") == {"response"}
    assert meant("the evaluation of rural roads", "other") == {"other"}
