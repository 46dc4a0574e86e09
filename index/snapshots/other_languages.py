"""The chunks of a collection in other languages than English, and their vectors."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.chunk import Chunk
from corpus.document import Document
from corpus.ids import DocId, Sha256
from index.embedders.language_space import shipped_space
from index.models.model_files import NO_MULTILINGUAL_MODEL, has_multilingual_model
from index.values.ports import Embedder
from index.values.snapshot_settings import VectorSettings

if TYPE_CHECKING:
    from index.embedding.vector_cache import VectorCache
    from index.indexes.vector_index import FaissVectorIndex

_ENGLISH = "en"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OtherLanguages:
    """Which chunks are in another language than English, and the model that embeds them.

    `documents` are the languages of documents, `pages` those of their pages, where known.
    """

    embedder: Embedder
    documents: Mapping[DocId, str | None]
    pages: Mapping[DocId, Mapping[int, str]]

    def speaks(self, chunk: Chunk) -> bool:
        """Return whether a chunk's first page is in another language, or else its document."""
        page = self.pages.get(chunk.doc_id, {}).get(chunk.spans[0].page)
        return _is_other(page or self.documents.get(chunk.doc_id))

    def among(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks in other languages."""
        return (chunk for chunk in chunks if self.speaks(chunk))

    def index(
        self,
        keys: Sequence[Sha256],
        languages: Sequence[str],
        cache: "VectorCache",
        settings: VectorSettings,
    ) -> "FaissVectorIndex":
        """Return the index of the centred vectors of texts that the cache has, in `languages`."""
        from index.indexes.vector_index import FaissVectorIndex

        vectors = cache.matrix(self.embedder.fingerprint, keys, self.embedder.dimensions)
        return FaissVectorIndex.build(shipped_space().said(vectors, languages), settings)


def other_languages(
    documents: Sequence[Document],
    pages: Mapping[DocId, Mapping[int, str]],
    embedder: Embedder | None,
) -> OtherLanguages | None:
    """Return what is in other languages, and None where nothing is or nothing can embed it.

    The log says what to install where there is something and no model for it.
    """
    languages = {document.doc_id: document.language for document in documents}
    spoken = {*languages.values(), *(each for told in pages.values() for each in told.values())}
    others = sorted(each for each in spoken if each is not None and _is_other(each))
    if not others:
        return None
    if embedder is None:
        if not has_multilingual_model():
            _logger.warning("passages in %s: %s", ", ".join(others), NO_MULTILINGUAL_MODEL)
        return None
    return OtherLanguages(embedder, languages, pages)


def _is_other(language: str | None) -> bool:
    return language is not None and language.partition("-")[0].lower() != _ENGLISH
