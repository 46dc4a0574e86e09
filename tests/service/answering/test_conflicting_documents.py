"""Documents that list other members of one body, read, asked and shown as a user does."""

from pathlib import Path
from typing import Any

import pytest

from tests.service.command_line import CommandLine

BODY = "Heron Forum on Sahel Migration"
DOCUMENTS = {
    "2012": f"The members of the {BODY} are Chad, Malaysia, Mali, the Niger, Togo and Turkey.",
    "2021": f"The {BODY} has six member States: Chad, Mali, Niger, Togo, Türkiye and Yemen.",
    "2019": f"The Delta Panel has two members: Benin and Togo. Three members of the {BODY} met.",
}
QUESTION = f"Which States are members of the {BODY}?"


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder: Path = tmp_path_factory.mktemp("differing")
    command_line = CommandLine(folder / "home")
    for date, text in DOCUMENTS.items():
        file = folder / f"{date}.md"
        file.write_text(f"# Report of {date}\n\n{text}\n")
        command_line.run("ingest", str(file), "--metadata", f"date={date}")
    return command_line


def test_lists_of_members_that_differ_are_told_the_newest_first(cli: CommandLine) -> None:
    answer: Any = cli.run("ask", QUESTION, "--json").json
    lists = [conflict for conflict in answer["conflicts"] if conflict["kind"] == "list"]
    assert [
        (conflict["subject"], conflict["attribute"], [side["date"] for side in conflict["sides"]])
        for conflict in lists
    ] == [(BODY, "members", ["2021", "2012"])]
    assert {side["citation"]["quote"] for side in lists[0]["sides"]} == {
        DOCUMENTS["2012"],
        DOCUMENTS["2021"],
    }
    assert len(answer["conflicts"]) == 1
    said = cli.run("ask", QUESTION).out
    assert f"{BODY}: the list of members differs (Yemen, Malaysia), the newest first:" in said


def test_as_of_a_year_there_is_one_side_only(cli: CommandLine) -> None:
    said = cli.run("ask", QUESTION, "--as-of", "2015").out
    assert said.startswith("As of 2015:")
    assert "differs" not in said
