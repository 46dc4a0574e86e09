"""Where documents answer differently: a count, a founding year or a list of members, said twice.

Values of the same body's same thing are compared (`service.answering.conflicts.reading_facts`).
That two differ does not say which one is right: documents are of different ages.
"""

from collections.abc import Iterable, Sequence

from corpus.ids import ChunkId
from corpus.store import Store
from service.answering.conflicts.reading_facts import facts_of
from service.citations.citing import Citer
from service.citations.quote import Quote
from service.citations.quote_text import as_one_line
from service.values.answer import Citation, Conflict, ConflictSide, Passage


def conflicts_among(stated: Sequence[Citation], others: Iterable[Citation]) -> tuple[Conflict, ...]:
    """Return where citations differ from what is stated, each with all its sides, newest first.

    Sides of one value in one document are one.
    """
    facts = [(fact, citation) for citation in stated for fact in facts_of(citation.quote)]
    further = [(fact, citation) for citation in others for fact in facts_of(citation.quote)]
    found: list[Conflict] = []
    for fact, citation in facts:
        if any(
            (c.kind, c.subject, c.attribute) == (fact.kind, fact.subject, fact.attribute)
            for c in found
        ):
            continue
        sides = [(fact, citation)]
        for other, place in [*facts, *further]:
            known = any(other.shown == f.shown and place.doc_id == c.doc_id for f, c in sides)
            if not known and any(other.differs(f) for f, _ in sides):
                sides.append((other, place))
        if len(sides) > 1:
            sides.sort(key=lambda side: side[1].metadata.get("date") or "", reverse=True)
            found.append(
                Conflict(
                    fact.kind,
                    fact.subject,
                    fact.attribute,
                    tuple(ConflictSide(f.shown, c.metadata.get("date"), c) for f, c in sides),
                )
            )
    return tuple(found)


def agreeing(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the quotes that give no other value of a thing than one before them.

    What differs is shown beside the answer as a conflict, not stated in it.
    """
    kept: list[Quote] = []
    for quote in quotes:
        facts = facts_of(as_one_line(quote.text))
        held = [fact for each in kept for fact in facts_of(as_one_line(each.text))]
        if not any(fact.differs(other) for fact in facts for other in held):
            kept.append(quote)
    return tuple(kept)


def conflicts_of(
    citations: Sequence[Citation], passages: Sequence[Passage], store: Store, citer: Citer
) -> tuple[Conflict, ...]:
    """Return the conflicts between quotes and the sentences of the passages that were found."""
    wanted = [fact for citation in citations for fact in facts_of(citation.quote)]
    if not wanted:
        return ()
    bodies = {name.casefold() for fact in wanted for name in (fact.subject, fact.also) if name}
    chunks = store.chunks([ChunkId(passage.passage_id) for passage in passages])
    others: list[Citation] = []
    for passage in passages:
        chunk = chunks.get(ChunkId(passage.passage_id))
        if chunk is None:
            continue
        for start, end in chunk.sentences:
            said = " ".join(chunk.text[start:end].split())
            facts = facts_of(said) if any(each in said.casefold() for each in bodies) else []
            if any(fact.differs(each) for fact in facts for each in wanted):
                document = store.document(chunk.doc_id)
                number = len(citations) + len(others) + 1
                others.append(citer.cite(number, chunk, document, start, end))
    return conflicts_among(citations, others)
