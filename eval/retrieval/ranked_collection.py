"""A collection that is there, ranked for judged queries: by documents, pages or passages."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.document import Document
from corpus.errors import InputError, SnapshotError
from corpus.ids import DocId, fingerprint_of
from corpus.stores.sql_store import SqlStore
from eval.data_sets.runs import ScoredDocument
from index.documents.filters import Filters
from index.retrieval.retrieving import Retriever
from index.snapshots.manifest import Manifest
from index.snapshots.publishing import current_id, snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.values.mode import Mode
from index.values.ranking import Hit
from service.settings.models import Models
from service.settings.settings import Settings

Unit = Literal["document", "page", "passage"]
Ids = Literal["name", "source", "doc_id"]


@dataclass(frozen=True, slots=True)
class Naming:
    """How what is ranked is called in judgements and runs.

    A document by its file's name without the suffix, by its source (path or address), or by its
    id here. A page is `DOCUMENT/NUMBER`, numbers from 1. A passage has its id here, whatever
    `ids` says. Text without white space: a TREC run cannot carry any.
    """

    unit: Unit = "document"
    ids: Ids = "name"

    def names(self, documents: Sequence[Document]) -> dict[DocId, str]:
        """Return the name of each document. Raises: InputError where two share one."""
        names: dict[DocId, str] = {}
        taken: dict[str, Document] = {}
        for document in documents:
            name = self._name(document)
            if name in taken:
                raise InputError(
                    f"Found the name {name!r} of {taken[name].source} and of {document.source}; "
                    "expected one document a name. Take --ids source or --ids doc_id."
                )
            taken[name] = document
            names[document.doc_id] = name
        return names

    def _name(self, document: Document) -> str:
        if self.ids == "doc_id":
            return document.doc_id
        return document.source if self.ids == "source" else Path(document.source).stem

    def units(self, hit: Hit, names: Mapping[DocId, str]) -> tuple[str, ...]:
        """Return what a hit stands for: one document or passage, or each page it is on."""
        if self.unit == "passage":
            return (hit.chunk_id,)
        name = names[hit.chunk.doc_id]
        if self.unit == "document":
            return (name,)
        return tuple(dict.fromkeys(f"{name}/{span.page}" for span in hit.chunk.spans))


@dataclass(frozen=True, slots=True)
class RankedCollection:
    """The snapshot that answers, opened to be measured; `names` are those of its documents."""

    retriever: Retriever
    manifest: Manifest
    documents: tuple[Document, ...]
    names: Mapping[DocId, str]
    naming: Naming
    collection: str | None = None

    def ranking(
        self, query: str, *, depth: int, mode: Mode, rerank: bool
    ) -> tuple[ScoredDocument, ...]:
        """Return at most `depth` units, best first: each where its best passage stands."""
        filters = Filters.of({"collection": self.collection}) if self.collection else None
        hits = self.retriever.retrieve(
            query, k=depth * self._passages_a_unit, mode=mode, filters=filters, rerank=rerank
        ).hits
        found: dict[str, ScoredDocument] = {}
        for hit in hits:
            for name in self.naming.units(hit, self.names):
                found.setdefault(name, ScoredDocument(name, hit.score))
        return tuple(found.values())[:depth]

    @property
    def _passages_a_unit(self) -> int:
        units = {
            "document": len(self.documents),
            "page": sum(document.pages for document in self.documents),
            "passage": self.manifest.chunks,
        }[self.naming.unit]
        return max(1, -(-self.manifest.chunks // max(1, units)))

    def data(self) -> dict[str, object]:
        """Return which documents were searched, by their checksums."""
        return {
            "collection": self.collection,
            "documents": len(self.documents),
            "documents_fingerprint": fingerprint_of(
                {"sha256": sorted(document.sha256 for document in self.documents)}
            ),
        }


@contextmanager
def ranked_collection(
    settings: Settings, models: Models, naming: Naming, collection: str | None = None
) -> Iterator[RankedCollection]:
    """Yield the collection of the home that the settings name.

    Raises: InputError, SnapshotError where nothing is ingested, StoreError, ModelError.
    """
    snapshot_id = current_id(settings.layout)
    if snapshot_id is None:
        raise SnapshotError(
            f"Nothing is ingested in {settings.home} yet. Begin with: citewell ingest PATH"
        )
    with SqlStore.open(settings.store_url) as store:
        documents = tuple(store.documents(collection=collection))
        if not documents:
            raise InputError(f"Found no document in the collection {collection!r}.")
        snapshot = Snapshot.open(
            snapshot_folder(settings.layout, snapshot_id), embedder=models.embedder.fingerprint
        )
        retriever = Retriever(snapshot, store, models.embedder, models.reranker)
        names = naming.names(documents)
        yield RankedCollection(retriever, snapshot.manifest, documents, names, naming, collection)
