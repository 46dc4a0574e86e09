"""Documents in doubt come first, and are found by what is remembered of them."""

from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import InputError
from corpus.ids import DocId, Fingerprint, Sha256
from service.collection.description_sheet import edits_in, sheet_of
from service.collection.listing import doubtful_first, remembered


def document(doc_id: str, title: str, **said: str) -> Document:
    provenance = {"title": "first page", "title.confidence": said.pop("sure", "0.97")}
    provenance["title"] = said.pop("origin", "first page")
    return Document(
        DocId(doc_id),
        Sha256("0" * 64),
        f"{doc_id}.pdf",
        title,
        "c",
        "application/pdf",
        Fingerprint("r"),
        3,
        publisher=said.pop("publisher", None),
        date=said.pop("date", None),
        metadata=said,
        provenance=provenance,
    )


ROADS = document("a", "Evaluation of rural roads", publisher="World Bank", date="2019-05")
MIDSA = document("b", "Migration Dialogue for Southern Africa", publisher="IOM", date="2022")
NAMED = document("c", "scan 0042", origin="name", publisher="IOM", date="2022")
UNSURE = document("d", "Distr. General", sure="0.41")


def test_what_is_in_doubt_comes_first_with_its_reasons() -> None:
    found = doubtful_first([ROADS, MIDSA, UNSURE, NAMED])
    assert [each.document for each in found] == [NAMED, UNSURE]
    assert found[0].doubts == ("title: the file's name",)
    assert found[1].doubts == ("title: 0.41 sure", "no publisher", "no date")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("evalution of roads", [ROADS]),
        ("MDSA", [MIDSA]),
        ("World Bank 2019", [ROADS]),
        ("IOM 2022", [MIDSA, NAMED]),
        ("World Bank 2020", []),
        ("", []),
    ],
)
def test_documents_are_found_by_typos_acronym_year_and_body(
    text: str, found: list[Document]
) -> None:
    assert remembered([ROADS, MIDSA, NAMED], text) == found


def test_changed_cells_are_edits_and_unchanged_ones_are_none(tmp_path: Path) -> None:
    formula = document("e", "=HYPERLINK(1)", region="Asia")
    path = tmp_path / "sheet.csv"
    sheet = sheet_of([ROADS, formula])
    assert "'=HYPERLINK(1)" in sheet
    path.write_text(sheet)
    known = {"a": ROADS, "e": formula}
    assert edits_in(path, known) == {}
    path.write_text(sheet.replace("Evaluation of rural roads", "Roads").replace("Asia", "Asie"))
    assert edits_in(path, known) == {"a": {"title": "Roads"}, "e": {"region": "Asie"}}


def test_a_sheet_of_other_columns_or_documents_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("id,title\n1,x\n")
    with pytest.raises(InputError, match="expected doc_id"):
        edits_in(path, {})
    path.write_text("doc_id,title\n1,x\n")
    with pytest.raises(InputError, match="line 2: no current document is '1'"):
        edits_in(path, {})
