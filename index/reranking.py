"""Candidates read by the cross-encoder: a fixed number, or as many as a time allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from corpus.chunk import Chunk
from corpus.ids import ChunkId
from index.ports import Reranker

# Milliseconds that a text of so many characters is taken to need before one was read, and the
# share added to what was seen: another process may want the cores the next moment.
_MS_A_CHARACTER = 0.06
_MARGIN = 1.25
_SIDE_BY_SIDE = 2
# What was slow is forgotten by a tenth with each question, so that it is tried again.
_REMEMBERED = 0.9


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a ranking has to be there: a moment of `time.perf_counter`."""

    at_s: float

    @classmethod
    def after(cls, budget_ms: float) -> "Deadline":
        """Return the moment `budget_ms` from now."""
        return cls(perf_counter() + budget_ms / 1000)

    def left_ms(self) -> float:
        """Return the milliseconds until then; below 0 after it."""
        return (self.at_s - perf_counter()) * 1000


class Pace:
    """How long reading a character takes, as it was seen last: a machine may be busy.

    It decides how much is begun within a budget, never what a score is.
    """

    def __init__(self) -> None:
        self.ms_a_character = _MS_A_CHARACTER

    def saw(self, ms_a_character: float) -> None:
        """Take a pace that was seen; slower ones at once, faster ones little by little."""
        kept = max(ms_a_character, _REMEMBERED * self.ms_a_character)
        self.ms_a_character = max(kept, _MS_A_CHARACTER / 4)


def scores_of(
    reranker: Reranker,
    query: str,
    chunks: Sequence[Chunk],
    deadline: Deadline | None = None,
    pace: Pace | None = None,
) -> dict[ChunkId, float]:
    """Return the logit of each chunk; with a deadline of those, in order, for which it allows.

    Two are read at a time, one a core. The next two are begun only if, by the pace of those before,
    they will be ready.
    """
    if deadline is None:
        scores = reranker.score(query, [chunk.embedded_text for chunk in chunks])
        return {chunk.chunk_id: float(score) for chunk, score in zip(chunks, scores, strict=True)}
    found: dict[ChunkId, float] = {}
    pace = pace or Pace()
    for start in range(0, len(chunks), _SIDE_BY_SIDE):
        pair = chunks[start : start + _SIDE_BY_SIDE]
        length = max(len(chunk.embedded_text) for chunk in pair)
        before = deadline.left_ms()
        if before < pace.ms_a_character * length * _MARGIN:
            pace.saw(0.0)
            break
        scores = reranker.score(query, [chunk.embedded_text for chunk in pair])
        found |= {chunk.chunk_id: float(score) for chunk, score in zip(pair, scores, strict=True)}
        pace.saw((before - deadline.left_ms()) / max(1, length))
    return found
