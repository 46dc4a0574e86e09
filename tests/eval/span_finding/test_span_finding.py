"""How span finders are measured, with passages given."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from eval.cli.span_finding_commands import reading
from eval.span_finding.span_finding import (
    ReadQuestion,
    estimate_auroc,
    evaluate_reading,
    measure_reading,
)
from eval.span_finding.span_questions import ReadingQuestion, clapnq_reading, squad_reading
from eval.statistics.estimates import Resampling
from index.span_finders.fake import OverlapSpanFinder
from index.values.ports import FoundSpan
from service.collection.publishing import IngestRequest, publish
from service.settings.environment import read_settings

SQUAD = {
    "data": [
        {
            "title": "Almaty_Process",
            "paragraphs": [
                {
                    "context": "The process began in 2013. Almaty hosts it.",
                    "qas": [
                        {
                            "id": "a",
                            "question": "In which year has the process began in?",
                            "answers": [{"text": "2013", "answer_start": 21}],
                        },
                        {"id": "u", "question": "Who pays?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ]
}


def read_question(*, answerable: bool, margin: float, reranked: float | None) -> ReadQuestion:
    question = ReadingQuestion("q", "How many?", ("46 States",), answerable, ())
    found = FoundSpan(0, 2, margin, 0.0, relevance=0.0, answers=-margin)
    return ReadQuestion(question, found, "46 States", reranked)


def run(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command()(reading)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    return path


def test_a_squad_question_comes_with_its_own_paragraph_and_every_answer(squad: Path) -> None:
    answered, not_answered = squad_reading(squad)
    assert answered.passages == ("The process began in 2013. Almaty hosts it.",)
    assert (answered.answerable, answered.answers) == (True, ("2013",))
    assert (not_answered.answerable, not_answered.answers) == (False, ())
    assert not_answered.passages == answered.passages


def test_a_clapnq_question_comes_with_its_passages(tmp_path: Path) -> None:
    rows = [
        {
            "id": "1",
            "input": "who met",
            "passages": [{"title": "T", "text": "States met."}],
            "output": [{"answer": "States", "selected_sentences": ["States met."]}],
        },
        {"id": "2", "input": "who paid", "passages": [{"title": "T", "text": "Cats sleep."}]},
    ]
    path = tmp_path / "clapnq.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = list(clapnq_reading(path))
    assert [(q.passages, q.answerable) for q in found] == [
        (("States met.",), True),
        (("Cats sleep.",), False),
    ]


def test_the_best_passage_of_a_question_is_the_one_with_the_highest_margin() -> None:
    question = ReadingQuestion(
        "q", "Who chairs the process?", ("Cats sleep.", "Ann chairs the process."), True, ("Ann",)
    )
    report = evaluate_reading([question], OverlapSpanFinder(), OverlapSpanFinder(), lambda *_: None)
    (read,) = report.read
    assert read.text == "Ann chairs the process"
    assert read.reranker_score == pytest.approx(5.0)
    assert report.estimates["EM"].mean == 0
    assert report.estimates["F1"].mean == pytest.approx(2 / 4)  # "the" does not count


def test_figures_of_a_perfect_and_a_blind_score() -> None:
    read = [
        read_question(answerable=i % 2 == 0, margin=float(i % 2 == 0), reranked=0.5)
        for i in range(20)
    ]
    figures = measure_reading(read, Resampling(resamples=1000))
    assert figures["AUROC margin"].mean == 1.0
    assert figures["AUROC answers"].mean == 0.0  # of this double's head, which says the opposite
    assert figures["AUROC reranker"].mean == 0.5
    assert figures["EM"].mean is None


def test_without_a_reranker_it_has_no_figure() -> None:
    figures = measure_reading([read_question(answerable=True, margin=1, reranked=None)])
    assert "AUROC reranker" not in figures
    assert figures["AUROC margin"].mean is None  # nothing to tell apart


@settings(max_examples=20, deadline=None)
@given(st.integers(20, 60), st.integers(0, 5))
def test_the_interval_of_an_auroc_holds_it(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    positive = np.arange(count) % 2 == 0
    scores = random.normal(size=count) + positive
    found = estimate_auroc(scores, positive, Resampling(resamples=1000))
    assert found.mean is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.mean <= found.high <= 1


def test_the_command_prints_the_figures_of_a_squad_file(
    squad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    options = ["--format", "squad", "--span-finder", "overlap", "--no-rerank", "--json"]
    result = run(squad, *options)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["questions"] == {"all": 2, "answerable": 1}
    assert found["measures"]["AUROC margin"]["mean"] == 1.0
    assert found["settings"]["span_finder"] == "overlap"


def test_our_own_questions_are_read_on_the_stored_passages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    source = tmp_path / "report.txt"
    source.write_text("In all, 46 States answered the survey.\n", encoding="utf-8")
    publish(IngestRequest([str(source)]), read_settings())
    from corpus.ids import sha256_of

    document = sha256_of(source.read_bytes())
    text = "In all, 46 States answered the survey."
    place = {"page": 1, "start": 0, "end": len(text), "quote_sha256": sha256_of(text)}
    common = {"document_sha256": document}
    rows = [
        {
            **common,
            "id": "a",
            "question": "How many States answered?",
            "answerable": True,
            "answers": ["46"],
            "evidence": [place],
        },
        {**common, "id": "u", "question": "Who paid for the survey?", "answerable": False},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = run(file, "--span-finder", "overlap", "--no-rerank", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["questions"] == {"all": 2, "answerable": 1}
    assert found["measures"]["EM"]["mean"] is None


def test_an_unknown_span_finder_is_refused_with_what_there_is(squad: Path) -> None:
    result = run(squad, "--format", "squad", "--span-finder", "nonsense")
    assert result.exit_code == 2
    assert "which marks no words; expected a span finder" in result.output


def test_a_missing_model_file_is_refused(squad: Path, tmp_path: Path) -> None:
    result = run(squad, "--format", "squad", "--span-finder", tmp_path / "gone.onnx")
    assert result.exit_code == 1
    assert "cannot be read" in result.output
