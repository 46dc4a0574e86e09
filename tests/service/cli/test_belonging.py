"""The command shows what belongs to a report."""

from pathlib import Path

from tests.ingest.pdf_files import pdf_of
from tests.service.command_line import CommandLine

TITLE = "Evaluation of cash assistance in dry regions"


def test_a_brief_belongs_to_its_report(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home")
    for name in ("report", "brief"):
        page = ["Households were reached in 2023.", f"This is the {name}."]
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of([page], title=TITLE))
        cli.run("ingest", str(tmp_path / f"{name}.pdf"))
    listed = cli.run("documents", "list", "--json").json["documents"]
    ids = {Path(each["source"]).stem: each["doc_id"] for each in listed}
    for name in ids:
        kind = "brief" if name == "brief" else "evaluation"
        cli.run("documents", "edit", ids[name], "--title", TITLE, "-m", f"kind={kind}")
    whole = cli.run("documents", "show", ids["report"], "--json").json
    assert (whole["belongs_to"], whole["parts"]) == (None, [ids["brief"]])
    part = cli.run("documents", "show", ids["brief"], "--json").json
    assert (part["belongs_to"], part["parts"]) == (ids["report"], [])
