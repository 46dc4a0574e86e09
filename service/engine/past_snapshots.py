"""The collection at other moments than now: a snapshot by its id, or as of a date."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from corpus.document import Document
from corpus.errors import SnapshotError
from corpus.home import Home
from corpus.ids import ChunkId, SnapshotId
from corpus.stores.sql_store import SqlStore
from index.aliases.alias_edits import AliasEdits
from index.embedding.opening import open_vectors
from index.snapshots.editions import editions_as_of, end_of, outline_of_editions
from index.snapshots.history import answering_times
from index.snapshots.outline import Outline, keep_outline, outline_of
from index.snapshots.publishing import current_id, list_snapshots
from index.snapshots.rebuilding import rebuild
from index.snapshots.snapshot import Snapshot
from index.values.ports import Embedder

_OPEN = 4


class PastSnapshots:
    """Opens snapshots of other moments, and keeps the last few open. For several threads."""

    def __init__(self, home: Home, store: SqlStore, embedder: Embedder) -> None:
        self._home = home
        self._store = store
        self._embedder = embedder
        self._opened: OrderedDict[SnapshotId, Snapshot] = OrderedDict()
        self._as_of: dict[tuple[str, SnapshotId], SnapshotId] = {}
        self._opening = threading.Lock()

    def snapshot(self, snapshot_id: SnapshotId) -> Snapshot:
        """Return a snapshot, on disk or built again from what it held.

        Raises: NotFoundError, MismatchError, SnapshotError.
        """
        with self._opening:
            held = self._opened.get(snapshot_id)
            if held is None or held.files.shrunk() is not None:
                self._opened[snapshot_id] = self._open(snapshot_id)
            self._opened.move_to_end(snapshot_id)
            while len(self._opened) > _OPEN:
                self._opened.popitem(last=False)
            return self._opened[snapshot_id]

    def as_of(self, when: str) -> SnapshotId:
        """Return the snapshot that answers as of a date or time.

        From the day on which the collection first answered, it is the one that answered at the end
        of that day (or at that time). For an earlier date it is made of the editions of that date.

        Raises: InputError, SnapshotError.
        """
        end, current = end_of(when), current_id(self._home)
        if current is None:
            raise SnapshotError(f"Nothing is ingested in {self._home.root} yet.")
        answered = [each for moment, each in self._times() if moment <= end]
        if answered:
            return answered[-1]
        known = self._as_of.get((when, current))
        if known is None:
            outline = self._outline_of(editions_as_of(self._editions(), end), current)
            known = self._as_of[(when, current)] = outline.manifest.snapshot_id
            with self._opening:
                if known != current and known not in self._opened:
                    self._opened[known] = self._revived(outline)
        return known

    def _times(self) -> list[tuple[datetime, SnapshotId]]:
        """Return since when which snapshot answered, those made before times were noted too."""
        noted = answering_times(self._home)
        names = {each for _, each in noted}
        before = [
            (end_of(each.created_at), each.snapshot_id)
            for each in list_snapshots(self._home)
            if each.problem is None and each.snapshot_id not in names
        ]
        return sorted([*noted, *before])

    def _editions(self) -> list[Document]:
        """Return every document, the older ones of a source before the newer."""
        by_source: dict[str, list[Document]] = {}
        for document in self._store.documents(current_only=False):
            by_source.setdefault(document.source, []).append(document)
        found: list[Document] = []
        for source, editions in by_source.items():
            several = len(editions) > 1
            found += self._store.documents_by_source(source) if several else editions
        return found

    def _outline_of(self, documents: Sequence[Document], current: SnapshotId) -> Outline:
        """Return the outline of these documents, kept where the home can be written."""
        now = outline_of(self._home, current)
        names = [document.doc_id for document in now.documents]
        wanted = {document.doc_id: document for document in documents}
        chunk_ids: dict[ChunkId, Document] = {
            chunk_id: wanted[names[row]]
            for chunk_id, row in zip(now.ids(), now.document_rows.tolist(), strict=True)
            if names[row] in wanted
        }
        for doc_id in wanted.keys() - set(names):
            places = self._store.chunk_places(doc_id)
            chunk_ids |= {place.chunk_id: wanted[doc_id] for place in places}
        edits = AliasEdits.read(self._home.aliases)
        outline = outline_of_editions(documents, chunk_ids, self._store, self._embedder, edits)
        if outline.manifest.snapshot_id != current:
            with suppress(SnapshotError):  # it answers all the same
                keep_outline(self._home, outline)
        return outline

    def _open(self, snapshot_id: SnapshotId) -> Snapshot:
        folder = self._home.snapshots / snapshot_id
        if snapshot_id.isalnum() and folder.is_dir():
            return Snapshot.open(folder, embedder=self._embedder.fingerprint)
        return self._revived(outline_of(self._home, snapshot_id))

    def _revived(self, outline: Outline) -> Snapshot:
        with open_vectors(self._home) as cache:
            return rebuild(outline, self._store, cache, self._embedder)
