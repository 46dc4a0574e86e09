"""Texts in the chunks of one chunker, in a home of their own, searched by the product's retriever.

Chunks are embedded once for each embedder and text: all homes of a folder share a vector cache.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageSpan
from corpus.errors import InputError
from corpus.home import Home
from corpus.ids import (
    ChunkId,
    DocId,
    Fingerprint,
    chunk_id_of,
    doc_id_of,
    fingerprint_of,
    sha256_of,
)
from corpus.stores.sql_store import SqlStore
from eval.chunking.chunker import Chunker, CutChunk
from index.embedding.vector_cache import VectorCache
from index.retrieval.retrieving import RetrievalSettings, Retriever
from index.snapshots.building import build
from index.snapshots.publishing import snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.values.mode import Mode
from index.values.ports import Embedder, FloatMatrix, TokenizerSpec
from index.values.snapshot_settings import SnapshotSettings
from service.access.writing import sole_writer
from service.cli.step_bar import OnStep
from service.settings.models import Models

COLLECTION = "eval"
MEDIA_TYPE = "text/markdown"


@dataclass(frozen=True, slots=True)
class PlacedChunk:
    """A chunk of a text: where it stands, half-open, and whether it is longer than the window."""

    corpus_id: str
    start: int
    end: int
    cut: bool


@dataclass(frozen=True, slots=True)
class ChunkedCorpus:
    """The chunks by id, and the retriever over them."""

    chunks: Mapping[ChunkId, PlacedChunk]
    retriever: Retriever

    def retrieve(self, query: str, *, k: int, mode: Mode, rerank: bool) -> list[PlacedChunk]:
        """Return the best `k` chunks, best first."""
        ranking = self.retriever.retrieve(query, k=k, mode=mode, rerank=rerank)
        return [self.chunks[hit.chunk_id] for hit in ranking.hits]


@contextmanager
def chunked_corpus(
    texts: Mapping[str, str],
    chunker: Chunker,
    models: Models,
    work: Path,
    on_step: OnStep,
    *,
    lexical_only: bool = False,
    retrieval: RetrievalSettings | None = None,
    snapshot: SnapshotSettings | None = None,
) -> Iterator[ChunkedCorpus]:
    """Yield the texts in chunks, stored, embedded and indexed where that was not done before.

    A chunk that is longer than the embedder's window is embedded up to there, as published
    figures have it, and marked so. `lexical_only` embeds nothing, and cuts nothing.

    Raises: InputError, StoreError, SnapshotError, ModelError.
    """
    embedder: Embedder = WordsOnly(models.embedder) if lexical_only else models.embedder
    home = _home_of(texts, chunker, embedder, work)
    with (
        sole_writer(home),
        SqlStore.open(home.store_url) as store,
        VectorCache.open(Home(work).vectors) as cache,
    ):
        window = None if lexical_only else _Window(embedder.tokenizer)
        placed: dict[ChunkId, PlacedChunk] = {}
        known = {document.doc_id for document in store.documents(current_only=False)}
        for number, (corpus_id, text) in enumerate(texts.items(), start=1):
            document = _document(corpus_id, text, home)
            chunks = chunker.chunk(corpus_id, text)
            pairs = [
                _chunk(document.doc_id, i, text, each, window) for i, each in enumerate(chunks)
            ]
            if document.doc_id not in known:
                page = Page(1, "1", text)
                store.add(document, text.encode(), (page,), [chunk for chunk, _ in pairs])
            placed |= {
                chunk.chunk_id: PlacedChunk(corpus_id, each.start, each.end, cut)
                for (chunk, cut), each in zip(pairs, chunks, strict=True)
            }
            on_step(f"{chunker.name} texts", number, len(texts))
        built = build(
            store,
            cache,
            embedder,
            home,
            settings=snapshot,
            on_progress=lambda done: on_step(f"{chunker.name} vectors", done, len(placed)),
        )
        opened = Snapshot.open(snapshot_folder(home, built), embedder=embedder.fingerprint)
        retriever = Retriever(opened, store, embedder, models.reranker, retrieval)
        yield ChunkedCorpus(placed, retriever)


class WordsOnly:
    """Stands for an embedder where only words are searched: one vector for every text."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = "none"
        self.dimensions = 1
        self.fingerprint = Fingerprint("none")
        self.tokenizer = TokenizerSpec(embedder.tokenizer.tokenizer_json, 10**9)

    def warm(self) -> None:
        """Load nothing."""

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, 1) ones."""
        return np.ones((len(texts), 1), dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, 1) ones."""
        return np.ones((len(texts), 1), dtype=np.float32)


class _Window:
    """Tells how much of a text an embedder reads."""

    def __init__(self, tokenizer: TokenizerSpec) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_str(tokenizer.tokenizer_json)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(tokenizer.window_tokens)

    def read(self, context: str, text: str) -> str:
        """Return the start of the text that fits the window after its context."""
        before = f"{context}\n" if context else ""
        found = self._tokenizer.encode(before + text)
        if not found.overflowing:
            return text
        last = max(end for _, end in found.offsets) - len(before)
        return text[: max(last, 1)]


def _chunk(
    doc_id: DocId, ordinal: int, text: str, each: CutChunk, window: _Window | None
) -> tuple[Chunk, bool]:
    """Return the chunk as it is stored, and whether it is embedded only in part."""
    read = window.read(each.context, each.search_text) if window else each.search_text
    quoted = text[each.start : each.end]
    chunk = Chunk(
        chunk_id=chunk_id_of(doc_id, ((1, each.start, each.end),), quoted),
        doc_id=doc_id,
        ordinal=ordinal,
        spans=(PageSpan(1, each.start, each.end),),
        text=quoted,
        sentences=((0, len(quoted)),),
        search_text=read,
        context=each.context,
    )
    return chunk, len(read) < len(each.search_text)


def _document(corpus_id: str, text: str, home: Home) -> Document:
    checksum = sha256_of(text)
    return Document(
        doc_id=doc_id_of(checksum),
        sha256=checksum,
        source=f"chunking:{corpus_id}",
        # None: a question that names a text is no easier, as in the published figures.
        title="",
        collection=COLLECTION,
        media_type=MEDIA_TYPE,
        reading=Fingerprint(home.root.name),
        pages=1,
    )


def _home_of(texts: Mapping[str, str], chunker: Chunker, embedder: Embedder, work: Path) -> Home:
    """Return a folder for each set of texts, chunker and embedder."""
    if len({sha256_of(text) for text in texts.values()}) < len(texts):
        raise InputError("Found two equal texts in the benchmark; expected each once.")
    contents = fingerprint_of({name: sha256_of(text) for name, text in texts.items()})
    configuration = fingerprint_of(
        {
            "chunker": chunker.name,
            "settings": dict(chunker.settings),
            "embedder": embedder.fingerprint,
        }
    )
    return Home(work / f"chunking-{contents}-{configuration}")
