"""What has left its source: found by what was ingested from the same place before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.document import Document
from corpus.ids import DocId
from corpus.store import Store
from ingest.sources.source import MEMBER, Outcome


@dataclass(frozen=True, slots=True)
class RemovedSource:
    """A document whose source is gone; `twin` is another source of the same bytes, if one is."""

    document: Document
    twin: str | None


def removed_sources(
    store: Store, roots: Iterable[str], outcomes: Sequence[Outcome]
) -> list[RemovedSource]:
    """Return the current documents that the roots led to before and do not lead to any more.

    A root that could not be read has lost nothing, nor has a folder or an archive in it that could
    not be read. A rejected file is still there: its document stays.
    """
    seen = {outcome.source for outcome in outcomes}
    rejected = {outcome.source for outcome in outcomes if outcome.status == "rejected"}
    places: dict[DocId, str] = {o.doc_id: o.source for o in outcomes if o.doc_id is not None}
    readable = tuple(root for root in roots if root not in rejected)
    closed = tuple(f"{source}{end}" for source in rejected for end in ("/", MEMBER))
    inside = tuple(f"{root}{end}" for root in readable for end in ("/", MEMBER))
    origins = store.origins()

    def is_of_roots(source: str) -> bool:
        origin = origins.get(source)
        return source.startswith(inside) or (origin is not None and origin.root in readable)

    return [
        RemovedSource(document, places.get(document.doc_id))
        for document in store.documents()
        if document.source not in seen
        and is_of_roots(document.source)
        and not document.source.startswith(closed)
    ]
