"""How descriptions are judged against those made by hand."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from corpus.errors import InputError
from corpus.ids import sha256_of
from eval.cli.description_commands import descriptions
from eval.report_descriptions.described_reports import DescribedReport, read_described
from eval.report_descriptions.judged_descriptions import judge, shares_by_group
from ingest.metadata.describing import Description
from tests.ingest.pdf_files import pdf_of

REPORT = DescribedReport("a.pdf", "0", "g", ("Évaluation: 2020–2024",), ("UNICEF",), "2025-06")


def test_case_accents_and_punctuation_do_not_count_in_titles() -> None:
    assert REPORT.has_title("EVALUATION 2020-2024")
    assert not REPORT.has_title("Evaluation")
    assert not REPORT.has_title(None)


def test_an_organisation_is_right_by_any_of_its_names() -> None:
    assert REPORT.has_publisher("United Nations Children's Fund")
    assert not REPORT.has_publisher("United Nations")


def test_a_name_that_stands_in_for_a_title_is_no_title() -> None:
    untitled = DescribedReport("a.pdf", "0", "g", (None,), (None,), None)
    said = Description({"title": "a", "date": "2020-01-01"}, {"title": "name", "date": "file"})
    assert judge(untitled, said).right == {"title": True, "publisher": True, "date": True}
    assert not any(judge(REPORT, said).right.values())


def test_shares_are_counted_by_group_and_in_all() -> None:
    said = Description({"title": "Évaluation 2020–2024"}, {"title": "first page"})
    shares = shares_by_group([judge(REPORT, said)])
    assert shares["g"]["title"].right == shares["all"]["title"].right == 1
    assert shares["all"]["date"].right == 0


@pytest.fixture
def described(tmp_path: Path) -> Path:
    content = pdf_of([["Roads of the north", "The programme was reviewed."]])
    (tmp_path / "a.pdf").write_bytes(content)
    entry = {
        "file": "a.pdf",
        "sha256": sha256_of(content),
        "group": "g",
        "titles": ["Roads of the south of the country"],
        "publishers": ["International Organization"],
        "date": None,
    }
    path = tmp_path / "described.jsonl"
    path.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    return path


def run(*words: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(descriptions)
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_the_command_counts_and_lists_what_is_wrong(described: Path) -> None:
    code, output = run(str(described), "--folder", str(described.parent), "--json")
    found = json.loads(output)
    assert code == 0
    assert found["reports"] == 1
    assert found["groups"]["all"]["publisher"] == {"right": 1, "judged": 1}
    code, output = run(str(described), "--folder", str(described.parent), "--wrong")
    assert code == 0
    assert "a.pdf: title:" in output


def test_other_bytes_than_those_described_are_refused(described: Path) -> None:
    (described.parent / "a.pdf").write_bytes(pdf_of([["Another report altogether."]]))
    code, output = run(str(described), "--folder", str(described.parent))
    assert code == 2
    assert "other bytes" in output


def test_a_file_of_other_lines_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"file": "a.pdf"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="Expected one JSON object a line"):
        read_described(path)
