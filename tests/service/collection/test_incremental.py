"""Ingesting again: nothing is read or embedded twice, and a changed page costs that page."""

from pathlib import Path

import pytest

from tests.ingest.pdf_files import pdf_of
from tests.service.command_line import CommandLine

WORDS = "border visa labour asylum return health data trade climate remittance".split()


def pages(changed: int | None = None) -> list[list[str]]:
    """Six pages of thirty sentences; one of them changed."""
    made = []
    for page in range(6):
        word = "changed" if page == changed else "first"
        made.append(
            [
                f"Sentence {n} of page {page} is on {WORDS[n % 10]} in its {word} form."
                for n in range(30)
            ]
        )
    return made


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    (tmp_path / "report.pdf").write_bytes(pdf_of(pages(), title="Yearbook of the Forum"))
    command_line = CommandLine(tmp_path / "home")
    command_line.run("ingest", str(tmp_path / "report.pdf"))
    return command_line


def test_an_unchanged_file_is_not_read_and_no_text_is_embedded(
    cli: CommandLine, tmp_path: Path
) -> None:
    report = cli.run("ingest", str(tmp_path / "report.pdf"), "--json").json
    assert report["documents"][0]["status"] == "unchanged"
    assert report["embedded"] == 0


def test_a_changed_page_costs_that_page(cli: CommandLine, tmp_path: Path) -> None:
    before = cli.documents()
    (tmp_path / "report.pdf").write_bytes(pdf_of(pages(changed=3), title="Yearbook of the Forum"))
    report = cli.run("ingest", str(tmp_path / "report.pdf"), "--json").json
    document = report["documents"][0]
    assert document["status"] == "replaced"
    assert report["embedded"] == document["chunks"] / 6
    assert cli.documents().keys() == before.keys()
    found = cli.run("search", "changed form", "-k", "20", "--json").json["passages"]
    assert {passage["spans"][0]["page"] for passage in found if "changed" in passage["text"]} == {4}


def test_a_moved_file_is_the_same_document(cli: CommandLine, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.pdf"
    (tmp_path / "report.pdf").rename(moved)
    report = cli.run("ingest", str(moved), "--json").json
    assert report["embedded"] == 0
    assert len(cli.documents()) == 1


def test_other_chunks_are_made_of_all_that_is_stored(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A note beside the yearbook.\n")
    before = len(cli.run("search", "form", "-k", "100", "--json").json["passages"])
    cli.run("ingest", str(tmp_path / "note.txt"), CITEWELL_CHUNK_TOKENS="64")
    after = cli.run("search", "form", "-k", "100", "--json").json["passages"]
    assert len(after) > before
    cli.run("doctor")


def test_documents_are_deleted_by_condition_and_by_source(cli: CommandLine, tmp_path: Path) -> None:
    for name in ("old-1", "old-2", "new"):
        (tmp_path / f"{name}.txt").write_text(f"The quetzalcoatlus of {name} flies.\n")
        cli.run("ingest", str(tmp_path / f"{name}.txt"), "-m", f"age={name[:3]}")
    before = cli.documents()
    old = {before[str(tmp_path / f"old-{n}.txt")] for n in (1, 2)}
    shown = cli.run("documents", "delete", "--filter", "age=old", "--dry-run", "--json").json
    assert {each["doc_id"] for each in shown["documents"]} == old
    assert cli.documents() == before
    done = cli.run("documents", "delete", "--filter", "age=old", "--purge", "--json").json
    assert {each["doc_id"] for each in done["receipts"]} == old
    assert len({each["snapshot"] for each in done["receipts"]}) == 1
    for path in cli.home.rglob("*"):
        assert not path.is_file() or b"quetzalcoatlus of old" not in path.read_bytes(), path
    gone = cli.run("documents", "delete", "--source", str(tmp_path / "ne*.txt"))
    assert gone.out.startswith(f"deleted {before[str(tmp_path / 'new.txt')]}")
    assert "Expected ids" in cli.run("documents", "delete", code=2).err
    assert "no document" in cli.run("documents", "delete", "--filter", "age=old", code=2).err
    cli.run("doctor")


def test_a_deleted_document_is_nowhere(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("The quetzalcoatlus flies over the yearbook.\n")
    cli.run("ingest", str(tmp_path / "note.txt"))
    doc_id = cli.documents()[str(tmp_path / "note.txt")]
    receipt = cli.run("documents", "delete", doc_id, "--purge", "--json").json
    assert (receipt["doc_id"], receipt["pages"], receipt["chunks"]) == (doc_id, 1, 1)
    assert receipt["older_snapshots"] == []
    for path in cli.home.rglob("*"):
        if path.is_file():
            assert b"quetzalcoatlus" not in path.read_bytes(), path
    assert "no document" in cli.run("documents", "show", doc_id, code=1).err
