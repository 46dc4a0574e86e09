"""Hits joined with their documents and page labels, as an answer shows them."""

from collections.abc import Sequence

from index.values.ranking import Hit
from service.citations.citing import Citer, documents_of, labels_of
from service.values.answer import Passage, Span
from service.values.instruction_like import flags_of


def passages_of(hits: Sequence[Hit], citer: Citer) -> tuple[Passage, ...]:
    """Return a passage a hit, in order. Raises: NotFoundError for a deleted document."""
    store = citer.store
    documents = documents_of(store, [hit.chunk.doc_id for hit in hits])
    labels = labels_of(store, [hit.chunk for hit in hits])
    return tuple(
        Passage(
            passage_id=hit.chunk_id,
            doc_id=hit.chunk.doc_id,
            title=citer.title_of(documents[hit.chunk.doc_id]),
            section=hit.chunk.section,
            spans=tuple(
                Span(s.page, labels[hit.chunk.doc_id][s.page], s.start, s.end)
                for s in hit.chunk.spans
            ),
            text=hit.chunk.text,
            rank=hit.rank,
            scores=hit.scores,
            flags=flags_of(hit.chunk.text),
        )
        for hit in hits
    )
