"""Sources that are addresses are fetched when their turn comes; all others pass."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.document import Document
from corpus.errors import ReadError
from corpus.origin import Origin
from corpus.store import Store
from ingest.sources.fetching import Fetcher
from ingest.sources.source import Outcome, Source, is_address


class FetchedSources:
    """Fetches what is an address, and remembers what servers said of each version."""

    def __init__(self, store: Store, fetcher: Fetcher) -> None:
        self._store = store
        self.fetcher = fetcher
        self._known = store.origins()
        self.said: dict[str, Origin] = {}

    def arrived(self, sources: Iterable[Source | Outcome]) -> Iterator[Source | Outcome]:
        """Yield each source with its bytes at hand; an address that gives none is rejected.

        One that has not changed since it was read comes with the bytes that are stored.
        """
        current: dict[str, Document] | None = None
        for source in sources:
            if isinstance(source, Outcome) or not _is_to_fetch(source):
                yield source
                continue
            if current is None:
                current = {document.source: document for document in self._store.documents()}
            document = current.get(source.source)
            known = self._known.get(source.source) if document else None
            try:
                found = self.fetcher.fetch(source.source, known)
            except ReadError as error:
                yield Outcome(source.source, "rejected", reason=str(error), root=source.root)
                continue
            content = found.content
            if content is None and document is not None:
                content = self._store.content(document.doc_id)
            else:
                self.said[source.source] = Origin(
                    source.source, source.root, found.etag, found.last_modified
                )
            yield replace(source, name=found.name, content=content or b"")


def _is_to_fetch(source: Source) -> bool:
    return source.path is None and source.content is None and is_address(source.source)
