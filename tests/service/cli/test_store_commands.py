"""A collection moves to PostgreSQL with its home, grows and answers there."""

from pathlib import Path

from service.examining.examining import examine
from service.settings.environment import read_settings
from tests.ingest.pdf_files import pdf_of
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine


def test_a_collection_moves_to_postgresql_and_answers_there(tmp_path: Path, postgres: str) -> None:
    cli = CommandLine(tmp_path / "home")
    for name in ("roads", "water"):
        lines = [f"The programme for {name} began in 1998."]
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of([lines]))
    cli.run("ingest", str(tmp_path / "roads.pdf"))
    moved = cli.run("store", "copy", f"sqlite:///{tmp_path}/home/store.sqlite", postgres)
    assert "the copy equals its source" in moved.out
    cli = CommandLine(tmp_path / "home", {**OFFLINE_DOUBLES, "CITEWELL_STORE": postgres})
    assert "1 added" in cli.run("ingest", str(tmp_path / "water.pdf")).out
    answer = cli.run("ask", "When did the programme for roads begin?", "--json").json
    assert answer["citations"][0]["quote"] == "The programme for roads began in 1998."
    assert cli.run("store", "erase").out == "the store was rewritten\n"
    settings = read_settings(cli.environment, home=tmp_path / "home")
    assert [each.check for each in examine(settings) if not each.ok] == []
