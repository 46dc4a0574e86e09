"""The passages that a document is summarised by: the most central one of each of its sections."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from corpus.chunk import Chunk
from corpus.ids import ChunkId
from index.ports import ChunkSource, Embedder, FloatMatrix, FloatVector, FoundSpan
from index.ranking import Hit, Scores
from index.snapshot import Snapshot

_ASKS = re.compile(
    r"(?:^|(?<=\ba )|(?<=\ban )|(?<=\bme ))(?:summary|overview)\s+(?=of\b|about\b|on\b)|"
    r"\b(?:summari[sz](?:e|ing)|sum(?:med)?\s+up|in\s+short\b|in\s+brief\b|"
    r"(?:key|main)\s+(?:points|takeaways|findings|messages)|short\s+version|in\s+a\s+nutshell|"
    r"puntos\s+(?:clave|principales)|points\s+(?:clés|forts))\b|"
    r"^\W*(?:resum(?:e|ir|en\s+de)|résum(?:e[rz]?|é\s+de))\b",
    re.IGNORECASE,
)
_SECTIONS = 5
_FEWEST_WORDS = 8
_WORD = re.compile(r"\w+")


def asked_of(text: str) -> str | None:
    """Return what a text asks a summary of; None where it asks for none.

    >>> asked_of("Summarise the brief on the Bali Process")
    'the brief on the Bali Process'
    """
    return _ASKS.sub(" ", text).strip() if _ASKS.search(text) else None


def summarise(
    document: int, snapshot: Snapshot, chunks: ChunkSource, embedder: Embedder
) -> tuple[Hit, ...]:
    """Return at most five passages of a document, in its order, each with its central sentence.

    Central is what is nearest to the mean of the document's vectors. Of each section, or of each
    fifth of a document without sections, the most central passage is taken, of more than five
    sections those with the most passages. The span of a hit is its most central whole sentence;
    one without such a sentence is left out.

    *Source:* Radev et al., Centroid-based summarization of multiple documents, 2004.
    """
    rows = np.flatnonzero(snapshot.document_rows == document)
    held = chunks.chunks([ChunkId(snapshot.chunk_id(int(row))) for row in rows])
    ordered = sorted(
        (
            (held[chunk_id], row)
            for row in rows.tolist()
            if (chunk_id := ChunkId(snapshot.chunk_id(row))) in held
        ),
        key=lambda each: each[0].ordinal,
    )
    if not ordered:
        return ()
    vectors = snapshot.vectors.vectors(np.array([row for _, row in ordered], dtype=np.int64))
    centre = _unit(vectors.mean(axis=0))
    found = [chunk for chunk, _ in ordered]
    hits = [_hit(found[at], centre, embedder) for at in _central(found, vectors, centre)]
    return tuple(
        replace(hit, rank=rank)
        for rank, hit in enumerate((hit for hit in hits if hit is not None), start=1)
    )


def _central(chunks: Sequence[Chunk], vectors: FloatMatrix, centre: FloatVector) -> list[int]:
    """Return the places of the most central chunk of each section, in order."""
    sections: dict[object, list[int]] = {}
    titled = any(chunk.section for chunk in chunks)
    for at, chunk in enumerate(chunks):
        key: object = chunk.section[:1] if titled else at * _SECTIONS // len(chunks)
        sections.setdefault(key, []).append(at)
    largest = sorted(sections.values(), key=lambda places: (-len(places), places[0]))[:_SECTIONS]
    nearness = vectors @ centre
    return sorted(max(places, key=lambda at: (nearness[at], -at)) for places in largest)


def _hit(chunk: Chunk, centre: FloatVector, embedder: Embedder) -> Hit | None:
    whole = [
        (start, end)
        for start, end in chunk.sentences
        if chunk.text[start].isalpha()  # no note, no row of a table
        and len(_WORD.findall(chunk.text[start:end])) >= _FEWEST_WORDS
        and chunk.text[start:end].rstrip(" \n\"'”’»)").endswith(".")
        and "http" not in chunk.text[start:end]
    ]
    if not whole:
        return None
    vectors = embedder.embed_documents([chunk.text[start:end] for start, end in whole])
    nearness = vectors @ centre
    best = int(np.argmax(nearness))
    start, end = whole[best]
    score = float(nearness[best])
    span = FoundSpan(start, end, score, 0.0, relevance=score)
    return Hit(chunk.chunk_id, score, 0, Scores(dense=score), chunk, span)


def _unit(vector: FloatVector) -> FloatVector:
    unit: FloatVector = (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
    return unit
