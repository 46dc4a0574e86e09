"""Stored documents as sources, to be read again from their bytes."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from corpus.document import Document
from corpus.errors import NotFoundError
from corpus.store import Store
from ingest.metadata.describing import given_of
from ingest.readers.document.formats import named
from ingest.sources.source import Source


def stored_sources(documents: Iterable[Document], store: Store) -> Iterator[Source]:
    """Yield documents as sources, but for those that were deleted meanwhile."""
    for document in documents:
        with suppress(NotFoundError):
            yield Source(
                source=document.source,
                name=named(document.source, document.media_type),
                content=store.content(document.doc_id),
                fields=given_of(document),
                doc_id=document.doc_id,
            )
