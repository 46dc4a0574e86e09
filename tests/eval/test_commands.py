import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.stores.sql_store import SqlStore
from eval.cli.application import build_eval_app
from eval.data_sets.runs import read_trec_run
from tests.eval.beir_folder import write_beir
from tests.eval.chunk_values import chunk, document, page


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("CITEWELL_HOME", str(folder))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    return folder


def citewell_eval(*words: str | Path) -> Result:
    return CliRunner().invoke(build_eval_app(), [str(word) for word in words])


def test_importing_the_commands_loads_no_model_and_no_numbers() -> None:
    code = (
        "import sys, eval.cli.answers_commands;"
        "print([m for m in ('numpy','ir_measures','faiss','pydantic') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_several_measures_may_follow_one_flag(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set")
    result = citewell_eval(
        *("retrieval", "--beir", beir, "--split", "test"),
        *("--measures", "nDCG@10", "R@100", "RR@10", "--json"),
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert set(found["measures"]) == {"nDCG@10", "R@100", "RR@10"}
    assert found["queries"] == 2
    assert (home / "eval").is_dir()


def test_measures_may_be_repeated_instead(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set")
    result = citewell_eval("retrieval", "--beir", beir, "-m", "AP", "-m", "P@1", "--json")
    assert list(json.loads(result.stdout)["measures"]) == ["AP", "P@1"]


def test_figures_are_printed_with_their_intervals(home: Path, tmp_path: Path) -> None:
    result = citewell_eval("retrieval", "--beir", write_beir(tmp_path / "set"))
    assert "nDCG@10  1.000  [1.000, 1.000]" in result.stdout
    assert "2 queries" in result.stdout


def test_the_run_is_written(home: Path, tmp_path: Path) -> None:
    run_file = tmp_path / "run.txt"
    beir = write_beir(tmp_path / "set")
    result = citewell_eval("retrieval", "--beir", beir, "--run-file", run_file)
    assert result.exit_code == 0
    assert read_trec_run(run_file).rankings["q1"][0].doc_id == "1"


def test_the_home_of_evaluations_can_be_chosen(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set")
    citewell_eval("retrieval", "--beir", beir, "--home", tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere").is_dir()
    assert not (home / "eval").exists()


def test_recorded_figures_are_compared_and_a_difference_exits_1(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = ("retrieval", "--beir", write_beir(tmp_path / "set"))
    assert citewell_eval(*command, "--record", file).exit_code == 0
    assert citewell_eval(*command, "--expected", file).exit_code == 0
    figures = json.loads(file.read_text())
    figures["figures"]["nDCG@10"]["value"] = 0.9
    file.write_text(json.dumps(figures))
    result = citewell_eval(*command, "--check", file)
    assert result.exit_code == 1
    assert "not as expected: nDCG@10: found 1.0000, expected 0.9000 ± 0.005" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-m", "ndcg@10"), "near names: nDCG"),
        (("--split", "dev"), "expected one of: test"),
        (("--chunk-tokens", "9999"), "the window of hash"),
    ],
)
def test_a_wrong_request_exits_2(
    home: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    result = citewell_eval("retrieval", "--beir", write_beir(tmp_path / "set"), *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_store_without_errors_passes(home: Path) -> None:
    with SqlStore.open(f"sqlite:///{home / 'store.sqlite'}") as store:
        store.add(document("One"), b"", [page("One sentence.")], [chunk("One sentence.")])
    result = citewell_eval("quotes")
    assert (result.exit_code, "1 of 1 chunks" in result.stdout) == (0, True)
    assert json.loads(citewell_eval("quotes", "--json").stdout)["share"] == 1.0


def test_a_chunk_that_is_not_on_its_page_exits_1(home: Path) -> None:
    with SqlStore.open(f"sqlite:///{home / 'store.sqlite'}") as store:
        store.add(document("One"), b"", [page("Two sentences.")], [chunk("One sentence.")])
    result = citewell_eval("quotes")
    assert result.exit_code == 1
    assert "0 of 1 chunks" in result.stdout
