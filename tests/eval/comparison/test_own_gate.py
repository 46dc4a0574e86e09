"""The gate of our own CI: its files, and whether it stops pipelines that are really broken."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from corpus.ids import Fingerprint
from corpus.stores.sql_store import SqlStore
from eval.comparison.baseline import Baseline, read_baseline
from eval.comparison.gating import Verdict, baseline_of, candidate_of_report, gate
from eval.data_sets.judged_queries import judged_of_trec
from eval.data_sets.qrels import Qrel
from eval.retrieval.judged_collection import measure_collection
from eval.retrieval.ranked_collection import Naming, RankedCollection, ranked_collection
from eval.retrieval.retrieval_report import RetrievalReport, RetrievalRequest
from eval.sweep.score_cache import CachedReranker, ScoreCache
from index.embedders.onnx import BGE_SMALL_EN, OnnxEmbedder
from index.indexes.vector_index import FaissVectorIndex
from index.retrieval.retrieving import Retriever
from index.snapshots.publishing import current_id, snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.values.ports import FloatVector, Reranker
from service.cli.commands import build_app
from service.settings.models import Models
from service.settings.settings import Settings

ROOT = Path(__file__).parents[3]
JUDGED = judged_of_trec(ROOT / "eval" / "gate" / "qrels.txt", ROOT / "eval" / "gate" / "topics.tsv")
RERANKED = RetrievalRequest(measures=("nDCG@10", "RR@10"))
FUSED = replace(RERANKED, rerank=False)
DENSE = replace(FUSED, mode="dense")


def test_the_judgements_are_those_of_our_questions_on_the_briefs() -> None:
    # The gate keeps the questions that its baselines were recorded with, as the set grows.
    briefs = {path.name for path in (ROOT / "corpus" / "reports").glob("*.pdf")}
    expected = [
        Qrel(question["id"], f"{Path(question['document']).stem}/{page}", 1)
        for split in ("train", "dev")
        for line in (ROOT / "eval" / "questions" / f"{split}.jsonl").read_text().splitlines()
        if (question := json.loads(line))["document"] in briefs and question["answerable"]
        if question["id"] in JUDGED.texts
        for page in dict.fromkeys(evidence["page"] for evidence in question["evidence"])
    ]
    assert list(JUDGED.qrels) == expected
    assert list(JUDGED.texts) == list(dict.fromkeys(qrel.query_id for qrel in expected))


@pytest.mark.parametrize("name", ["reranked", "dense"])
def test_a_baseline_was_recorded_with_these_files(name: str) -> None:
    baseline = read_baseline(ROOT / "eval" / "gate" / f"{name}.json")
    assert dict(baseline.data) == JUDGED.sha256()
    assert baseline.queries == tuple(JUDGED.texts)


@dataclass(frozen=True, slots=True)
class Inverted:
    """A broken reranker: the worst passage first."""

    inner: Reranker

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def fingerprint(self) -> Fingerprint:
        return self.inner.fingerprint

    def warm(self) -> None:
        self.inner.warm()

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        return -self.inner.score(query, texts)


@dataclass(frozen=True, slots=True)
class Briefs:
    """The briefs, ingested with the models that come with the installation."""

    settings: Settings
    models: Models
    collection: RankedCollection
    unbroken: dict[RetrievalRequest, Baseline] = field(default_factory=dict)

    def report(
        self, request: RetrievalRequest, retriever: Retriever | None = None
    ) -> RetrievalReport:
        searched = self.collection
        if retriever is not None:
            searched = replace(searched, retriever=retriever)
        return measure_collection(searched, JUDGED, request, self.models)

    def baseline(self, request: RetrievalRequest) -> Baseline:
        """What is measured without a breakage; once for each request."""
        if request not in self.unbroken:
            self.unbroken[request] = baseline_of(
                candidate_of_report(self.report(request)),
                tolerance=0.005,
                minimum_effect=0.01,
                command="citewell",
            )
        return self.unbroken[request]

    def verdict(self, request: RetrievalRequest, retriever: Retriever) -> Verdict:
        before = self.baseline(request)
        return gate(before, candidate_of_report(self.report(request, retriever)))


@pytest.fixture(scope="module")
def briefs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Briefs]:
    home = tmp_path_factory.mktemp("gate") / "home"
    words = ["--home", str(home), "ingest", str(ROOT / "corpus" / "reports")]
    result = CliRunner().invoke(build_app(), words)
    assert result.exit_code == 0, result.output
    settings = Settings(home=home)
    installed = Models.open(settings)
    assert installed.reranker is not None
    # An inverted reranker scores the pairs that the sound one has scored: each is scored once.
    with ScoreCache(home / "scores.sqlite") as scores:
        models = replace(installed, reranker=CachedReranker(installed.reranker, scores))
        with ranked_collection(settings, models, Naming("page")) as collection:
            yield Briefs(settings, models, collection)


@pytest.mark.models
def test_unchanged_runs_pass(briefs: Briefs) -> None:
    before = baseline_of(
        candidate_of_report(briefs.report(FUSED)),
        tolerance=0.005,
        minimum_effect=0,
        command="citewell",
    )
    verdicts = [gate(before, candidate_of_report(briefs.report(FUSED))) for _ in range(3)]
    assert [verdict.passed for verdict in verdicts] == [True] * 3
    assert all(verdict.notes == () for verdict in verdicts)


@pytest.mark.models
def test_an_inverted_reranker_fails(briefs: Briefs) -> None:
    assert briefs.models.reranker is not None
    with SqlStore.open(briefs.settings.store_url) as store:
        retriever = Retriever(
            opened(briefs), store, briefs.models.embedder, Inverted(briefs.models.reranker)
        )
        verdict = briefs.verdict(RERANKED, retriever)
    assert {failure.reason for failure in verdict.failures} == {"drop"}


@pytest.mark.models
def test_vectors_that_belong_to_other_passages_fail_with_words_beside_them_too(
    briefs: Briefs,
) -> None:
    snapshot = opened(briefs)
    with SqlStore.open(briefs.settings.store_url) as store:
        texts = [chunk.embedded_text for chunk in store.current_chunks()]
        vectors = briefs.models.embedder.embed_documents(texts)
        order = np.random.default_rng(1).permutation(len(vectors))
        shuffled = replace(snapshot, vectors=FaissVectorIndex.build(vectors[order]))
        retriever = Retriever(shuffled, store, briefs.models.embedder)
        verdicts = [briefs.verdict(request, retriever) for request in (DENSE, FUSED)]
    for verdict in verdicts:
        assert {failure.reason for failure in verdict.failures} == {"drop"}


@pytest.mark.models
@pytest.mark.parametrize("prefix", ["passage: ", ""])
def test_the_prefix_of_another_model_fails_and_so_does_none(briefs: Briefs, prefix: str) -> None:
    """The figures are in docs/research."""
    embedder = OnnxEmbedder(replace(BGE_SMALL_EN, query_prefix=prefix))
    with SqlStore.open(briefs.settings.store_url) as store:
        verdict = briefs.verdict(DENSE, Retriever(opened(briefs), store, embedder))
    assert {failure.reason for failure in verdict.failures} == {"drop"}


def opened(briefs: Briefs) -> Snapshot:
    layout = briefs.settings.layout
    snapshot_id = current_id(layout)
    assert snapshot_id is not None
    folder = snapshot_folder(layout, snapshot_id)
    return Snapshot.open(folder, embedder=briefs.models.embedder.fingerprint)
