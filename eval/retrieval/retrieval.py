"""How good retrieval is, on a judged collection. The main path of the room:

corpus → store → vectors → snapshot → the product's own retriever → run → measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from corpus.errors import InputError
from eval.data_sets.data_sets import BeirDataset
from eval.data_sets.entering import EnteringSettings
from eval.data_sets.runs import Run, ScoredDocument
from eval.retrieval.measures import checked_measures, measure
from eval.retrieval.retrieval_report import RetrievalReport, RetrievalRequest
from eval.retrieval.searched_corpus import SearchedCorpus, searched_corpus
from index.retrieval.retrieving import Retriever
from index.snapshots.manifest import Manifest
from index.values.mode import Mode
from index.values.ports import Reranker
from ingest.chunking.chunking import ChunkingSettings
from service.cli.step_bar import OnStep
from service.settings.models import Models

_USED_IN: Mapping[str, tuple[Mode, ...]] = {
    "fusion": ("hybrid",),
    "dense_weight": ("hybrid",),
    "leaders": ("hybrid",),
    "vectors": ("hybrid", "dense"),
    "lexical": ("hybrid", "lexical"),
}


def evaluate_retrieval(
    dataset: BeirDataset,
    request: RetrievalRequest,
    models: Models,
    work: Path,
    on_step: OnStep = lambda *_: None,
) -> RetrievalReport:
    """Return how well the product finds the data set's documents.

    `work` is the folder where the homes of evaluations are kept: a corpus is stored and embedded
    once for each configuration.

    Raises: InputError, StoreError, SnapshotError, ModelError.
    """
    measures = checked_measures(request.measures)
    entering = _entering(request, models)
    with searched_corpus(dataset, entering, models, work, on_step) as corpus:
        rankings = dict(_rankings(dataset, request, corpus, on_step))
        settings = _settings(request, entering, models, corpus)
    run = Run(rankings)
    qrels = [qrel for qrel in dataset.qrels if qrel.query_id in rankings]
    measured = measure(run, qrels, measures)
    estimates = measured.estimates(request.resampling)
    return RetrievalReport(measured, run, estimates, settings, _data(dataset))


def _rankings(
    dataset: BeirDataset, request: RetrievalRequest, corpus: SearchedCorpus, on_step: OnStep
) -> Iterator[tuple[str, tuple[ScoredDocument, ...]]]:
    queries = dataset.queries[: request.limit]
    for number, query in enumerate(queries, start=1):
        yield (
            query.query_id,
            corpus.documents(
                query.text, depth=request.depth, mode=request.mode, rerank=request.rerank
            ),
        )
        on_step("queries", number, len(queries))


def _entering(request: RetrievalRequest, models: Models) -> EnteringSettings:
    window = models.embedder.tokenizer.window_tokens
    if not 1 <= request.depth <= 1000:
        raise InputError(f"Found a depth of {request.depth} documents; expected 1 to 1000.")
    if not 1 <= request.chunk_tokens <= window:
        raise InputError(
            f"Found chunks of {request.chunk_tokens} tokens; expected 1 to {window}, which is the "
            f"window of {models.embedder.name}."
        )
    chunking = ChunkingSettings(chunk_tokens=request.chunk_tokens, window_tokens=window)
    return EnteringSettings(chunking, request.cutting)


def _settings(
    request: RetrievalRequest, entering: EnteringSettings, models: Models, corpus: SearchedCorpus
) -> dict[str, object]:
    """Return all that the figures depend on, beside the data."""
    searching = searching_settings(request, models, corpus.manifest, corpus.retriever)
    return {
        **searching,
        "cutting": entering.cutting,
        "chunking": asdict(entering.chunking),
        "documents_cut": corpus.cut,
    }


def searching_settings(
    request: RetrievalRequest, models: Models, manifest: Manifest, retriever: Retriever
) -> dict[str, object]:
    """Return how a snapshot was searched: models, settings that applied, depth."""
    used = request.rerank and models.reranker is not None
    reranker = models.reranker if used else None
    return {
        "mode": request.mode,
        "embedder": models.embedder.name,
        "embedder_fingerprint": models.embedder.fingerprint,
        "reranker": reranker.name if reranker else None,
        "reranker_fingerprint": reranker.fingerprint if reranker else None,
        "chunks": manifest.chunks,
        "snapshot": manifest.snapshot_id,
        "snapshot_settings": _applying(manifest.settings, request.mode, reranker),
        "retrieval": _applying(asdict(retriever.settings), request.mode, reranker),
        "depth": request.depth,
        "limit": request.limit,
        "resampling": asdict(request.resampling),
    }


def _applying(
    settings: Mapping[str, object], mode: Mode, reranker: Reranker | None
) -> dict[str, object]:
    """Return the settings without those that this run made no use of."""
    unused = {name for name, modes in _USED_IN.items() if mode not in modes}
    if reranker is None:
        unused |= {name for name in settings if name.startswith("rerank_")}
    return {name: value for name, value in settings.items() if name not in unused}


def _data(dataset: BeirDataset) -> dict[str, object]:
    return {"name": dataset.name, "split": dataset.split, "sha256": dict(dataset.sha256)}
