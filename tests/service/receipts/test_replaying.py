"""The same question again: after a restart, more documents, a restore; and what differs else."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

QUESTION = "Where does the Panel meet?"
TEXTS = (
    "The Forum meets in Geneva every year. It has forty members.\n",
    "The Panel meets in Vienna every month. It has twelve members.\n",
    "The Board meets in Rome now and then. It has no members.\n",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommandLine, Path]:
    """A home with three documents, and the answers to some questions."""
    folder = tmp_path_factory.mktemp("replay")
    cli = CommandLine(folder / "home")
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.txt").write_text(text)
    cli.run("ingest", *(str(folder / f"{number}.txt") for number in range(len(TEXTS))))
    return cli, folder


def asked(cli: CommandLine, file: Path, *words: str, question: str = QUESTION) -> dict[str, Any]:
    answer: dict[str, Any] = cli.run("ask", question, "--json", *words).json
    file.write_text(json.dumps(answer))
    return answer


def test_an_answer_is_equal_after_a_restart(made: tuple[CommandLine, Path], tmp_path: Path) -> None:
    cli, _ = made
    for number, words in enumerate(([], ["--no-rerank", "-k", "2"], ["--mode", "lexical"])):
        asked(cli, tmp_path / f"{number}.json", *words)
        done = cli.run("replay", str(tmp_path / f"{number}.json"), "--json").json
        assert done["equal"], done
    asked(cli, tmp_path / "no.json", question="How do cats sleep?")
    assert "equal, from snapshot" in cli.run("replay", str(tmp_path / "no.json")).out


def test_an_answer_is_equal_after_its_snapshot_has_left(
    made: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    cli, folder = made
    answer = asked(cli, tmp_path / "a.json")
    for number in range(3):
        (folder / f"more-{number}.txt").write_text(f"The Panel {number} meets in Vienna, too.\n")
        cli.run("ingest", str(folder / f"more-{number}.txt"), CITEWELL_KEEP_SNAPSHOTS="1")
    listed = cli.run("snapshots", "list", "--json").json["snapshots"]
    assert answer["receipt"]["snapshot"] not in {each["snapshot_id"] for each in listed}
    done = cli.run("replay", str(tmp_path / "a.json"), "--json").json
    assert (done["equal"], done["snapshot"]) == (True, answer["receipt"]["snapshot"])
    now = cli.run("ask", QUESTION, "--json").json
    assert now["passages"] != answer["passages"]


def test_an_answer_is_equal_after_a_restore_into_a_home_with_other_documents(
    made: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    cli, _ = made
    cli.run("aliases", "add", "PF", "Panel Forum")
    answer = asked(cli, tmp_path / "a.json")
    cli.run("snapshots", "export", str(tmp_path / "bundle.zip"))
    (tmp_path / "own.txt").write_text("The Panel of Vienna is another one.\n")
    other = CommandLine(tmp_path / "other")
    other.run("ingest", str(tmp_path / "own.txt"))
    other.run("snapshots", "import", str(tmp_path / "bundle.zip"))
    elsewhere = CommandLine(
        other.home, OFFLINE_DOUBLES | {"CITEWELL_BASE_URL": "https://reports.example"}
    )
    done = elsewhere.run("replay", str(tmp_path / "a.json"), "--json").json
    assert (done["equal"], done["snapshot"]) == (True, answer["receipt"]["snapshot"])


def test_a_changed_answer_is_not_equal_and_each_change_is_named(
    made: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    cli, _ = made
    answer = asked(cli, tmp_path / "a.json")
    answer["citations"][0]["quote"] = "The Panel meets in Paris."
    answer["statements"] += [{"text": "More.", "citations": [1]}]
    answer["receipt"]["embedder"] = "another"
    (tmp_path / "a.json").write_text(json.dumps(answer))
    done = cli.run("replay", str(tmp_path / "a.json"), "--json", code=1).json
    assert not done["equal"]
    places = [each["path"] for each in done["differences"]]
    assert places == ["statements.length", "citations[0].quote", "receipt.embedder"]
    shown = cli.run("replay", str(tmp_path / "a.json"), code=1).out
    assert 'was "The Panel meets in Paris."' in shown


def test_settings_of_the_receipt_are_used_and_unknown_ones_named(
    made: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    cli, _ = made
    answer = asked(cli, tmp_path / "a.json")
    parameters = answer["receipt"]["parameters"]
    parameters["retrieval"]["magic"] = 7
    del parameters["retrieval"]["dense_weight"]
    (tmp_path / "a.json").write_text(json.dumps(answer))
    done = cli.run("replay", str(tmp_path / "a.json"), "--json").json
    assert done["equal"], done
    assert ["magic" in done["notes"][0], "dense_weight" in done["notes"][1]] == [True, True]


def test_what_left_the_store_is_named(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home")
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text)
    cli.run("ingest", *(str(tmp_path / f"{number}.txt") for number in range(len(TEXTS))))
    answer = asked(cli, tmp_path / "a.json")
    doc_id = answer["citations"][0]["doc_id"]
    cli.run("documents", "delete", doc_id)
    done = cli.run("replay", str(tmp_path / "a.json"), "--json", code=1).json
    assert any(doc_id in note and "deleted" in note for note in done["notes"])
    assert "citations" in " ".join(each["path"] for each in done["differences"])


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"receipt": {}}, 2, "at receipt.snapshot, field required"),
        ({"question": 3}, 2, "at question"),
        ({"receipt": {"snapshot": "../x", "parameters": {}}}, 1, "there is no snapshot"),
        ({"receipt": {"snapshot": "s0", "parameters": {"request": {"mode": "x"}}}}, 2, "mode"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_the_reason(
    made: tuple[CommandLine, Path], tmp_path: Path, change: dict[str, Any], code: int, message: str
) -> None:
    cli, _ = made
    answer = asked(cli, tmp_path / "a.json") | change
    (tmp_path / "a.json").write_text(json.dumps(answer))
    assert message in cli.run("replay", str(tmp_path / "a.json"), code=code).err


def test_a_signature_and_citations_are_checked_offline_with_a_bundle_and_a_key(
    made: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    cli, _ = made
    answer = asked(cli, tmp_path / "a.json")
    cli.run("snapshots", "export", str(tmp_path / "bundle.zip"))
    (tmp_path / "key.pem").write_text(cli.run("keys", "signing").out)
    nowhere = CommandLine(tmp_path / "nowhere")
    offline = ("--bundle", str(tmp_path / "bundle.zip"), "--public-key", str(tmp_path / "key.pem"))
    done = nowhere.run("verify", str(tmp_path / "a.json"), *offline, "--json").json
    assert (done["ok"], done["signature"]) == (True, "valid")
    assert [each["verdict"] for each in done["citations"]] == ["ok"] * len(answer["citations"])
    assert not nowhere.home.exists()
    answer["answer"] += " Always."
    (tmp_path / "a.json").write_text(json.dumps(answer))
    done = nowhere.run("verify", str(tmp_path / "a.json"), *offline, "--json", code=1).json
    assert (done["ok"], done["signature"]) == (False, "invalid")
    del answer["receipt"]["signature"]
    (tmp_path / "a.json").write_text(json.dumps(answer))
    assert "not signed" in nowhere.run("verify", str(tmp_path / "a.json"), *offline, code=1).out


def test_an_earlier_edition_answers_as_of_its_date(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home")
    report = tmp_path / "report.txt"
    for year, city in (("2018", "Geneva"), ("2021", "Vienna")):
        report.write_text(f"The Forum meets in {city} every year.\n")
        cli.run("ingest", str(report), "-m", f"date={year}")
    question = "Where does the Forum meet?"
    now = cli.run("ask", question, "--json").json
    then = asked(cli, tmp_path / "then.json", "--as-of", "2019-06-30", question=question)
    assert "Vienna" in now["answer"]
    assert "Geneva" in then["answer"]
    assert cli.run("replay", str(tmp_path / "then.json"), "--json").json["equal"]
    verified = cli.run("verify", str(tmp_path / "then.json"), "--json").json["citations"][0]
    assert (verified["verdict"], verified["newer_has_quote"]) == ("ok", False)
    assert "Geneva" in cli.run("search", "Forum", "--as-of", "2018").out
    assert "2017-12-31" in cli.run("ask", question, "--as-of", "2017", code=2).err
    assert "expected a date" in cli.run("ask", question, "--as-of", "soon", code=2).err


def test_a_time_since_the_first_snapshot_answers_as_it_did_then(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home")
    report = tmp_path / "report.txt"
    report.write_text("The Forum meets in Geneva every year.\n")
    cli.run("ingest", str(report))
    between = datetime.now(UTC).isoformat()
    report.write_text("The Forum meets in Vienna every year.\n")
    cli.run("ingest", str(report), CITEWELL_KEEP_SNAPSHOTS="1")
    question = "Where does the Forum meet?"
    assert "Geneva" in cli.run("ask", question, "--as-of", between).out
    assert "Vienna" in cli.run("ask", question, "--as-of", f"{datetime.now(UTC):%Y-%m-%d}").out
