"""docs/how-to/evaluate/notebook.md, run block by block, and the tables that results turn into."""

import builtins
import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import citewell
from corpus.errors import InputError
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, ScoredDocument
from eval.statistics.estimates import Resampling
from service.cli.commands import build_app
from tests.eval.beir_folder import DOCUMENTS, write_beir

PAGE = Path(citewell.__file__).parent / "docs" / "how-to" / "evaluate" / "notebook.md"
QRELS = (Qrel("q1", "a", 1), Qrel("q2", "a", 1))
RUN = Run({"q1": (ScoredDocument("a", 2.0), ScoredDocument("b", 1.0)), "q9": ()})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "var"))
    write_beir(tmp_path / "processes")
    (tmp_path / "other.run").write_text("q1 Q0 2 1 9 other\nq1 Q0 1 2 8 other\nq8 Q0 1 1 1 other\n")
    reports = tmp_path / "reports"
    reports.mkdir()
    for doc_id, title, text in DOCUMENTS:
        (reports / f"{doc_id}.txt").write_text(f"{title}\n\n{text}\n")
    quote = {"quote": "established in 2013"}
    questions = (
        {"id": "1", "question": "When was the Almaty Process established?", "answerable": True,
         "answers": ["2013"], "evidence": [quote], "kind": "date"},
        {"id": "2", "question": "Who chairs it?", "answerable": False, "kind": "absent"},
    )  # fmt: skip
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(q) + "\n" for q in questions))
    assert CliRunner().invoke(build_app(), ["ingest", str(reports)]).exit_code == 0
    return tmp_path


def test_the_page_runs_from_top_to_bottom(folder: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) == 5
    names: dict[str, object] = {}
    for number, block in enumerate(blocks, start=1):
        exec(compile(block, f"notebook.md, block {number}", "exec"), names)
    other, hybrid = names["measured"], names["hybrid"]
    assert isinstance(other, citewell.Measured)
    assert isinstance(hybrid, citewell.RetrievalReport)
    assert (other.unanswered, other.unjudged) == (("q2",), ("q8",))
    assert hybrid.to_frame().loc["nDCG@10", "mean"] == 1.0
    verdict, table, report = names["verdict"], names["table"], names["report"]
    assert isinstance(verdict, citewell.Verdict)
    assert [failure.reason for failure in verdict.failures] == ["lost"]
    assert len(table) == 6  # type: ignore[arg-type]
    assert isinstance(report, citewell.AnswersReport)
    assert list(report.per_question()["kind"]) == ["date", "absent"]


def test_the_page_names_every_public_name_of_evaluation() -> None:
    page = PAGE.read_text(encoding="utf-8")
    homes = vars(citewell)["_HOMES"]
    missing = [name for name, home in homes.items() if home.startswith("eval.")]
    assert [name for name in missing if f"`{name}`" not in page] == []


def test_measured_values_become_tables() -> None:
    measured = citewell.measure(RUN, QRELS, ["RR", "P@2"])
    values = measured.per_query()
    assert (list(values.index), list(values.columns)) == (["q1", "q2"], ["RR", "P@2"])
    assert list(values.loc["q1"]) == [1.0, 0.5]
    means = measured.to_frame(Resampling(resamples=1000))
    assert list(means.columns) == ["mean", "low", "high"]
    assert means.loc["RR", "mean"] == 0.5


def test_a_run_becomes_a_table_in_its_order() -> None:
    rows = RUN.to_frame().to_dict(orient="records")
    assert rows[1] == {"query_id": "q1", "doc_id": "b", "rank": 2, "score": 1.0}


def test_without_pandas_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refused(name: str, *rest: object) -> object:
        if name == "pandas":
            raise ModuleNotFoundError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    monkeypatch.setattr(builtins, "__import__", refused)
    measured = citewell.measure(RUN, QRELS, ["RR"])
    with pytest.raises(InputError, match=r"pip install 'citewell\[notebook\]'"):
        measured.per_query()
