"""What the notebook gives back: kept quotes, and whether each still stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.values.verification import Verdict, VerificationReport

MOST_CHARACTERS = 10_000  # of what is written in a note


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote as it was cited, and what became of it: a `verdict` as in a Verification.

    `url` opens the page where the words stand now, or stood if they are nowhere any more.
    """

    number: int
    doc_id: str
    title: str
    quote: str
    reference: str
    language: str | None
    url: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note in the notebook, with the quotes that it is about.

    `number` is that of the citation; null if the whole answer was kept. `quotes` is empty for an
    answer without any, and if `available` is false: the answer was deleted with a document that it
    quoted, or quotes one that the key may not read any more. `answer_url` is the permanent address.
    """

    note_id: str
    answer_id: str
    number: int | None
    question: str
    note: str
    kept_at: str
    answer_url: str
    available: bool
    quotes: tuple[KeptQuote, ...]


@dataclass(frozen=True, slots=True)
class NoteList:
    """All notes, oldest first; `next` is always null."""

    notes: tuple[KeptNote, ...]
    next: None = None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given, without its passages, and what became of its citations."""

    answer: Mapping[str, object]
    verification: VerificationReport
    quotes: tuple[KeptQuote, ...]
