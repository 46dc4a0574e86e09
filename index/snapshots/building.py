"""From the store's chunks to a published snapshot."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from corpus.chunk import Chunk
from corpus.document import Document
from corpus.errors import MismatchError, SnapshotError
from corpus.home import Home
from corpus.ids import ChunkId, DocId, Fingerprint, Sha256, SnapshotId, fingerprint_of
from index.aliases.alias_edits import AliasEdits
from index.aliases.alias_learning import VERSION as ALIAS_LEARNING
from index.aliases.alias_learning import learn_aliases
from index.documents.indexed_document import IndexedDocument
from index.embedders.language_space import language_said
from index.embedding.embedding import embed_missing
from index.models.model_files import LANGUAGE_SPACE
from index.snapshots.checking import sha256_of_file, verify_snapshot
from index.snapshots.manifest import FORMAT, FileEntry, Layout, Manifest, ShardEntry
from index.snapshots.other_languages import OtherLanguages, other_languages
from index.snapshots.publishing import BUILDING_PREFIX, move_into_place, publish, remove_leftovers
from index.values.ports import Embedder
from index.values.snapshot_settings import ANALYSIS, SnapshotSettings

if TYPE_CHECKING:
    from index.embedding.vector_cache import VectorCache
    from index.indexes.lexical_index import LexicalRow


class ChunkStore(Protocol):
    """What a build reads of the store."""

    def documents(self) -> list[Document]:
        """Return the current documents ordered by doc_id."""
        ...

    def current_chunks(self) -> Iterator[Chunk]:
        """Yield the chunks of the current documents ordered by chunk_id."""
        ...

    def current_chunk_ids(self) -> list[ChunkId]:
        """Return their ids, in the same order."""
        ...

    def page_languages(self) -> dict[DocId, dict[int, str]]:
        """Return the language of each of their pages that has one."""
        ...


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be built: all that the fingerprint is made of."""

    documents: Sequence[Document]
    chunk_ids: Sequence[ChunkId]
    settings: SnapshotSettings
    fingerprint: Fingerprint
    edits: AliasEdits
    others: OtherLanguages | None = None

    @property
    def snapshot_id(self) -> SnapshotId:
        return snapshot_id_of(self.fingerprint)


def expected_fingerprint(
    chunk_ids: Sequence[ChunkId],
    documents: Sequence[Document],
    embedder: Fingerprint,
    settings: SnapshotSettings | None = None,
    edits: AliasEdits | None = None,
    multilingual: Fingerprint | None = None,
) -> Fingerprint:
    """Return the fingerprint that a build of these chunks has. Loads no model, reads no text.

    `edits` are the user's aliases; the learned ones follow from the chunks. `multilingual` is the
    fingerprint of the model that embeds chunks in other languages; None where there are none.
    """
    others = {}
    if multilingual is not None:
        others = {"multilingual": [multilingual, LANGUAGE_SPACE.sha256]}
    return fingerprint_of(
        {
            **others,
            "format": FORMAT,
            "chunks": list(chunk_ids),
            "documents": [
                [IndexedDocument.of(document).to_json(), document.reading] for document in documents
            ],
            "embedder": embedder,
            "settings": (settings or SnapshotSettings()).to_json(),
            "analysis": ANALYSIS,
            "aliases": [ALIAS_LEARNING, (edits or AliasEdits()).to_json()],
        }
    )


def snapshot_id_of(fingerprint: Fingerprint) -> SnapshotId:
    """Return the id of the snapshot with that fingerprint: equal content, equal id."""
    return SnapshotId(f"s{fingerprint}")


