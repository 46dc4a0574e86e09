"""How well pages were read, on the command line and in citations."""

import sys
from pathlib import Path

import pytest

from corpus.document import Page, PageQuality, PageSpan
from ingest.readers.pdf.ocr import ocr_languages
from service.citations.citing import cited_quality
from service.values.answer import CitedQuality
from tests.ingest.pdf_files import pdf_of
from tests.ingest.scan_files import prose, scan_of
from tests.service.command_line import CommandLine


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    files = tmp_path / "files"
    files.mkdir()
    (files / "printed.pdf").write_bytes(pdf_of([prose(1), []], title="Printed"))
    (files / "scan.pdf").write_bytes(scan_of(prose(2), 2))
    command_line = CommandLine(tmp_path / "home")
    command_line.run("ingest", str(files), CITEWELL_OCR="off")
    return command_line


def doc_id_of(cli: CommandLine, name: str) -> str:
    return next(doc_id for source, doc_id in cli.documents().items() if source.endswith(name))


def test_every_page_of_a_document_is_in_its_ledger(cli: CommandLine) -> None:
    doc_id = doc_id_of(cli, "printed.pdf")
    found = cli.run("documents", "show", doc_id, "--quality", "--json").json
    assert found["grades"] == {"A": 1, "B": 0, "C": 0, "D": 1}
    assert found["sources"] == {"layer": 1, "ocr": 0, "recovered": 0, "none": 1}
    assert [page["quality"]["grade"] for page in found["pages"]] == ["A", "D"]
    assert found["pages"][0]["quality"]["dictionary_share"] > 0.95
    assert "no text on the page" in cli.run("documents", "show", doc_id, "--quality").out


def test_a_collection_is_summed_up_and_its_doubtful_documents_are_named(cli: CommandLine) -> None:
    found = cli.run("documents", "quality", "--json").json
    (default,) = found["collections"]
    assert (default["documents"], default["pages"], default["partial"]) == (2, 3, 0)
    assert default["grades"] == {"A": 1, "B": 0, "C": 0, "D": 2}
    assert {d["doc_id"] for d in found["doubtful"]} == set(cli.documents().values())
    assert "To be looked at" in cli.run("documents", "quality").out
    assert cli.run("documents", "quality", "-c", "none", "--json").json["collections"] == []


@pytest.mark.skipif(ocr_languages("en") is None, reason="Tesseract is not installed")
def test_documents_are_read_again_when_scans_are_to_be_read(
    cli: CommandLine, tmp_path: Path
) -> None:
    cli.run("ingest", str(tmp_path / "files" / "scan.pdf"))
    doc_id = doc_id_of(cli, "scan.pdf")
    (page,) = cli.run("documents", "show", doc_id, "--quality", "--json").json["pages"]
    assert (page["quality"]["source"], page["quality"]["grade"]) == ("ocr", "A")
    assert page["quality"]["ocr_confidence"] > 0.8


@pytest.mark.skipif(ocr_languages("en") is None, reason="Tesseract is not installed")
def test_a_missing_tesseract_is_said_once_and_made_up_for_when_it_is_there(
    cli: CommandLine, tmp_path: Path
) -> None:
    files, bare = tmp_path / "more", str(Path(sys.executable).parent)
    files.mkdir()
    for seed in (3, 4):
        (files / f"{seed}.pdf").write_bytes(scan_of(prose(seed), seed))
    said = cli.run("ingest", str(files), PATH=bare).out
    assert said.count("Tesseract is not installed") == 1
    assert "the images of 3 pages were not read" in said  # one is of the first folder
    assert cli.run("ingest", str(files), "--json", PATH=bare).json["notes"] == []
    report = cli.run("ingest", str(files), "--json").json
    assert [d["status"] for d in report["documents"]] == ["replaced"] * 3
    assert report["notes"] == []


def test_a_citation_says_how_well_its_page_was_read(cli: CommandLine) -> None:
    word = next(word for word in prose(1)[0].split() if word.istitle())
    (mention, *_) = cli.run("find", word, "--json").json["mentions"]
    assert mention["citation"]["quality"] == {"grade": "A", "source": "layer"}


def test_a_quote_over_two_pages_has_the_quality_of_the_worse_one() -> None:
    pages = {
        1: Page(1, "1", "Words", PageQuality("A", "layer", 5)),
        2: Page(2, "2", "wcrds", PageQuality("C", "ocr", 5)),
    }
    spans = (PageSpan(1, 0, 5), PageSpan(2, 0, 5))
    assert cited_quality(spans, pages) == CitedQuality("C", "ocr")
