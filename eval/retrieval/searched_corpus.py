"""A data set's corpus in a home of its own, built once and searched by the product's retriever."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.home import Home
from corpus.ids import DocId, fingerprint_of
from corpus.stores.sql_store import SqlStore
from eval.data_sets.data_sets import CORPUS, BeirDataset
from eval.data_sets.entering import EnteringSettings, Entrance, cut_documents
from eval.data_sets.runs import ScoredDocument
from index.embedding.vector_cache import VectorCache
from index.retrieval.retrieving import RetrievalSettings, Retriever
from index.snapshots.building import build
from index.snapshots.manifest import Manifest
from index.snapshots.publishing import snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.values.mode import Mode
from index.values.ranking import Hit
from index.values.snapshot_settings import SnapshotSettings
from service.access.writing import sole_writer
from service.cli.step_bar import OnStep
from service.settings.models import Models


@dataclass(frozen=True, slots=True)
class SearchedCorpus:
    """An open snapshot of a corpus; `ids` are the data set's ids of its documents.

    `cut` is how many documents are longer than the window that they were read up to.
    """

    retriever: Retriever
    manifest: Manifest
    ids: dict[DocId, str]
    cut: int

    @property
    def chunks_a_document(self) -> int:
        """Chunks for each document, rounded up; at least 1."""
        return max(1, -(-self.manifest.chunks // max(1, self.manifest.documents)))

    def documents(
        self, query: str, *, depth: int, mode: Mode, rerank: bool
    ) -> tuple[ScoredDocument, ...]:
        """Return at most `depth` documents, best first: each where its best chunk stands."""
        chunks = depth * self.chunks_a_document
        ranking = self.retriever.retrieve(query, k=chunks, mode=mode, rerank=rerank)
        return tuple(best_chunks(ranking.hits, self.ids))[:depth]


def best_chunks(hits: Sequence[Hit], ids: dict[DocId, str]) -> Iterator[ScoredDocument]:
    """Yield each document once, with the score of its first hit, in the order of the hits.

    *Source:* MaxP in Dai and Callan 2019, Deeper text understanding for IR with contextual
    neural language modeling.
    """
    seen: set[DocId] = set()
    for hit in hits:
        doc_id = hit.chunk.doc_id
        if doc_id not in seen:
            seen.add(doc_id)
            yield ScoredDocument(ids[doc_id], hit.score)


def home_of(work: Path, dataset: BeirDataset, settings: EnteringSettings, models: Models) -> Home:
    """Return where a corpus is kept: a folder for each corpus, entering and embedder."""
    configuration = fingerprint_of(
        {"entering": settings.fingerprint, "embedder": models.embedder.fingerprint}
    )
    return Home(work / f"{dataset.sha256[CORPUS][:16]}-{configuration}")


@contextmanager
def searched_corpus(
    dataset: BeirDataset,
    settings: EnteringSettings,
    models: Models,
    work: Path,
    on_step: OnStep,
    *,
    retrieval: RetrievalSettings | None = None,
    snapshot_settings: SnapshotSettings | None = None,
) -> Iterator[SearchedCorpus]:
    """Yield the corpus, stored, embedded and indexed where that was not done before.

    All homes in `work` share one vector cache: no text is embedded twice by one embedder.

    Raises: InputError, StoreError, SnapshotError, ModelError.
    """
    home = home_of(work, dataset, settings, models)
    with (
        sole_writer(home),
        SqlStore.open(home.store_url) as store,
        VectorCache.open(Home(work).vectors) as cache,
    ):
        entrance = Entrance.of(store, settings, models.embedder.tokenizer)
        ids = entrance.enter(dataset, on_step)
        total = len(store.current_chunk_ids())
        snapshot_id = build(
            store,
            cache,
            models.embedder,
            home,
            settings=snapshot_settings,
            on_progress=lambda done: on_step("vectors", done, total),
        )
        snapshot = Snapshot.open(
            snapshot_folder(home, snapshot_id), embedder=models.embedder.fingerprint
        )
        retriever = Retriever(snapshot, store, models.embedder, models.reranker, retrieval)
        yield SearchedCorpus(retriever, snapshot.manifest, ids, cut_documents(store))
