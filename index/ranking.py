"""What a search gives back: hits in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.chunk import Chunk
from corpus.ids import ChunkId, DocId

Mode = Literal["hybrid", "dense", "lexical"]


@dataclass(frozen=True, slots=True)
class Scores:
    """The parts of a hit's score; None where that part was not computed.

    `dense` is a cosine (-1..1), `lexical` a BM25 score (0..), `fused` 0..1, `rerank` a raw logit.
    """

    dense: float | None = None
    lexical: float | None = None
    fused: float | None = None
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One chunk of a ranking. `rank` counts from 1; `score` orders the hits, ties by chunk_id."""

    chunk_id: ChunkId
    score: float
    rank: int
    scores: Scores
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was taken: the documents it names (where to look) and what it asks.

    `aliases` are the names in it that have another one, short name to long name; they are written
    in one way in `asked`.
    """

    documents: tuple[DocId, ...]
    asked: str
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits, best first, for one query; `timings_ms` by step."""

    query: str
    understood: Understood
    hits: tuple[Hit, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)
