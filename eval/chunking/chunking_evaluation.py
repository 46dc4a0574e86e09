"""How good chunkers are: do the chunks retrieved hold the answers, and how much beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from corpus.errors import InputError
from corpus.ids import ChunkId
from eval.chunking.chunked_corpus import ChunkedCorpus, PlacedChunk, chunked_corpus
from eval.chunking.chunker import Chunker
from eval.chunking.chunking_benchmark import ChunkingBenchmark, ChunkingQuestion
from eval.chunking.chunking_measures import MEASURES, Range, chunking_scores, precision_omega
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling, estimate_mean
from index.retrieval.retrieving import RetrievalSettings
from index.values.mode import Mode
from index.values.snapshot_settings import SnapshotSettings
from service.cli.step_bar import OnStep
from service.settings.models import Models

Standing = Literal["own", "first"]


@dataclass(frozen=True, slots=True)
class ChunkingRequest:
    """How to search, and how to count.

    `top_k` chunks are retrieved for each question, the best ones as they are: repeats are not
    folded and questions not taken in parts, for it is chunks that are measured. `standing`: a chunk
    stands at its own place, or, as in the published evaluation, where its text first occurs, less a
    full stop at its end.
    """

    top_k: int = 5
    mode: Mode = "dense"
    rerank: bool = False
    standing: Standing = "own"
    limit: int | None = None
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    snapshot: SnapshotSettings = field(default_factory=SnapshotSettings)
    resampling: Resampling = DEFAULT_RESAMPLING

    def __post_init__(self) -> None:
        if not 1 <= self.top_k <= 1000:
            raise InputError(f"Found a top-k of {self.top_k}; expected 1 to 1000.")

    @property
    def plain(self) -> RetrievalSettings:
        """How rankings are made here."""
        return replace(self.retrieval, read_for_part=0, distinct=0)


@dataclass(frozen=True, slots=True)
class ChunkerResult:
    """One chunker's values, a measure → a value a question; `cut` chunks exceed the window.

    `characters` is the mean length of its chunks.
    """

    chunker: str
    settings: Mapping[str, object]
    chunks: int
    characters: float
    cut: int
    values: Mapping[str, Sequence[float]]
    estimates: Mapping[str, Estimate]

    def deviation(self, measure: str) -> float:
        """Return the standard deviation over questions, their number the divisor."""
        return float(np.std(self.values[measure]))

    def as_json(self) -> dict[str, object]:
        """Return `{"chunker", "chunks", "measures": {name: {"mean", "interval", "deviation"}}}`."""
        measures = {
            name: {**each.as_json(), "deviation": self.deviation(name)}
            for name, each in self.estimates.items()
        }
        return {
            "chunker": self.chunker,
            "chunks": self.chunks,
            "mean_characters": self.characters,
            "cut_at_window": self.cut,
            "measures": measures,
            "settings": dict(self.settings),
        }


@dataclass(frozen=True, slots=True)
class ChunkingReport:
    """The results of each chunker over the same questions, and what made them."""

    results: tuple[ChunkerResult, ...]
    questions: tuple[ChunkingQuestion, ...]
    settings: Mapping[str, object]
    data: Mapping[str, object]

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """The figures by name, such as `recursive-200 recall`."""
        return {
            f"{result.chunker} {name}": each
            for result in self.results
            for name, each in result.estimates.items()
        }

    def as_json(self) -> dict[str, object]:
        """Return `{"chunkers": […], "questions", "settings", "data"}`."""
        return {
            "chunkers": [result.as_json() for result in self.results],
            "questions": len(self.questions),
            "settings": dict(self.settings),
            "data": dict(self.data),
        }


def evaluate_chunking(
    benchmark: ChunkingBenchmark,
    chunkers: Sequence[Chunker],
    request: ChunkingRequest,
    models: Models,
    work: Path,
    on_step: OnStep = lambda *_: None,
) -> ChunkingReport:
    """Return how good the chunks of each chunker are for finding the answers.

    All texts are searched together; `work` keeps what was stored and embedded.

    Raises: InputError, StoreError, SnapshotError, ModelError.
    """
    questions = benchmark.questions[: request.limit]
    results: list[ChunkerResult] = []
    for chunker in chunkers:
        with chunked_corpus(
            benchmark.texts,
            chunker,
            models,
            work,
            on_step,
            lexical_only=request.mode == "lexical",
            retrieval=request.plain,
            snapshot=request.snapshot,
        ) as corpus:
            values = _values(benchmark, questions, corpus, request, chunker.name, on_step)
        results.append(_result(chunker, corpus, values, request.resampling))
    return ChunkingReport(
        tuple(results),
        questions,
        _settings(request, models),
        {"name": benchmark.name, "sha256": dict(benchmark.sha256)},
    )


def _values(
    benchmark: ChunkingBenchmark,
    questions: Sequence[ChunkingQuestion],
    corpus: ChunkedCorpus,
    request: ChunkingRequest,
    name: str,
    on_step: OnStep,
) -> dict[str, list[float]]:
    ranges = _standing(benchmark.texts, corpus, request.standing)
    by_text: dict[str, list[Range]] = {text: [] for text in benchmark.texts}
    for text, place in ranges.values():
        by_text[text].append(place)
    found: dict[str, list[float]] = {measure: [] for measure in MEASURES}
    for number, question in enumerate(questions, start=1):
        hits = corpus.retriever.retrieve(
            question.text, k=request.top_k, mode=request.mode, rerank=request.rerank
        ).hits
        placed = [ranges[hit.chunk_id] for hit in hits]
        here = [place for text, place in placed if text == question.corpus_id]
        elsewhere = sum(b - a for text, (a, b) in placed if text != question.corpus_id)
        scores = chunking_scores(question.references, here, elsewhere)
        scores["precision_omega"] = precision_omega(
            question.references, by_text[question.corpus_id]
        )
        for measure in MEASURES:
            found[measure].append(scores[measure])
        on_step(f"{name} questions", number, len(questions))
    return found


def _standing(
    texts: Mapping[str, str], corpus: ChunkedCorpus, standing: Standing
) -> dict[ChunkId, tuple[str, Range]]:
    """Return where each chunk is taken to stand."""
    own = {key: (each.corpus_id, (each.start, each.end)) for key, each in corpus.chunks.items()}
    if standing == "own":
        return own
    return {key: (text, first_place(texts[text], place)) for key, (text, place) in own.items()}


def first_place(text: str, place: Range) -> Range:
    """Return where the text at a place first occurs, less a full stop at its end."""
    sought = text[slice(*place)].removesuffix(".")
    start = text.find(sought)
    return start, start + len(sought)


def _result(
    chunker: Chunker,
    corpus: ChunkedCorpus,
    values: Mapping[str, Sequence[float]],
    resampling: Resampling,
) -> ChunkerResult:
    placed: Sequence[PlacedChunk] = list(corpus.chunks.values())
    return ChunkerResult(
        chunker=chunker.name,
        settings=chunker.settings,
        chunks=len(placed),
        characters=sum(each.end - each.start for each in placed) / len(placed),
        cut=sum(each.cut for each in placed),
        values=values,
        estimates={name: estimate_mean(values[name], resampling) for name in MEASURES},
    )


def _settings(request: ChunkingRequest, models: Models) -> dict[str, object]:
    """Return all that the figures depend on, beside the data and the chunkers."""
    dense = request.mode != "lexical"
    reranker = models.reranker if request.rerank else None
    return {
        "top_k": request.top_k,
        "mode": request.mode,
        "embedder": models.embedder.name if dense else None,
        "embedder_fingerprint": models.embedder.fingerprint if dense else None,
        "reranker": reranker.name if reranker else None,
        "reranker_fingerprint": reranker.fingerprint if reranker else None,
        "standing": request.standing,
        "retrieval": asdict(request.plain),
        "snapshot_settings": request.snapshot.to_json(),
        "limit": request.limit,
        "resampling": asdict(request.resampling),
    }
