"""What is said of a document by hand holds, whatever is ingested later."""

from pathlib import Path

import pytest

from tests.ingest.office_files import docx_file, repacked
from tests.service.command_line import CommandLine


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    (tmp_path / "report.docx").write_bytes(docx_file())
    command_line = CommandLine(tmp_path / "home")
    command_line.run("ingest", str(tmp_path / "report.docx"))
    return command_line


def shown(cli: CommandLine) -> dict[str, object]:
    (doc_id,) = cli.documents().values()
    document: dict[str, object] = cli.run("documents", "show", doc_id, "--json").json
    return document


def test_each_value_says_where_it_is_from(cli: CommandLine) -> None:
    document = shown(cli)
    assert document["provenance"] == dict.fromkeys(
        ("title", "publisher", "date", "language"), "file"
    )


def test_an_edit_answers_and_survives_a_later_ingest(cli: CommandLine, tmp_path: Path) -> None:
    doc_id = shown(cli)["doc_id"]
    words = ("--title", "Annual Report", "--metadata", "region=Asia", "--date", "2018")
    edited = cli.run("documents", "edit", str(doc_id), *words, "--json").json
    assert (edited["title"], edited["date"]) == ("Annual Report", "2018")
    found = cli.run("search", "short", "--filter", "region=Asia", "--json").json["passages"]
    assert {passage["title"] for passage in found} == {"Annual Report"}
    report = cli.run("ingest", str(tmp_path / "report.docx"), "--json").json
    assert report["documents"][0]["status"] == "unchanged"
    cli.run("ingest", str(tmp_path / "report.docx"), CITEWELL_CHUNK_TOKENS="64")
    document = shown(cli)
    assert (document["title"], document["metadata"]) == ("Annual Report", {"region": "Asia"})
    assert document["provenance"]["title"] == "edit"  # type: ignore[index]


def test_an_edit_taken_back_leaves_what_the_file_says(cli: CommandLine) -> None:
    doc_id = str(shown(cli)["doc_id"])
    cli.run("documents", "edit", doc_id, "--title", "Wrong", "--metadata", "region=Asia")
    cli.run("documents", "edit", doc_id, "--unset", "title", "--unset", "region")
    document = shown(cli)
    assert (document["title"], document["metadata"]) == ("Yearbook of the Forum", {})


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (("--date", "May 2019"), "expected 2019, 2019-05 or 2019-05-31"),
        (("--language", "english!"), "expected a code such as en"),
        (("--metadata", "=x"), "expected KEY=VALUE"),
        ((), "Nothing to change"),
    ],
)
def test_a_wrong_edit_is_refused(cli: CommandLine, words: tuple[str, ...], match: str) -> None:
    doc_id = str(shown(cli)["doc_id"])
    assert match in cli.run("documents", "edit", doc_id, *words, code=2).err


def test_a_moved_file_keeps_its_document_and_its_edits(cli: CommandLine, tmp_path: Path) -> None:
    doc_id = str(shown(cli)["doc_id"])
    cli.run("documents", "edit", doc_id, "--title", "Annual Report")
    (tmp_path / "report.docx").rename(tmp_path / "moved.docx")
    report = cli.run("ingest", str(tmp_path / "moved.docx"), "--json").json
    (entry,) = report["documents"]
    assert (entry["status"], report["embedded"]) == ("unchanged", 0)
    assert entry["reason"] == f"renamed from {tmp_path / 'report.docx'}"
    assert cli.documents() == {str(tmp_path / "moved.docx"): doc_id}
    assert shown(cli)["title"] == "Annual Report"


def test_an_edit_survives_a_new_edition(cli: CommandLine, tmp_path: Path) -> None:
    before = str(shown(cli)["doc_id"])
    cli.run("documents", "edit", before, "--title", "Annual Report", "--metadata", "region=Asia")
    (tmp_path / "report.docx").write_bytes(repacked(docx_file(), {"docProps/extra.xml": b"<x/>"}))
    report = cli.run("ingest", str(tmp_path / "report.docx"), "--json").json
    assert [entry["status"] for entry in report["documents"]] == ["replaced"]
    document = shown(cli)
    assert document["doc_id"] != before
    assert (document["title"], document["metadata"]) == ("Annual Report", {"region": "Asia"})
    assert document["provenance"]["title"] == "edit"  # type: ignore[index]
