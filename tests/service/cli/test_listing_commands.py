"""Descriptions are listed, edited by CSV, and kept when the file is ingested again."""

from pathlib import Path

from tests.ingest.pdf_files import pdf_of
from tests.service.command_line import CommandLine


def test_edits_by_csv_are_kept_over_another_ingest(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home")
    for name in ("roads", "water"):
        lines = [f"The programme for {name} began in 1998.", "Households were reached."]
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of([lines]))
        cli.run("ingest", str(tmp_path / f"{name}.pdf"))
    assert "title: the file's name" in cli.run("documents", "list", "--doubtful").out
    sheet = tmp_path / "sheet.csv"
    rows = cli.run("documents", "list", "--csv").out.splitlines()
    columns = rows[0].split(",")
    title = columns.index("title")
    changed = [rows[0]]
    for row in rows[1:]:
        cells = row.split(",")
        cells[title] = f"Evaluation of {cells[title]} programmes"
        changed.append(",".join(cells))
    sheet.write_text("\n".join(changed) + "\n")
    assert cli.run("documents", "edit-all", str(sheet)).out == "2 documents edited, 2 values\n"
    assert cli.run("documents", "edit-all", str(sheet)).out == "0 documents edited, 0 values\n"
    (tmp_path / "roads.pdf").write_bytes(pdf_of([["The programme for roads ended in 2004."]]))
    cli.run("ingest", str(tmp_path / "roads.pdf"))
    (found,) = cli.run("documents", "list", "evalution roads", "--json").json["documents"]
    assert found["title"] == "Evaluation of roads programmes"
    assert found["provenance"]["title"] == "edit"
