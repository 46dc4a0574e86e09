import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import citewell
from eval.cli.application import build_eval_app
from service.collection.publishing import IngestRequest, publish
from service.settings.environment import read_settings

TEXT = (
    "The Almaty Process was established in 2013.\n\n"
    "46 States and 22 ISCMs provided answers to the \n\nquestionnaires.\n"
)
QUESTIONS = (
    {
        "id": "q1",
        "question": "How many States provided answers to the questionnaires?",
        "answerable": True,
        "answers": ["46"],
        "evidence": [{"quote": "46 States and 22 ISCMs provided answers to the questionnaires."}],
        "kind": "lookup",
    },
    {"id": "u1", "question": "zebra xylophone?", "answerable": False},
)


@pytest.fixture
def questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    source = tmp_path / "page.txt"
    source.write_text(TEXT, encoding="utf-8")
    publish(IngestRequest([str(source)], collection="iscm"), read_settings())
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(question) + "\n" for question in QUESTIONS))
    return file


def test_answers_of_a_small_collection_are_measured(questions: Path) -> None:
    words = ["answers", str(questions), "--collection", "iscm", "--json"]
    result = CliRunner().invoke(build_eval_app(), words)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["questions"] == {"answerable": 1, "unanswerable": 1}
    assert found["measures"]["success@3"]["mean"] == 1.0
    assert found["measures"]["quote_exactness"]["mean"] == 1.0
    assert found["data"]["documents"] == 1
    assert found["settings"]["embedder"] == "hash"


def test_a_line_is_printed_for_each_question_on_request(questions: Path) -> None:
    result = CliRunner().invoke(build_eval_app(), ["answers", str(questions), "--verbose"])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["question", "q1", "u1"]


def test_scores_rank_answers_and_kinds_are_measured_apart(questions: Path) -> None:
    words = ["answers", str(questions), "--by", "kind", "-m", "selective_error@0.5", "--json"]
    result = CliRunner().invoke(build_eval_app(), words)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["settings"]["score"] == "rerank"
    assert found["measures"]["auroc"]["mean"] == 1.0
    # The surer half is the answerable question.
    success = found["measures"]["success@1"]["mean"]
    assert found["measures"]["selective_error@0.5"]["mean"] == 1 - success
    assert found["data"]["items"] == 1
    assert "ece" not in found["measures"]
    assert found["risk_coverage"][-1]["coverage"] == 1.0
    assert list(found["by_kind"]) == ["(none)", "lookup"]
    assert found["by_kind"]["lookup"]["questions"] == {"answerable": 1, "unanswerable": 0}
    shown = CliRunner().invoke(build_eval_app(), words[:-1]).stdout.splitlines()
    assert "lookup, 1 questions" in shown


def test_without_a_cross_encoder_there_is_no_score(questions: Path) -> None:
    words = ["answers", str(questions), "--no-rerank", "--json"]
    found = json.loads(CliRunner().invoke(build_eval_app(), words).stdout)
    assert found["settings"]["score"] is None
    assert "auroc" not in found["measures"]
    assert "risk_coverage" not in found


def test_another_measure_exits_2(questions: Path) -> None:
    result = CliRunner().invoke(build_eval_app(), ["answers", str(questions), "-m", "nDCG@10"])
    assert result.exit_code == 2
    assert "expected selective_error@X" in result.stderr


def test_passages_are_ingested_and_asked(questions: Path, tmp_path: Path) -> None:
    file = tmp_path / "clapnq.jsonl"
    passage = {"title": "Survey", "text": "46 States answered the questionnaires ."}
    written = {"answer": "46", "selected_sentences": [passage["text"]]}
    asked = {"id": "q", "input": "how many States answered", "passages": [passage]}
    file.write_text(json.dumps({**asked, "output": [written]}))
    words = ["answers", str(file), "--format", "clapnq", "--home", str(tmp_path / "w"), "--json"]
    result = CliRunner().invoke(build_eval_app(), words)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["measures"]["citation_recall"]["mean"] == 1.0
    assert found["data"]["documents"] == 1


def test_a_wording_that_is_not_there_exits_2(questions: Path) -> None:
    result = CliRunner().invoke(build_eval_app(), ["answers", str(questions), "--field", "short"])
    assert result.exit_code == 2
    assert "as `short`" in result.stderr


def test_every_option_is_documented() -> None:
    docs = Path(citewell.__file__).parent / "docs"
    page = "".join(each.read_text(encoding="utf-8") for each in sorted(docs.rglob("*.md")))
    for command in build_eval_app().registered_commands:
        shown = CliRunner().invoke(
            build_eval_app(), [str(command.name), "--help"], terminal_width=200
        )
        options = set(re.findall(r"--[a-z][a-z-]+", shown.stdout))
        missing = sorted(option for option in options - {"--help"} if option not in page)
        assert missing == [], command.name
