"""The citations of conflicts are checked as those of the answer: here, from a bundle, over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.stores.sql_store import SqlStore
from tests.service.command_line import CommandLine
from tests.service.conftest import Served
from tests.service.small_collection import HERON, MEMBERS, add_differing, publish_snapshot


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, text, _ in HERON:
        (folder / f"{name}.md").write_text(f"# Heron {name}\n\n{text}\n")
    command_line = CommandLine(tmp_path / "home")
    command_line.run("ingest", str(folder))
    asked = command_line.run("ask", MEMBERS, "--json")
    (tmp_path / "answer.json").write_text(asked.out)
    return command_line


def other_side(answer: Any) -> Any:
    """Return the citation of a conflict that is none of the answer's own."""
    stated = [citation["number"] for citation in answer["citations"]]
    [conflict] = answer["conflicts"]
    [other] = [s["citation"] for s in conflict["sides"] if s["citation"]["number"] not in stated]
    return other


def test_the_other_side_is_checked_in_the_home_and_from_a_bundle(
    cli: CommandLine, tmp_path: Path
) -> None:
    file, bundle = tmp_path / "answer.json", tmp_path / "bundle.zip"
    answer = json.loads(file.read_text())
    number = other_side(answer)["number"]
    numbers = [*(citation["number"] for citation in answer["citations"]), number]
    cli.run("snapshots", "export", str(bundle))
    elsewhere = CommandLine(tmp_path / "elsewhere")
    for found in (
        cli.run("verify", str(file), "--json").json,
        elsewhere.run("verify", str(file), "--bundle", str(bundle), "--json").json,
    ):
        assert [each["number"] for each in found["citations"]] == numbers
        assert {each["verdict"] for each in found["citations"]} == {"ok"}
    assert f"[{number}] ok" in cli.run("cite", str(file), str(number)).out

    other_side(answer)["quote"] = "The Heron Forum has 99 members."
    file.write_text(json.dumps(answer))
    for command_line, more in ((cli, []), (elsewhere, ["--bundle", str(bundle)])):
        found = command_line.run("verify", str(file), *more, "--json", code=1).json
        verdicts = {each["number"]: each["verdict"] for each in found["citations"]}
        assert verdicts[number] == "altered"


def test_a_side_that_took_a_citations_number_is_checked_all_the_same(
    cli: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "answer.json"
    answer = json.loads(file.read_text())
    other_side(answer).update(number=1, quote="The Heron Forum has 99 members.")
    file.write_text(json.dumps(answer))
    found = cli.run("verify", str(file), "--json", code=1).json
    assert [each["verdict"] for each in found["citations"] if each["number"] == 1] == [
        "ok",
        "altered",
    ]


def test_a_side_whose_document_is_gone_is_told_over_http(own: Served) -> None:
    with SqlStore.open(own.engine.settings.store_url) as store:
        ids = add_differing(store)
        publish_snapshot(own.engine.settings, store)
    answer = own.client.post("/v1/ask", json={"question": MEMBERS}).json()
    other = other_side(answer)
    assert own.client.post("/v1/verify", json=answer).json()["ok"]
    assert other["doc_id"] in ids.values()
    own.client.delete(f"/v1/documents/{other['doc_id']}")
    found = own.client.post("/v1/verify", json=answer).json()
    assert not found["ok"]
    assert found["citations"][-1] | {"detail": ""} == {
        "number": other["number"],
        "verdict": "gone",
        "detail": "",
        "found_spans": [],
        "found_doc_id": None,
        "cause": "deleted",
        "similar": None,
        "similarity": None,
        "newer_doc_id": None,
        "newer_has_quote": None,
    }
