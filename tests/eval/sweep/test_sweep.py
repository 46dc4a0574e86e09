"""`citewell eval sweep`: configurations side by side, each measured once."""

import json
import signal
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from corpus.errors import InputError, SettingsError
from eval.cli.application import build_eval_app
from eval.sweep.score_cache import CachedQueries, CachedReranker, CachedSpanFinder, ScoreCache
from eval.sweep.sweep import refuse_test
from eval.sweep.sweep_file import read_configurations
from index.embedders.fake import HashEmbedder
from index.embedding.vector_cache import VectorCache
from index.span_finders.fake import OverlapSpanFinder
from index.values.ports import FloatMatrix, FloatVector, FoundSpan
from service.collection.publishing import IngestRequest, publish
from service.settings.environment import read_settings
from tests.eval.beir_folder import write_beir
from tests.eval.chunking_folder import write_chunking
from tests.service.command_line import CommandLine

GRID = '[base]\nrerank = false\n[grid]\nmode = ["hybrid", "lexical"]\ndense_weight = [0.2, 0.8]\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    return tmp_path / "home"


def sweep(*words: str | Path) -> Result:
    return CliRunner().invoke(build_eval_app(), ["sweep", *map(str, words)])


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_a_grid_over_a_beir_folder_is_measured_side_by_side(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set", split="train")
    config = written(tmp_path / "grid.toml", GRID)
    result = sweep(config, "--beir", beir, "--measures", "nDCG@10", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [each["name"] for each in found["configurations"]] == [
        "mode=hybrid dense_weight=0.2",
        "mode=hybrid dense_weight=0.8",
        "mode=lexical dense_weight=0.2",
        "mode=lexical dense_weight=0.8",
    ]
    assert len(found["differences"]) == 3
    assert all(each["p_holm"] >= each["p"] for each in found["differences"])


def test_its_figures_are_those_of_eval_retrieval(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set", split="train")
    config = written(tmp_path / "one.json", '[{"mode": "lexical"}, {"mode": "dense"}]')
    swept = json.loads(sweep(config, "--beir", beir, "-m", "RR@10", "--json").stdout)
    for each in swept["configurations"]:
        words = ["retrieval", "--beir", str(beir), "--split", "train", "-m", "RR@10", "--json"]
        result = CliRunner().invoke(build_eval_app(), [*words, "--mode", each["name"][5:]])
        assert each["measures"] == json.loads(result.stdout)["measures"]


def test_a_second_run_measures_only_what_is_new(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set", split="train")
    config = written(tmp_path / "grid.toml", GRID)
    before = json.loads(sweep(config, "--beir", beir, "--json").stdout)
    written(config, GRID.replace("[0.2, 0.8]", "[0.2, 0.5, 0.8]"))
    after = json.loads(sweep(config, "--beir", beir, "--json").stdout)
    assert [each["found"] for each in after["configurations"]] == [True, False, True] * 2
    measures = {each["name"]: each["measures"] for each in after["configurations"]}
    assert all(each["measures"] == measures[each["name"]] for each in before["configurations"])


def test_a_result_that_was_damaged_is_measured_again(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set", split="train")
    config = written(tmp_path / "grid.toml", GRID)
    sweep(config, "--beir", beir)
    next((home / "eval" / "sweeps").glob("*.json")).write_text("{")
    after = json.loads(sweep(config, "--beir", beir, "--json").stdout)
    assert sorted(each["found"] for each in after["configurations"]) == [False, True, True, True]


def test_a_killed_sweep_goes_on_with_what_it_had_finished(tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set", split="train")
    weights = ", ".join(str(number / 200) for number in range(200))
    config = written(tmp_path / "grid.toml", f"[grid]\ndense_weight = [{weights}]\n")
    cli, words = CommandLine(tmp_path / "home"), ["eval", "sweep", str(config), "--beir", str(beir)]
    finished = tmp_path / "home" / "eval" / "sweeps"
    process = cli.start(*words)
    while process.poll() is None and len(list(finished.glob("*.json"))) < 5:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    kept = len(list(finished.glob("*.json")))
    assert 5 <= kept < 200
    found = cli.run(*words, "--json").json["configurations"]
    assert [each["found"] for each in found] == [True] * kept + [False] * (200 - kept)


def test_chunkers_and_depths_are_swept_over_a_chunking_benchmark(
    home: Path, tmp_path: Path
) -> None:
    folder = write_chunking(tmp_path / "chunking")
    config = written(tmp_path / "g.toml", '[grid]\nchunker = ["own-20", "own"]\ntop_k = [1, 2]\n')
    found = json.loads(sweep(config, "--chunking", folder, "--json").stdout)
    assert len(found["configurations"]) == 4
    assert len(found["differences"]) == 3 * 4
    assert {each["measure"] for each in found["differences"]} == {
        *("recall", "precision", "precision_omega", "iou")
    }


def test_answers_are_swept_over_judged_questions(home: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "page.txt", "The Almaty Process was established in 2013.\n")
    publish(IngestRequest([str(source)]), read_settings())
    questions = [
        {
            "id": "q1",
            "question": "When was the Almaty Process established?",
            "answerable": True,
            "answers": ["2013"],
            "evidence": [{"quote": "The Almaty Process was established in 2013."}],
        },
        {"id": "u1", "question": "zebra xylophone?", "answerable": False},
    ]
    file = written(tmp_path / "dev.jsonl", "".join(json.dumps(q) + "\n" for q in questions))
    # At 2.0 every cosine is below, and so is every score below 99: all is abstained from.
    config = written(
        tmp_path / "g.toml",
        "[[configurations]]\nname = 'as it is'\n[[configurations]]\nname = 'silent'\n"
        "decision = {cosine = 2.0, score = 99.0}\n",
    )
    result = sweep(config, "--questions", file, "--json")
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.stdout)["configurations"]
    assert first["questions"] == {
        **dict.fromkeys(["success@1", "success@3", "citation_precision", "citation_recall"], 1),
        "decided_right": 2,
    }
    assert first["measures"]["success@1"]["mean"] == 1.0
    assert second["measures"]["success@1"]["mean"] == 0.0
    assert second["measures"]["decided_right"]["mean"] == 0.5


def test_the_table_shows_each_measure_with_differences_to_the_first(
    home: Path, tmp_path: Path
) -> None:
    beir = write_beir(tmp_path / "set", split="train")
    config = written(tmp_path / "grid.toml", GRID)
    lines = sweep(config, "--beir", beir, "-m", "nDCG@10").stdout.splitlines()
    assert lines[0] == "nDCG@10, 2 questions"
    assert "Holm" not in lines[1]
    assert all("Holm" in line for line in lines[2:5])


def test_test_data_is_refused_unless_allowed(home: Path, tmp_path: Path) -> None:
    beir = write_beir(tmp_path / "set")
    config = written(tmp_path / "grid.toml", GRID)
    refused = sweep(config, "--beir", beir, "--split", "test")
    assert refused.exit_code == 2
    assert "--allow-test" in refused.output
    assert sweep(config, "--beir", beir, "--split", "test", "--allow-test").exit_code == 0


@pytest.mark.parametrize("name", ["test.jsonl", "eval/questions/test.jsonl", "iscm-test.tsv"])
def test_a_file_named_test_is_test_data(name: str) -> None:
    with pytest.raises(InputError, match="test data"):
        refuse_test([name])


def test_other_names_are_not() -> None:
    refuse_test(["train", "dev.jsonl", "latest.jsonl", "contest"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[grid]\ndense_wieght = [0.5]\n", "Did you mean dense_weight.*Known: .*rerank_weight"),
        ('[grid]\ndense_weight = ["much"]\n', "dense_weight: found 'much'"),
        ("[grid]\ndense_weight = [1.5]\n", "expected 0 to 1"),
        ("[grid]\nselection.margin = [1.0]\n", "over beir"),
        ("[grid]\nmode = ['sparse']\n", "mode: found 'sparse'"),
    ],
)
def test_a_setting_that_is_none_or_has_no_such_value_is_named(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        read_configurations(written(tmp_path / "c.toml", content), "beir")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "grid = 3",
        "[grid]\nmode = []",
        "[grid]\n",
        "= 3",
        "[gird]\nmode = ['dense']",
        "configurations = []",
        "[[configurations]]\nname = 'a'\n[[configurations]]\nname = 'a'\n",
        f"[grid]\nseries = 1\ndepth = {list(range(1, 502))}",
    ],
)
def test_a_file_without_configurations_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError):
        read_configurations(written(tmp_path / "c.toml", content), "beir")


class CountingReranker(OverlapSpanFinder):
    """Counts the pairs that it scores."""

    def __init__(self) -> None:
        self.pairs = 0

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        self.pairs += len(texts)
        return super().score(query, texts)


def test_no_pair_is_scored_twice_and_scores_stay_as_they_are(tmp_path: Path) -> None:
    reranker, texts = CountingReranker(), ["almaty process", "bali", "almaty process"]
    with ScoreCache(tmp_path / "scores.sqlite") as cache:
        first = CachedReranker(reranker, cache).score("almaty", texts)
    with ScoreCache(tmp_path / "scores.sqlite") as cache:
        second = CachedReranker(reranker, cache).score("almaty", [*texts, "new"])
    assert reranker.pairs == 3
    assert second.tolist() == [*first.tolist(), -10.0]
    assert np.array_equal(first, OverlapSpanFinder().score("almaty", texts))


class CountingSpanFinder(OverlapSpanFinder):
    """Counts the passages that it reads."""

    def __init__(self) -> None:
        self.passages = 0

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        self.passages += len(passages)
        return super().find(question, passages)


def test_no_passage_is_read_twice_and_spans_stay_as_they_are(tmp_path: Path) -> None:
    finder, texts = CountingSpanFinder(), ["Almaty. Bali.", "Prague.", "Almaty. Bali."]
    for _ in range(2):
        with ScoreCache(tmp_path / "scores.sqlite") as cache:
            found = CachedSpanFinder(finder, cache).find("almaty", texts)
    assert finder.passages == 2
    assert found == OverlapSpanFinder().find("almaty", texts)


class CountingEmbedder(HashEmbedder):
    """Counts the queries that it embeds."""

    queries = 0

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        self.queries += len(texts)
        return super().embed_queries(texts)


def test_no_query_is_embedded_twice(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    with VectorCache.open(tmp_path / "vectors.sqlite") as cache:
        cached = CachedQueries(embedder, cache)
        first, again = cached.embed_queries(["almaty"]), cached.embed_queries(["almaty"])
    assert embedder.queries == 1
    assert np.array_equal(first, again)
    assert np.array_equal(first, HashEmbedder().embed_queries(["almaty"]))
