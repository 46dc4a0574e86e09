"""References in three styles are as people write them, and records are read by others' readers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from corpus.document import Document
from corpus.ids import DocId, Fingerprint, Sha256
from service.citations.csl_item import CslItem, csl_item
from service.citations.exporting import exported
from service.citations.referencing import STYLES, Style, reference

BY_HAND = Path(__file__).parents[3] / "eval" / "descriptions" / "references.jsonl"
ENTRIES = [json.loads(line) for line in BY_HAND.read_text("utf-8").splitlines()]


def item_of(entry: Mapping[str, Any]) -> CslItem:
    named = ("subtitle", "authors", "symbol", "kind")
    document = Document(
        DocId("d1"),
        Sha256("0" * 64),
        str(entry["file"]),
        str(entry["title"]),
        "c",
        "application/pdf",
        Fingerprint("r"),
        9,
        publisher=entry["publisher"],
        date=entry["date"],
        language=entry["language"],
        metadata={name: str(entry[name]) for name in named if entry[name]},
    )
    return csl_item(document)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"])[:24])
def test_references_are_those_written_by_hand(entry: Mapping[str, Any], style: Style) -> None:
    found = reference(item_of(entry), style, entry["page"])
    assert [found.cited, found.listed] == entry[style]


def test_a_reference_without_a_page_has_no_locator() -> None:
    item = CslItem(id="1", type="report", title="Who pays for roads?")
    assert reference(item, "chicago").cited == "Who Pays for Roads? (n.d.)."
    assert reference(item, "apa").cited == "(Who pays for roads?, n.d.)"


ITEM = CslItem(
    id="1",
    type="report",
    title="Roads & rails: Report of the Secretary-General",
    author=[{"literal": "United Nations"}],
    publisher="United Nations",
    issued={"date-parts": [[2025, 7, 15]]},
    number="S/2025/389",
)


def test_bibtex_is_read_back_with_the_pages() -> None:
    library = parse_string(exported(ITEM, "bibtex", "12–13"))
    assert not library.failed_blocks
    fields = library.entries[0].fields_dict
    assert fields["author"].value == "{United Nations}"
    assert fields["title"].value == r"{Roads \& rails: Report of the Secretary-General}"
    assert (fields["pages"].value, fields["month"].value) == ("12--13", "jul")


def test_ris_is_read_back_with_the_pages() -> None:
    (record,) = rispy.loads(exported(ITEM, "ris", "12–13"))
    assert record["type_of_reference"] == "RPRT"
    assert record["authors"] == ["United Nations"]
    assert (record["start_page"], record["end_page"]) == ("12", "13")
    assert record["number"] == "S/2025/389"


def test_csl_json_has_the_item_and_the_locator() -> None:
    (record,) = json.loads(exported(ITEM, "csl-json", "12"))
    assert (record["issued"], record["locator"]) == ({"date-parts": [[2025, 7, 15]]}, "12")
