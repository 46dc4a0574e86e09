"""Subtitle, kind and authors from what first pages print."""

import json

import pytest

from corpus.kinds import PART_KINDS
from ingest.front_matter.authors import is_person
from ingest.front_matter.kinds import KindWords
from ingest.front_matter.words import WordLists
from ingest.metadata.describing import CONFIDENCE
from ingest.metadata.self_describing import self_description
from tests.ingest.metadata.test_front_matter import BODY, MASTHEAD, Laid, sheet

EVALUATION: list[Laid] = [
    ("Evaluation of cash assistance", 30, True),
    ("in dry regions, 2019–2023", 30, True),
]


def apart(*lines: Laid) -> list[Laid]:
    """Return a cover whose lower block is lines."""
    return [("Relief Agency", 12, False), *EVALUATION, ("May 2024", 11, False), *lines]


def test_the_block_below_a_title_tells_two_reports_of_one_evaluation_apart() -> None:
    kenya = self_description(sheet(*apart(("Case study: Kenya", 20, False))), "r-2024-11.pdf")
    peru = self_description(sheet(*apart(("Case study: Peru", 20, False))), "r-2024-12.pdf")
    assert kenya.values["title"].startswith("Evaluation of cash assistance in dry regions")
    assert (kenya.values["subtitle"], peru.values["subtitle"]) == (
        "Case study: Kenya",
        "Case study: Peru",
    )
    assert kenya.values["kind"] == "case study"
    assert kenya.provenance["subtitle"] == kenya.provenance["kind"] == "first page"
    assert 0 < float(kenya.provenance[f"subtitle{CONFIDENCE}"]) <= 1


def test_whose_report_it_is_is_the_subtitle_of_a_document_of_a_body() -> None:
    said = self_description(sheet(*MASTHEAD), "A_77_123.pdf")
    assert said.values["subtitle"] == "Report of the Secretary-General"
    assert said.values["kind"] == "review"


def test_a_heading_of_the_text_is_no_subtitle() -> None:
    lines: list[Laid] = [("Water supply in small towns", 18, True), *BODY]
    assert "subtitle" not in self_description(sheet(*lines), "w.pdf").values


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Annex VI: Survey of households", "annex"),
        ("Management response", "management response"),
        ("Evaluation brief", "brief"),
        ("Abridged version", "abridged version"),
        ("Corrigendum", "corrigendum"),
        ("Terms of reference", "terms of reference"),
        ("Final report", "evaluation"),
    ],
)
def test_what_is_printed_beside_the_title_tells_the_kind(line: str, kind: str) -> None:
    said = self_description(sheet(*apart((line, 18, False))), "x-12.pdf")
    assert said.values["kind"] == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Evaluation of the annual report", "evaluation"),
        ("Eleventh annual progress report on the plan", None),
        ("Brief history of roads", None),
        ("Financing the strategic plan", None),
        ("UNHCR Global Strategy for Roads", "strategy"),
        ("Water in towns: a handbook", None),
        ("Évaluation finale du programme", "evaluation"),
        ("Annual Report 2022", "annual report"),
    ],
)
def test_a_phrase_names_the_document_only_where_no_function_word_leads_it(
    title: str, kind: str | None
) -> None:
    words = KindWords.shipped()
    assert words.named(title, words.wholes) == kind


def test_the_file_name_tells_the_kind_where_nothing_is_printed() -> None:
    lines: list[Laid] = [("Water supply in small towns", 18, True), *BODY]
    said = self_description(sheet(*lines), "water_towns_management_response.pdf")
    assert (said.values["kind"], said.provenance["kind"]) == ("management response", "name")


def test_authors_are_read_after_a_label() -> None:
    lines = apart(("Prepared by Amina Okafor and Dr. Li Chen", 12, False))
    said = self_description(sheet(*lines), "x-12.pdf")
    assert said.values["authors"] == "Amina Okafor; Li Chen"


@pytest.mark.parametrize(
    ("text", "person"),
    [("Ana Maria Oviedo", True), ("Relief Agency", False), ("the Secretariat", False)],
)
def test_a_person_is_told_from_an_organisation(text: str, person: bool) -> None:
    assert is_person(text, WordLists.shipped()) is person


def test_the_kinds_that_are_parts_are_those_that_ingest_reads() -> None:
    words = KindWords.shipped()
    assert set(words.parts.values()) == PART_KINDS
    assert json.dumps(sorted(words.symbols)) == json.dumps(
        ["addendum", "corrigendum", "decision", "meeting record", "resolution"]
    )
