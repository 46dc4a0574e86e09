"""The sentences that a document is summarised by: those that answer "What are its main points?"."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from corpus.chunk import Chunk
from corpus.ids import ChunkId
from index.retrieval.reranking import ReadPassage
from index.snapshots.snapshot import Snapshot
from index.values.ports import ChunkSource, Embedder, FoundSpan
from index.values.ranking import Hit, Scores

_READ = 40
_SENTENCES = 6
_FEWEST_WORDS = 8
_WORD = re.compile(r"\w+")
# "81. The mission documented …", "(b) …": the number of a paragraph is no part of its sentence.
_NUMBER = re.compile(r"^\(?\w{1,3}[.)]\s+")


def summarise(
    question: str,
    document: int,
    snapshot: Snapshot,
    chunks: ChunkSource,
    embedder: Embedder,
    read: Callable[[Sequence[Chunk]], Iterable[ReadPassage]],
) -> tuple[Hit, ...]:
    """Return at most six passages of a document, in its order, each with a sentence as its span.

    The forty passages nearest to the question and to the mean of the document's vectors are read
    as answers to the question; of each the sentence that holds the span is taken, and the six with
    the highest margins are kept. Passages that `read` leaves out, as all are without a reading
    model, come after those that it reads, each with its first whole sentence.

    *Source:* the mean of the vectors is that of Radev et al., Centroid-based summarization of
    multiple documents, 2004.
    """
    rows = np.flatnonzero(snapshot.document_rows == document)
    held = chunks.chunks([ChunkId(snapshot.chunk_id(int(row))) for row in rows])
    found = [
        (held[chunk_id], row)
        for row in rows.tolist()
        if (chunk_id := ChunkId(snapshot.chunk_id(row))) in held
    ]
    if not found:
        return ()
    vectors = snapshot.vectors.vectors(np.array([row for _, row in found], dtype=np.int64))
    asked = embedder.embed_queries([question])[0]
    nearness = vectors @ (asked + vectors.mean(axis=0))
    nearest = np.argsort(-nearness, kind="stable")[:_READ].tolist()
    passages = [found[at][0] for at in nearest]
    hits = [
        _hit(chunk, float(nearness[at]), passage)
        for chunk, at, passage in zip_longest(passages, nearest, read(passages))
    ]
    distinct: dict[str, Hit] = {}
    for hit in sorted((hit for hit in hits if hit is not None), key=_by_margin):
        distinct.setdefault(_sentence(hit), hit)
    kept = sorted([*distinct.values()][:_SENTENCES], key=lambda hit: hit.chunk.ordinal)
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1))


def _hit(chunk: Chunk, nearness: float, passage: ReadPassage | None) -> Hit | None:
    """Return the passage with the whole sentence that was found in it, or its first one."""
    span = passage.span if passage else None
    sentences = [
        (start, end)
        for start, end in chunk.sentences
        if is_whole(chunk.text[start:end])
        and (span is None or (start < span.end and span.start < end))
    ]
    if not sentences:
        return None
    start, end = sentences[0]
    score = nearness if passage is None else passage.score
    scores = Scores(dense=nearness, rerank=passage.score if passage else None)
    return Hit(
        chunk.chunk_id, score, 0, scores, chunk, FoundSpan(start, end, score, 0.0, relevance=score)
    )


def is_whole(sentence: str) -> bool:
    """Return whether a text is a sentence: no note, heading, row of a table or address."""
    sentence = _NUMBER.sub("", sentence)
    return (
        sentence[:1].isalpha()
        and len(_WORD.findall(sentence)) >= _FEWEST_WORDS
        and sentence.rstrip(" \n\"'”’»)").endswith(".")
        and "http" not in sentence
    )


def _by_margin(hit: Hit) -> tuple[bool, float, int]:
    return (hit.scores.rerank is None, -hit.score, hit.chunk.ordinal)


def _sentence(hit: Hit) -> str:
    assert hit.span is not None
    return " ".join(hit.chunk.text[hit.span.start : hit.span.end].split())
