"""Passages that speak of a term's subject without naming it, for `find`."""

from dataclasses import replace

from service.answering.answering import Answerer
from service.finding.finding import FindRequest
from service.values.find import Find
from service.values.request import Request

PASSAGES = 10
_LOOKED_AT = 100
# Below this cosine a passage of the default embedder is about something else: the same bound as
# in `service.abstaining`.
_LEAST_COSINE = 0.62


def further_passages(found: Find, request: FindRequest, answerer: Answerer) -> Find:
    """Return the same with the nearest passages by meaning that hold no mention of each term.

    They are ranked by meaning alone, at most ten a term, and are no mentions: nothing says that
    they are all there are.
    """
    naming: dict[str, set[str]] = {term: set() for term in found.terms}
    for mention in found.mentions:
        naming[mention.term].add(mention.citation.passage_id)
    asked = Request(
        _LOOKED_AT,
        request.all_filters,
        "dense",
        rerank=False,
        collections=request.collections,
    )
    related = {
        term: tuple(
            replace(passage, rank=rank)
            for rank, passage in enumerate(
                (
                    passage
                    for passage in answerer.search(term, asked).passages
                    if passage.passage_id not in naming[term]
                    and (passage.scores.dense or 0.0) >= _LEAST_COSINE
                ),
                start=1,
            )
            if rank <= PASSAGES
        )
        for term in found.terms
    }
    return replace(found, related=related)
