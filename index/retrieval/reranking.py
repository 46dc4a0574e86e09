"""Candidates read by a model: the first few, more while none answers, or as many as time allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol, runtime_checkable

from corpus.chunk import Chunk
from index.values.ports import FoundSpan, Reranker, finds_spans

# Milliseconds that a text of so many characters is taken to need before one was read, and the
# share added to what was seen: another process may want the cores the next moment.
_MS_A_CHARACTER = 0.06
_MARGIN = 1.25
_SIDE_BY_SIDE = 2
# What was slow is forgotten by a tenth with each question, so that it is tried again.
_REMEMBERED = 0.9


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """What a model said of one passage: its raw score, and the words that answer, if any."""

    score: float
    span: FoundSpan | None = None


@runtime_checkable
class ChunkReader(Protocol):
    """What reads passages with their contexts and sentences."""

    def read_chunks(self, question: str, chunks: Sequence[Chunk]) -> list[ReadPassage]:
        """Return what is said of each chunk, in their order."""
        ...


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

    def allows(self, length: int, deadline: Deadline | None) -> bool:
        """Return whether so many characters will be read in time."""
        if deadline is None:
            return True
        return deadline.left_ms() >= self.ms_a_character * length * _MARGIN


@dataclass(slots=True)
class Allowance:
    """How much may be read for one query: so many `passages`, until the `deadline`.

    None is no limit.

    `read` counts what was read, `wanted` what would have been without these limits. Once the time
    is `spent` nothing more is read, however short: what was read is the first so many.
    """

    passages: int | None = None
    deadline: Deadline | None = None
    pace: Pace = field(default_factory=Pace)
    read: int = 0
    wanted: int = 0
    spent: bool = False

    def read_with(
        self, model: Reranker | ChunkReader, question: str, chunks: Sequence[Chunk]
    ) -> Iterator[ReadPassage]:
        """Yield what the model says of the first chunks, in order, as many as are allowed.

        With a deadline two are read at a time, one a core, and begun only if, by the pace of those
        before, they will be ready.
        """
        self.wanted += len(chunks)
        if self.passages is not None:
            chunks = chunks[: max(0, self.passages - self.read)]
        step = len(chunks) if self.deadline is None else _SIDE_BY_SIDE
        for start in range(0, len(chunks), max(1, step)):
            some = chunks[start : start + step]
            if self.spent:
                return
            length = max(len(chunk.text) for chunk in some)
            if not self.pace.allows(length, self.deadline):
                self.pace.saw(0.0)
                self.spent = True
                return
            began = perf_counter()
            said = _said_of(model, question, some)
            self.read += len(some)
            if self.deadline is not None:
                self.pace.saw((perf_counter() - began) * 1000 / max(1, length))
            yield from said


def _said_of(
    model: Reranker | ChunkReader, question: str, chunks: Sequence[Chunk]
) -> list[ReadPassage]:
    """Return what a model says of each chunk: a span finder of its text, which can be quoted."""
    if isinstance(model, ChunkReader):
        return model.read_chunks(question, chunks)
    if finds_spans(model):
        spans = model.find(question, [chunk.text for chunk in chunks])
        return [ReadPassage(span.margin, span) for span in spans]
    scores = model.score(question, [chunk.embedded_text for chunk in chunks])
    return [ReadPassage(float(score)) for score in scores]
