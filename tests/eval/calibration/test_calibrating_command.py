import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from eval.cli.calibrating_commands import calibrate
from service.collection.publishing import IngestRequest, publish
from service.confidence.confidence_file import read_confidence
from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.values.request import Request

PLACES = "Almaty Budapest Prague Istanbul Vienna Geneva".split()


def run(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command()(calibrate)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    source = tmp_path / "page.txt"
    sentences = [f"The mechanism of {place} met there with its members." for place in PLACES]
    source.write_text("\n\n".join(sentences), encoding="utf-8")
    publish(IngestRequest([str(source)]), read_settings())
    lines = [
        {
            "id": f"a{place}",
            "question": f"Where did the mechanism of {place} meet with its members?",
            "answerable": True,
            "evidence": [{"quote": sentence}],
        }
        for place, sentence in zip(PLACES, sentences, strict=True)
    ] + [
        {"id": f"u{place}", "question": f"Who paid for {place}?", "answerable": False}
        for place in PLACES
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def test_importing_the_command_loads_no_model_and_no_numbers() -> None:
    code = (
        "import sys, eval.cli.calibrating_commands;"
        "print([m for m in ('numpy','faiss','pydantic') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_confidence_is_fitted_and_written(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "CONFIDENCE.json"
    result = run(questions, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    found = read_confidence(out)
    assert json.loads(result.stdout) == found.model_dump(mode="json")
    assert found.fitted_on.model_dump() == {"questions": 12, "answerable": 6, "right": 6}
    assert found.configuration["reranker"] == "overlap"
    assert "sha256" in found.data
    assert f"CITEWELL_CONFIDENCE={out}" in result.stderr


def test_weights_and_figures_are_printed(questions: Path, tmp_path: Path) -> None:
    result = run(questions, "--out", tmp_path / "CONFIDENCE.json")
    assert result.exit_code == 0, result.output
    names = [line.split()[0] for line in result.stdout.splitlines()]
    assert names[:5] == ["intercept", "margin", "auroc", "ece", "brier"]
    assert names[-1] == "12"


def test_two_wordings_are_fitted_together(questions: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in questions.read_text().splitlines()]
    worded = [line | {"scoped_question": line["question"]} for line in lines]
    questions.write_text("".join(json.dumps(line) + "\n" for line in worded))
    out = tmp_path / "CONFIDENCE.json"
    fields = ("--field", "question", "--field", "scoped_question")
    result = run(questions, "--out", out, *fields)
    assert result.exit_code == 0, result.output
    found = read_confidence(out)
    assert found.fitted_on.questions == 24
    assert found.data["field"] == "question, scoped_question"


def test_thresholds_are_of_the_questions_held_out(questions: Path, tmp_path: Path) -> None:
    out, others = tmp_path / "CONFIDENCE.json", tmp_path / "others.jsonl"
    others.write_text(questions.read_text())
    assert run(questions, "--out", out, "--held-out", others).exit_code == 0
    found = read_confidence(out)
    assert found.held_out is not None
    assert found.held_out["name"] == "others.jsonl"


def test_a_fitted_file_is_used_when_the_settings_name_it(
    questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "CONFIDENCE.json"
    assert run(questions, "--out", out).exit_code == 0
    with Engine.open(read_settings()) as engine:
        assert engine.ask("Where did the mechanism of Prague meet?").confidence is None
    monkeypatch.setenv("CITEWELL_CONFIDENCE", str(out))
    with Engine.open(read_settings()) as engine:
        asked = "Where did the mechanism of Prague meet with its members?"
        always = engine.ask(asked, Request(max_wrong=1.0))
        never = engine.ask(asked, Request(max_wrong=0.001))
    assert always.confidence is not None
    assert always.status == "answered"
    assert always.citations[0].answer_span is not None
    assert (never.status, never.reason) == ("unsure", "low_confidence")
    assert never.confidence == always.confidence
    assert never.citations == always.citations


def test_too_few_questions_exit_2_and_write_nothing(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "CONFIDENCE.json"
    result = run(questions, "--out", out, "--limit", "4")
    assert result.exit_code == 2
    assert "expected questions of both kinds" in result.stderr
    assert not out.exists()


def test_without_a_span_finder_there_is_nothing_to_fit(
    questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_RERANKER", "none")
    result = run(questions, "--out", tmp_path / "CONFIDENCE.json")
    assert result.exit_code == 2
    assert "margins of a span finder" in result.stderr


def test_a_collection_of_which_nothing_can_be_quoted_is_refused(
    questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "another"))
    source = tmp_path / "asked.txt"
    source.write_text("Where did the mechanism of Prague meet?\n", encoding="utf-8")
    publish(IngestRequest([str(source)]), read_settings())
    lines = [json.loads(line) for line in questions.read_text().splitlines()]
    bare = [{**line, "answerable": False, "evidence": []} for line in lines]
    questions.write_text("".join(json.dumps(line) + "\n" for line in bare))
    result = run(questions, "--out", tmp_path / "CONFIDENCE.json")
    assert result.exit_code == 2
    assert "found no answer with one" in result.stderr
