"""`citewell explain`: why a passage ranks where it does, or does not."""

from pathlib import Path

import pytest

from tests.service.command_line import CommandLine

QUESTION = "Who hosts the secretariat?"


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder: Path = tmp_path_factory.mktemp("explain") / "files"
    folder.mkdir()
    (folder / "a.md").write_text("# One\n\nThe secretariat is hosted by IOM in Almaty.\n", "utf-8")
    (folder / "b.md").write_text("# Two\n\nCats sleep most of the day in Rome.\n", "utf-8")
    line = CommandLine(folder.parent / "home")
    line.run("ingest", str(folder))
    return line


def test_each_passage_has_its_rank_its_scores_and_the_words_that_matched(cli: CommandLine) -> None:
    passages = cli.run("search", QUESTION, "--json").json["passages"]
    for passage in passages:
        found = cli.run("explain", QUESTION, passage["passage_id"], "--json").json
        assert (found["outcome"], found["rank"]) == ("ranked", passage["rank"])
        assert found["scores"] == passage["scores"]
    best = cli.run("explain", QUESTION, passages[0]["passage_id"], "--json").json
    assert set(best["matched"]) == {"hosts", "the", "secretariat"}
    assert best["unmatched"] == ["who"]
    out = cli.run("explain", QUESTION, passages[0]["passage_id"]).out
    assert "is passage 1 of the first 10" in out


def test_a_passage_that_is_not_shown_has_its_reason(cli: CommandLine) -> None:
    passages = cli.run("search", QUESTION, "--json").json["passages"]
    first = next(each for each in passages if "hosted" in each["text"])
    second = next(each["passage_id"] for each in passages if "Cats" in each["text"])
    outcomes = {
        "below_depth": ["-k", "1"],
        "filtered": ["--filter", f"doc_id={first['doc_id']}"],
        "not_candidate": ["--mode", "lexical"],
    }
    for outcome, options in outcomes.items():
        asked = QUESTION if outcome != "not_candidate" else "secretariat"
        found = cli.run("explain", asked, second, *options, "--json").json
        assert found["outcome"] == outcome
    assert found["last_score"] is not None
    cli.run("explain", QUESTION, "c0", code=1)
