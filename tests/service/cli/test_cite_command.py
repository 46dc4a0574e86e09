"""A citation of a saved answer, and its page as a PDF."""

import json
from pathlib import Path

import pypdf
import pytest

from tests.ingest.pdf_files import pdf_of
from tests.service.command_line import CommandLine

LINES = ["The Northern Forum began in 1998.", "It meets the Southern Dialogue each spring."]


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    (tmp_path / "report.pdf").write_bytes(pdf_of([["A cover."], LINES], title="Yearbook"))
    command_line = CommandLine(tmp_path / "home")
    command_line.run("ingest", str(tmp_path / "report.pdf"))
    asked = command_line.run("ask", "When did the Northern Forum begin?", "--json")
    (tmp_path / "answer.json").write_text(asked.out)
    return command_line


def test_the_cited_page_is_written_with_its_quote_highlighted(
    cli: CommandLine, tmp_path: Path
) -> None:
    answer, out = tmp_path / "answer.json", tmp_path / "page.pdf"
    verdict = cli.run("cite", str(answer), "1", "--pdf", str(out), "--json").json
    assert verdict["verdict"] == "ok"
    (page,) = pypdf.PdfReader(out).pages
    assert "Northern Forum" in page.extract_text()
    (annotation,) = page.annotations or []
    assert annotation.get_object()["/Subtype"] == "/Highlight"
    assert "1998" in cli.run("cite", str(answer)).out


def test_a_citation_that_is_not_there_or_stands_no_more_is_an_error(
    cli: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "answer.json"
    assert "it has 1" in cli.run("cite", str(file), "99", code=2).err
    answer = json.loads(file.read_text())
    answer["citations"][0]["quote"] = "Something else."
    file.write_text(json.dumps(answer))
    assert "altered" in cli.run("cite", str(file), "1", code=1).err


def test_a_document_that_is_no_pdf_has_no_page_as_pdf(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").unlink()
    (tmp_path / "notes.md").write_text("# Notes\n\nThe Quokka Council began in 2004.\n")
    cli.run("ingest", str(tmp_path / "notes.md"))
    asked = cli.run("ask", "When did the Quokka Council begin?", "--json", "-f", "title=Notes")
    (tmp_path / "answer.json").write_text(asked.out)
    out = tmp_path / "page.pdf"
    assert (
        "text/markdown"
        in cli.run("cite", str(tmp_path / "answer.json"), "--pdf", str(out), code=1).err
    )
    assert not out.exists()


def test_a_citation_is_written_as_a_reference_in_each_style(
    cli: CommandLine, tmp_path: Path
) -> None:
    file = str(tmp_path / "answer.json")
    answer = json.loads(Path(file).read_text())
    doc_id = answer["citations"][0]["doc_id"]
    cli.run("documents", "edit", doc_id, "--date", "2019", "-m", "kind=annex")
    who = "International Organization"
    assert f"{who}, Yearbook, annex ({who}, 2019), 2." in cli.run("cite", file).out
    assert f"({who}, 2019, p. 2)" in cli.run("cite", file, "--style", "apa").out
    assert cli.run("cite", file, "--style", "un", "--json").json["reference"] == {
        "style": "un",
        "cited": f"{who}, Yearbook (2019), p. 2.",
        "listed": f"{who}, Yearbook (2019).",
    }
    record = cli.run("cite", file, "--style", "bibtex").out
    assert "@techreport{internationalorganization2019yearbook," in record
    assert cli.run("cite", file, "--style", "ris").out.startswith("TY  - RPRT")
    assert "expected chicago, apa, un" in cli.run("cite", file, "--style", "mla", code=2).err


def test_each_citation_of_an_answer_has_its_reference(cli: CommandLine, tmp_path: Path) -> None:
    answer = json.loads((tmp_path / "answer.json").read_text())
    assert answer["citations"][0]["reference"].endswith(", 2.")
    assert "Yearbook" in answer["citations"][0]["reference"]
