"""Rankings made by hand: passages of given sentences, and where a model found the answer."""

from collections.abc import Sequence

from corpus.chunk import Chunk
from corpus.document import PageSpan
from corpus.ids import ChunkId, DocId
from index.values.ports import FoundSpan
from index.values.ranking import Hit, QueryInterpretation, Ranking, Reading, Scores


def passage(*sentences: str, number: int = 1) -> Chunk:
    """Return a passage of these sentences, a line each; a heading begins with `#`."""
    text, ranges = "", []
    for sentence in sentences:
        start = len(text)
        text += sentence.removeprefix("#") + "\n"
        if not sentence.startswith("#"):
            ranges.append((start, len(text) - 1))
    return Chunk(
        chunk_id=ChunkId(f"c{number}"),
        doc_id=DocId(f"d{number}"),
        ordinal=number,
        spans=(PageSpan(1, 0, len(text)),),
        text=text,
        sentences=tuple(ranges),
        search_text=text,
        context="",
    )


def span(chunk: Chunk, words: str, margin: float = 5.0) -> FoundSpan:
    """Return the span of these words in a passage, found with a margin."""
    start = chunk.text.index(words)
    return FoundSpan(start, start + len(words), margin, 0.0, relevance=0.0)


def read(*sentences: str, words: str, margin: float = 5.0, number: int = 1) -> Hit:
    """Return a passage in which a model found these words."""
    chunk = passage(*sentences, number=number)
    found = span(chunk, words, margin)
    return Hit(chunk.chunk_id, margin, number, Scores(rerank=margin), chunk, found)


def unread(*sentences: str, number: int = 1) -> Hit:
    """Return a passage that no model read."""
    chunk = passage(*sentences, number=number)
    return Hit(chunk.chunk_id, 0.0, number, Scores(), chunk)


def ranking(whole: Sequence[Hit], *parts: Sequence[Hit]) -> Ranking:
    """Return what was found for a question, and for each of its parts."""
    names = tuple(f"Part {number}?" for number, _ in enumerate(parts, start=1))
    of_parts = [Reading(name, tuple(hits)) for name, hits in zip(names, parts, strict=True)]
    readings = (Reading("Which?", tuple(whole)), *of_parts)
    understood = QueryInterpretation((), "Which?", parts=names)
    return Ranking("Which?", understood, tuple(whole), readings=readings)
