"""`citewell find` as a user runs it, and what it writes."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from service.rendering.find_tables import plain_cell
from tests.service.command_line import CommandLine

ALMATY = """# Almaty Process

The Almaty Process met in Almaty. Inter-
State consultation on refugees and other migrants.
"""
COLOMBO = "# Colombo Process\n\n=SUM(A1) The Colombo Process cooperated with the Almaty Process.\n"


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("find") / "files"
    folder.mkdir()
    (folder / "almaty.md").write_text(ALMATY, "utf-8")
    (folder / "colombo.md").write_text(COLOMBO, "utf-8")
    (folder / "cats.md").write_text("# Cats\n\nCats sleep.\n", "utf-8")
    line = CommandLine(folder.parent / "home")
    line.run("ingest", str(folder), "--collection", "iscm")
    return line


def test_json_counts_each_term_in_each_document(cli: CommandLine) -> None:
    found = cli.run("find", "Almaty Process", "migrant", "--json").json
    counts = {document["title"]: document["counts"] for document in found["documents"]}
    assert counts == {
        "Almaty Process": {"Almaty Process": 2, "migrant": 1},
        "Cats": {"Almaty Process": 0, "migrant": 0},
        "Colombo Process": {"Almaty Process": 1, "migrant": 0},
    }
    assert found["coverage"]["pages"] == found["coverage"]["pages_searched"] == 3
    assert [m["citation"]["number"] for m in found["mentions"]] == [1, 2, 3, 4]
    assert found["mentions"][2]["form"] == "migrants"
    assert found["mentions"][0]["citation"]["passage_id"].startswith("c")


def test_the_table_says_who_mentions_it_and_who_does_not(cli: CommandLine) -> None:
    out = cli.run("find", "cooperate", "inter-state").out
    assert "cooperate: 1 mentions in 1 documents; 2 documents do not mention it" in out
    assert "inter-state: 1 mentions in 1 documents" in out
    assert "searched 3 of 3 pages (100.0%) of 3 documents" in out


def test_exact_leaves_inflections_out(cli: CommandLine) -> None:
    assert "cooperate: 0 mentions" in cli.run("find", "cooperate", "--exact").out


def test_filters_and_collections_narrow_the_search(cli: CommandLine) -> None:
    assert cli.run("find", "cats", "-c", "iscm", "--json").json["coverage"]["documents"] == 3
    narrowed = cli.run("find", "cats", "--filter", "title=Cats", "--json").json
    assert [document["title"] for document in narrowed["documents"]] == ["Cats"]
    cli.run("find", "cats", "--filter", "colour=black", code=2)


def test_csv_is_a_matrix_or_the_mentions(cli: CommandLine, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(cli.run("find", "Colombo", "--format", "csv").out)))
    assert rows[0] == ["doc_id", "title", "Colombo"]
    assert [row[2] for row in rows[1:]] == ["0", "0", "2"]
    file = tmp_path / "mentions.csv"
    cli.run("find", "SUM", "--format", "csv", "--mentions", "-o", str(file))
    (heading, mention) = csv.reader(io.StringIO(file.read_text("utf-8")))
    assert dict(zip(heading, mention, strict=True))["form"] == "SUM"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_csv_file_is_a_formula(start: str) -> None:
    assert plain_cell(f"{start}1+1") == f"'{start}1+1"
    assert plain_cell(-1) == -1


def test_a_workbook_holds_documents_mentions_and_coverage(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "mentions.xlsx"
    cli.run("find", "=SUM(A1)", "Almaty", "--format", "xlsx", "--output", str(file))
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Documents", "Mentions", "Coverage"]
    assert [cell.value for cell in book["Documents"][1]] == [
        "doc_id",
        "title",
        "=SUM(A1)",
        "Almaty",
    ]
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in types
    cli.run("find", "Almaty", "--format", "xlsx", code=2)


def test_semantic_lists_passages_that_do_not_name_the_term(cli: CommandLine) -> None:
    found = cli.run("find", "Almaty Process", "--semantic", "--json").json
    naming = {mention["citation"]["passage_id"] for mention in found["mentions"]}
    assert not naming & {p["passage_id"] for p in found["related"]["Almaty Process"]}
    assert cli.run("find", "Almaty", "--json").json["related"] is None


def test_a_term_that_names_nothing_is_bad_usage(cli: CommandLine) -> None:
    assert "no letter or digit" in cli.run("find", "…", code=2).err


def test_a_term_is_found_by_its_other_names_and_aliases_can_be_changed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# Report\n\nThe Xylophone Quality Jury (XQJ) met. The XQJ paid. The XQJ left.\n", "utf-8"
    )
    cli = CommandLine(tmp_path / "home")
    cli.run("ingest", str(tmp_path / "a.md"))
    found = cli.run("find", "XQJ", "--json").json
    assert [mention["form"] for mention in found["mentions"]] == [
        "Xylophone Quality Jury", "XQJ", "XQJ", "XQJ",
    ]  # fmt: skip
    assert found["also_searched"] == [{"term": "XQJ", "form": "Xylophone Quality Jury"}]
    assert len(cli.run("find", "XQJ", "--exact", "--json").json["mentions"]) == 3
    (pair,) = cli.run("aliases", "list", "--json").json["aliases"]
    assert pair["short"] == "XQJ"
    assert pair["sentence"].endswith("The Xylophone Quality Jury (XQJ) met.")
    asked = cli.run("search", "Who paid the Xylophone Quality Jury?", "--json").json["understood"]
    assert asked["asked"] == "Who paid the XQJ?"
    assert asked["aliases"] == {"XQJ": "Xylophone Quality Jury"}

    cli.run("aliases", "remove", "XQJ")
    assert len(cli.run("find", "XQJ", "--json").json["mentions"]) == 3
    cli.run("aliases", "remove", "NOPE", code=1)
    cli.run("aliases", "add", "QJ", "Xylophone Quality Jury")
    assert len(cli.run("find", "QJ", "--json").json["mentions"]) == 1
    assert "QJ,Xylophone Quality Jury,no,user" in cli.run("aliases", "export").out
    cli.run("aliases", "add", "QJ", "QJ", code=2)
