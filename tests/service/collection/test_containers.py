"""Archives and messages over the command line: every file inside is a document of its own."""

from pathlib import Path

from tests.ingest.office_files import docx_file, eml_file, xlsx_file, zip_of
from tests.service.command_line import CommandLine


def test_files_inside_are_documents_with_lasting_addresses(tmp_path: Path) -> None:
    mail = eml_file({"minutes.docx": docx_file()})
    inner = zip_of({"sheet.xlsx": xlsx_file()})
    archive = tmp_path / "reports.zip"
    archive.write_bytes(
        zip_of({"a.txt": b"Almaty.", "deep/inner.zip": inner, "mail.eml": mail, "b.exe": b"MZ"})
    )
    cli = CommandLine(tmp_path / "home")
    report = cli.run("ingest", str(tmp_path / "reports.zip"), "--json", code=3).json
    root = f"{archive}!/"
    assert {d["source"].removeprefix(root): d["status"] for d in report["documents"]} == {
        "a.txt": "added",
        "deep/inner.zip!/sheet.xlsx": "added",
        "mail.eml": "added",
        "mail.eml!/minutes.docx": "added",
        "b.exe": "rejected",
    }
    again = cli.run("ingest", str(tmp_path), "--json", code=3).json
    assert {d["status"] for d in again["documents"]} <= {"unchanged", "rejected"}
    assert again["embedded"] == 0
    found = cli.run("search", "Peru members", "--json").json["passages"][0]
    assert "Country: Peru" in found["text"]


def test_an_archive_in_archives_without_end_is_refused(tmp_path: Path) -> None:
    content = zip_of({"a.txt": b"Bottom."})
    for level in range(6):
        content = zip_of({f"level-{level}.zip": content})
    (tmp_path / "deep.zip").write_bytes(content)
    cli = CommandLine(tmp_path / "home")
    report = cli.run("ingest", str(tmp_path / "deep.zip"), "--json", code=3).json
    (entry,) = report["documents"]
    assert "too deep" in entry["reason"]