def build(
    store: ChunkStore,
    cache: "VectorCache",
    embedder: Embedder,
    home: Home,
    *,
    settings: SnapshotSettings | None = None,
    multilingual: Embedder | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> SnapshotId:
    """Build and publish the snapshot of the store's current chunks; return its id.

    A sound snapshot with the same fingerprint is used again. Only one process may build at a
    time (the ingest lock): what a crashed build left is removed first. Chunks in other languages
    than English are embedded by `multilingual` too. `on_progress` is told how many chunks have
    their vectors.

    Raises: SnapshotError if it cannot be written, ModelError if a chunk is longer than the
    embedder's window; the snapshot that answered before still does.
    """
    while True:
        plan = _plan(store, embedder, home, settings or SnapshotSettings(), multilingual)
        remove_leftovers(home)
        if verify_snapshot(home.snapshots / plan.snapshot_id):
            embed_missing(store.current_chunks(), embedder, cache, on_progress)
            if (others := plan.others) is not None:
                embed_missing(others.among(store.current_chunks()), others.embedder, cache)
            _build_folder(plan, store, cache, embedder, home)
        # A lock that a database holds is lost with the connection, and another may have written.
        if home.database is None or store.current_chunk_ids() == plan.chunk_ids:
            break
    publish(home, plan.snapshot_id)
    return plan.snapshot_id


def _plan(
    store: ChunkStore,
    embedder: Embedder,
    home: Home,
    settings: SnapshotSettings,
    multilingual: Embedder | None,
) -> _Plan:
    documents, chunk_ids = store.documents(), store.current_chunk_ids()
    edits = AliasEdits.read(home.aliases)
    others = other_languages(documents, store.page_languages(), multilingual)
    fingerprint = expected_fingerprint(
        chunk_ids,
        documents,
        embedder.fingerprint,
        settings,
        edits,
        others.embedder.fingerprint if others else None,
    )
    return _Plan(documents, chunk_ids, settings, fingerprint, edits, others)


def _build_folder(
    plan: _Plan, store: ChunkStore, cache: "VectorCache", embedder: Embedder, home: Home
) -> None:
    folder: Path | None = None
    try:
        home.snapshots.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=BUILDING_PREFIX, dir=home.snapshots))
        # mkdtemp keeps others out; a snapshot may be served by another account.
        folder.chmod(0o755)
        _write(plan, store, cache, embedder, folder)
        move_into_place(home, folder, plan.snapshot_id)
    except OSError as error:
        raise SnapshotError(
            f"the snapshot cannot be written to {home.snapshots}: {error.strerror or error}; "
            f"the one before still answers"
        ) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _write(
    plan: _Plan, store: ChunkStore, cache: "VectorCache", embedder: Embedder, folder: Path
) -> None:
    from index.indexes.lexical_index import write_lexical_index
    from index.indexes.vector_index import FaissVectorIndex

    layout = Layout(folder)
    shard = layout.shard(0)
    shard.lexical.mkdir(parents=True)
    rows = _RowReader(plan, store.page_languages())
    write_lexical_index(shard.lexical, rows.read(store.current_chunks()))
    np.save(shard.chunk_ids, np.array([each.encode() for each in plan.chunk_ids], dtype=np.bytes_))
    np.save(shard.documents, np.array(rows.documents, dtype=np.int32))
    np.save(shard.languages, np.array([each.encode() for each in rows.languages], dtype=np.bytes_))
    vectors = cache.matrix(embedder.fingerprint, rows.keys, embedder.dimensions)
    index = FaissVectorIndex.build(vectors, plan.settings.vectors)
    index.write(shard.vectors)
    if plan.others is not None and rows.others:
        keys = [rows.keys[row] for row in rows.others]
        np.save(shard.other_rows, np.array(rows.others, dtype=np.int64))
        others = plan.others.index(keys, rows.said, cache, plan.settings.vectors)
        others.write(shard.other_vectors)
    documents = [IndexedDocument.of(document).to_json() for document in plan.documents]
    layout.documents.write_text(json.dumps(documents, ensure_ascii=False), "utf-8")
    aliases = plan.edits.applied(learn_aliases(plan.documents, store.current_chunks()))
    layout.aliases.write_text(json.dumps(aliases.to_json(), ensure_ascii=False), "utf-8")
    _manifest_of(plan, embedder, index.kind, folder).write(folder)


def _manifest_of(plan: _Plan, embedder: Embedder, kind: str, folder: Path) -> Manifest:
    return Manifest(
        snapshot_id=plan.snapshot_id,
        fingerprint=plan.fingerprint,
        created_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        embedder=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimensions=embedder.dimensions,
        readings=tuple(sorted({document.reading for document in plan.documents})),
        settings=plan.settings.to_json(),
        documents=len(plan.documents),
        chunks=len(plan.chunk_ids),
        shards=(ShardEntry(len(plan.chunk_ids), kind),),
        files={
            str(path.relative_to(folder)): FileEntry(
                path.stat().st_size, Sha256(sha256_of_file(path))
            )
            for path in Layout(folder).content_files()
        },
        multilingual_fingerprint=plan.others.embedder.fingerprint if plan.others else None,
    )


class _RowReader:
    """Turns chunks into lexical rows, noting what else is kept of each row on the way."""

    def __init__(self, plan: _Plan, languages: Mapping[DocId, Mapping[int, str]]) -> None:
        self._plan = plan
        self._languages_of = languages
        self._ordinals = {each.doc_id: number for number, each in enumerate(plan.documents)}
        self.documents: list[int] = []
        self.languages: list[str] = []
        self.others: list[int] = []
        self.said: list[str] = []
        self.keys: list[Sha256] = []

    def read(self, chunks: Iterator[Chunk]) -> "Iterator[LexicalRow]":
        from index.indexes.lexical_index import LexicalRow

        for expected, chunk in zip_longest(self._plan.chunk_ids, chunks):
            document = self._ordinals.get(chunk.doc_id) if chunk is not None else None
            if chunk is None or document is None or chunk.chunk_id != expected:
                raise MismatchError(
                    f"the store changed during the build: "
                    f"{chunk.chunk_id if chunk else 'nothing'} where chunk {expected} was "
                    f"expected; run citewell ingest again"
                )
            self.documents.append(document)
            self.keys.append(chunk.embedded_sha256)
            language = self._language(chunk, self._plan.documents[document])
            self.languages.append(language)
            if self._plan.others is not None and self._plan.others.speaks(chunk):
                self.others.append(len(self.keys) - 1)
                self.said.append(language_said(language, chunk.text))
            yield LexicalRow(chunk.context, chunk.search_text, document, language)

    def _language(self, chunk: Chunk, document: Document) -> str:
        """Return the language of the chunk's first page, else of its document, else English."""
        from index.indexes.analysing import supported

        pages = self._languages_of.get(chunk.doc_id, {})
        return supported(pages.get(chunk.spans[0].page) or document.language)
