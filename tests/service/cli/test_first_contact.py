"""What somebody meets who has just installed citewell."""

from importlib.metadata import version
from pathlib import Path

import pytest

from tests.service.command_line import CommandLine

FACT = "# Report\n\nThe Budapest Process was established in 1993 and has fifty member states.\n"
QUESTION = "When was the Budapest Process established?"


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "home")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.md"
    path.write_text(FACT, encoding="utf-8")
    return path


def test_the_version_is_printed_without_a_command(cli: CommandLine) -> None:
    assert cli.run("--version").out == f"citewell {version('citewell')}\n"


def test_the_home_may_follow_the_command(cli: CommandLine, report: Path, tmp_path: Path) -> None:
    other = str(tmp_path / "other")
    cli.run("ingest", str(report), "--home", other)
    before = cli.run("--home", other, "documents", "list", "--json").json
    assert len(before["documents"]) == 1
    assert cli.run("documents", "list", "--json", f"--home={other}").json == before
    assert cli.run("documents", "--home", other, "list", "--json").json == before
    assert not cli.home.exists()


def test_a_command_keeps_an_option_home_of_its_own(cli: CommandLine, tmp_path: Path) -> None:
    queries = str(tmp_path / "missing")
    refused = cli.run("eval", "speed", "--questions", queries, "--home", str(tmp_path), code=None)
    assert "No such option" not in refused.err
    assert refused.code == 2


@pytest.mark.parametrize("words", [("ask", "Why?"), ("documents", "list"), ("search", "words")])
def test_where_nothing_is_ingested_the_message_says_where_it_looked(
    cli: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    refused = cli.run(*words, code=None)
    assert refused.code
    assert str(tmp_path / "home") in refused.err
    assert "citewell ingest" in refused.err
    assert "--home" in refused.err


def test_an_ingest_that_rejects_everything_publishes_nothing(
    cli: CommandLine, tmp_path: Path, report: Path
) -> None:
    program = tmp_path / "program.exe"
    program.write_bytes(b"MZ\x00\x00")
    assert cli.run("ingest", str(program), "--json", code=3).json["snapshot"] is None
    assert not (cli.home / "snapshots").exists()
    published = cli.run("ingest", str(report), "--json").json["snapshot"]
    assert cli.run("ingest", str(program), "--json", code=3).json["snapshot"] == published


@pytest.mark.models
def test_an_answer_shows_its_confidence_and_no_scores(tmp_path: Path, report: Path) -> None:
    cli = CommandLine(tmp_path / "home", {})
    cli.run("ingest", str(report))
    answer = cli.run("ask", QUESTION, "--json").json
    shown = cli.run("ask", QUESTION).out
    assert answer["status"] == "answered"
    assert f"({answer['confidence']:.0%} likely)" in shown
    assert "dense 0" not in shown
    abstained = cli.run("ask", "What does a kilogram of saffron cost in Lisbon?").out
    assert "dense 0" not in abstained
    assert "dense 0" in cli.run("search", QUESTION).out
