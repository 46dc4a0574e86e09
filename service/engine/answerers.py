"""Answerers of snapshots: of the one that answers now, of one at a moment, of a recipe's."""

from __future__ import annotations

from collections import Counter

from corpus.ids import SnapshotId
from corpus.stores.sql_store import SqlStore
from index.retrieval.retrieving import RetrievalSettings, Retriever
from index.snapshots.outline import outline_of
from index.snapshots.snapshot import Snapshot
from service.answering.answering import Answerer, AnsweringSettings
from service.citations.citing import Citer
from service.engine.answering_snapshot import AnsweringSnapshot
from service.engine.past_snapshots import PastSnapshots
from service.receipts.replaying import Recipe
from service.settings.models import Models
from service.settings.settings import Settings
from service.values.request import Request


class Answerers:
    """Puts store, models and a snapshot together; safe to call from several threads."""

    def __init__(
        self, settings: Settings, store: SqlStore, models: Models, answering: AnsweringSnapshot
    ) -> None:
        self._settings = settings
        self._store = store
        self._models = models
        self._answering = answering
        self._known: tuple[Snapshot, Answerer] | None = None
        self._past = PastSnapshots(settings.layout, store, models.embedder)

    def current(self) -> Answerer:
        """Return the answerer of the snapshot that answers now. Raises: SnapshotError."""
        snapshot = self._answering.current()
        known = self._known
        if known is None or known[0] is not snapshot:
            known = self._known = (snapshot, self._of(snapshot))
        return known[1]

    def at(self, request: Request) -> Answerer:
        """Return the answerer of the moment that the request is about. Raises: SnapshotError."""
        if request.as_of is None:
            return self.current()
        wanted = self._past.as_of(request.as_of)
        if wanted == self._answering.snapshot_id:
            return self.current()
        return self._of(self._past.snapshot(wanted))

    def of_recipe(self, recipe: Recipe) -> Answerer:
        """Return the answerer of a recipe's snapshot and settings. Raises: NotFoundError."""
        snapshot = self._past.snapshot(SnapshotId(recipe.snapshot))
        return self._of(snapshot, recipe.retrieval, recipe.answering)

    def left_of(self, recipe: Recipe) -> list[str]:
        """Return what a recipe's snapshot held and the store has no more, a line a document."""
        outline = outline_of(self._settings.layout, SnapshotId(recipe.snapshot))
        seen, ids = recipe.request.collections, outline.ids()
        there = self._store.chunks(ids)
        missing: Counter[str] = Counter()
        for chunk_id, row in zip(ids, outline.document_rows.tolist(), strict=True):
            document = outline.documents[row]
            if chunk_id not in there and (seen is None or document.collection in seen):
                missing[document.doc_id] += 1
        return [
            f"{count} passages of document {doc_id} are not in the store any more: it was deleted, "
            "or read anew."
            for doc_id, count in sorted(missing.items())
        ]

    def _of(
        self,
        snapshot: Snapshot,
        retrieval: RetrievalSettings | None = None,
        answering: AnsweringSettings | None = None,
    ) -> Answerer:
        models = self._models
        return Answerer(
            retriever=Retriever(
                snapshot,
                self._store,
                models.embedder,
                models.reranker,
                retrieval,
                multilingual=models.multilingual,
            ),
            store=self._store,
            citer=Citer(self._store, self._settings.base_url, snapshot.names.shown_titles),
            snapshot=snapshot.snapshot_id,
            embedder=models.embedder.name,
            reranker=models.reranker,
            settings=answering or AnsweringSettings(max_wrong=self._settings.max_wrong),
            confidence=models.fitting_confidence,
        )
