"""What a search gives back: hits in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.chunk import Chunk
from corpus.ids import ChunkId, DocId
from index.values.ports import FoundSpan


@dataclass(frozen=True, slots=True)
class Scores:
    """The parts of a hit's score; None where that part was not computed.

    `dense` is a cosine (-1..1), `lexical` a BM25 score (0..), `fused` 0..1, `rerank` the raw score
    of the reading model: the margin of a span finder, or the logit of a cross-encoder.
    `terms` are the words of the question, in lower case, that the passage contains in some form.
    """

    dense: float | None = None
    lexical: float | None = None
    fused: float | None = None
    rerank: float | None = None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One chunk of a ranking. `rank` counts from 1; `score` orders the hits, ties by chunk_id.

    `span` are the words that answer best, for the question or the part of it that the passage
    answers best; None where no span finder read the passage.
    """

    chunk_id: ChunkId
    score: float
    rank: int
    scores: Scores
    chunk: Chunk
    span: FoundSpan | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found for one question: its hits, best first; `span` of each that was read."""

    question: str
    hits: tuple[Hit, ...]

    def is_far(self, near: float) -> bool:
        """Return whether no passage was read with a score of `near` or more."""
        return all(h.scores.rerank is None or h.scores.rerank < near for h in self.hits)


@dataclass(frozen=True, slots=True)
class QueryInterpretation:
    """The analysis of a question: the documents it names (where to look) and what it asks.

    `aliases` maps short names in the question to their long names; `asked` uses one of them.
    `parts` are the questions that a compound question is split into. `corrections` maps misspelt
    words to words of the collection. `kind` is `summary` for a request to summarise a document.
    """

    documents: tuple[DocId, ...]
    asked: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["question", "summary"] = "question"


@dataclass(frozen=True, slots=True)
class Reranked:
    """How many candidates were read, and how many were to be read without a time budget."""

    scored: int
    candidates: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits, best first, for one query; `timings_ms` by step.

    `readings` are those of what is asked and of each of its parts, in order. `reranked` is None
    where nothing was to be read.
    """

    query: str
    understood: QueryInterpretation
    hits: tuple[Hit, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    reranked: Reranked | None = None
    readings: tuple[Reading, ...] = ()
