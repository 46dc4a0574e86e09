"""What a collection holds twice, or nearly."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.ids import DocId
from ingest.pipeline.deduplicating import (
    Group,
    PassageGroup,
    document_groups,
    passage_groups,
    shingles_of,
)
from service.access.opening import open_store
from service.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Groups of documents and, if they were asked for, of passages."""

    documents: tuple[Group, ...]
    passages: tuple[PassageGroup, ...]


def find_duplicates(
    settings: Settings, *, threshold: float, passages: bool, collection: str | None = None
) -> Duplicates:
    """Return groups of near-duplicates among the current documents, and editions among all.

    Raises: StoreError.
    """
    with open_store(settings, read_only=True) as store:
        every = store.documents(current_only=False, collection=collection)
        current = {document.doc_id for document in store.documents(collection=collection)}
        shingles = {
            doc_id: shingles_of(page.text for page in store.pages(doc_id).values())
            for doc_id in sorted(current)
        }
        groups = document_groups(every, shingles, threshold)
        chunks = (chunk for chunk in store.current_chunks() if chunk.doc_id in current)
        found = passage_groups(chunks, threshold) if passages else []
    return Duplicates(tuple(groups), tuple(found))


def lines_of(found: Duplicates, titles: dict[DocId, str]) -> Iterator[str]:
    """Yield the groups as lines to print."""
    for group in found.documents:
        share = "" if group.similarity is None else f" ({group.similarity:.0%} or more alike)"
        yield f"{group.kind}{f' {group.key}' if group.key else ''}{share}"
        yield from (f"  {doc_id}  {titles.get(doc_id, '')}" for doc_id in group.doc_ids)
    for passage in found.passages:
        yield f"near-duplicate passages ({passage.similarity:.0%} or more alike)"
        yield f"  {', '.join(passage.passage_ids)} of {', '.join(passage.doc_ids)}"
    if not found.documents and not found.passages:
        yield "nothing twice"
