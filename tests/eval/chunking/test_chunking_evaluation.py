"""`citewell eval chunking`: over a small benchmark, and the published figures."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from corpus.errors import InputError
from eval.chunking.chunkers_published import RecursiveSplitter, TokenWindows
from eval.chunking.chunking_benchmark import read_chunking_benchmark
from eval.chunking.chunking_evaluation import first_place
from eval.chunking.chunking_measures import precision_omega
from eval.cli.application import build_eval_app
from tests.eval.chunking_folder import write_chunking

# Mean and deviation that the authors' notebook shows for the best precision, which no embedder
# moves. *Source:* Chroma_Research.ipynb of brandonstarxel/chunking_evaluation, d4f8cef.
NOTEBOOK = (
    (RecursiveSplitter(200), 0.299416, 0.184212),
    (TokenWindows(200), 0.209799, 0.118731),
    (RecursiveSplitter(400, 200), 0.139428, 0.104232),
    (RecursiveSplitter(800, 400), 0.066825, 0.052225),
    (TokenWindows(800, 400), 0.046589, 0.030681),
    (TokenWindows(400, 200), 0.084455, 0.050817),
    (RecursiveSplitter(400), 0.177430, 0.140447),
    (TokenWindows(400), 0.125022, 0.081435),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_chunking(tmp_path / "chunking")


def eval_chunking(*words: str | Path) -> Result:
    return CliRunner().invoke(build_eval_app(), ["chunking", *map(str, words)])


def test_chunkers_are_measured_side_by_side(home: Path, folder: Path) -> None:
    words = ("--chunker", "own", "--chunker", "own-plain-20", "--top-k", "1", "--json")
    result = eval_chunking(folder, *words)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [each["chunker"] for each in found["chunkers"]] == ["own", "own-plain-20"]
    assert found["questions"] == 3
    for each in found["chunkers"]:
        assert set(each["measures"]) == {"recall", "precision", "precision_omega", "iou"}
        assert 0 < each["measures"]["recall"]["mean"] <= 1
    assert (home / "eval").is_dir()


def test_words_alone_find_the_chunk_without_embedding_anything(home: Path, folder: Path) -> None:
    words = ("--chunker", "own-20", "--mode", "lexical", "--top-k", "1", "--json")
    found = json.loads(eval_chunking(folder, *words).stdout)
    assert found["settings"]["embedder"] is None
    retrieval = found["settings"]["retrieval"]
    assert retrieval["read_for_part"] == retrieval["distinct"] == 0  # chunks as they are
    assert found["chunkers"][0]["measures"]["recall"]["mean"] == 1.0


def test_the_table_shows_means_deviations_and_intervals(home: Path, folder: Path) -> None:
    result = eval_chunking(folder, "--chunker", "own", "--rerank", "--corpus", "almaty")
    assert result.exit_code == 0, result.output
    header, means, intervals, total = result.stdout.splitlines()[:4]
    assert header.split() == ["chunker", "chunks", "recall", "precision", "prec.Ω", "IoU"]
    assert means.split()[0] == "own"
    assert means.count("±") == 4
    assert intervals.count("[") == 4
    assert total.startswith("2 questions on 1 text, 5 chunks retrieved")


def test_recorded_figures_are_met_again_and_missed_after_a_change(
    home: Path, folder: Path, tmp_path: Path
) -> None:
    file, words = tmp_path / "expected.json", ("--chunker", "own-20")
    assert eval_chunking(folder, *words, "--record", file).exit_code == 0
    assert eval_chunking(folder, *words, "--expected", file).exit_code == 0
    assert eval_chunking(folder, *words, "--expected", file, "--top-k", "1").exit_code == 1


def test_a_name_that_is_no_chunker_is_bad_usage(home: Path, folder: Path) -> None:
    result = eval_chunking(folder, "--chunker", "sentences")
    assert result.exit_code == 2
    assert "recursive-SIZE" in result.output


def test_a_reference_that_is_not_the_text_at_its_place_is_named_by_line(folder: Path) -> None:
    file = folder / "questions_df.csv"
    file.write_text(file.read_text().replace('""in 2013""', '""in 2014""'))
    with pytest.raises(InputError, match=r"line 2: .* is not 'in 2014'"):
        read_chunking_benchmark(folder)


def test_a_text_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "corpora" / "colombo.md").unlink()
    with pytest.raises(InputError, match=r"colombo\.md"):
        read_chunking_benchmark(folder)


def test_an_unknown_text_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="about 'dhaka'"):
        read_chunking_benchmark(folder, only="dhaka")


@pytest.mark.data
@pytest.mark.parametrize(("chunker", "mean", "deviation"), NOTEBOOK)
def test_the_best_precision_is_the_published_one_to_six_digits(
    chunker: RecursiveSplitter | TokenWindows, mean: float, deviation: float, shared_data: Path
) -> None:
    pytest.importorskip("bpe_openai", reason="the extra citewell[chunking] is not installed")
    benchmark = read_chunking_benchmark(shared_data / "chunking")
    ranges = {
        name: [first_place(text, (each.start, each.end)) for each in chunker.chunk(name, text)]
        for name, text in benchmark.texts.items()
    }
    found = [precision_omega(q.references, ranges[q.corpus_id]) for q in benchmark.questions]
    assert len(found) == 472
    assert float(np.mean(found)) == pytest.approx(mean, abs=6e-7)
    assert float(np.std(found)) == pytest.approx(deviation, abs=6e-7)
