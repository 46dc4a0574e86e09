"""What somebody keeps of the answers that they were given, and the port that keeps it."""

from dataclasses import dataclass
from typing import Protocol

WHOLE_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A kept answer, or one of its citations, with what its owner wrote about it.

    `owner` is the id of a key, empty where the server takes requests without one. `number` is that
    of the citation, `WHOLE_ANSWER` for all of them. `kept_at` is ISO 8601, UTC.
    """

    note_id: str
    owner: str
    answer_id: str
    number: int
    question: str
    text: str
    kept_at: str


class NoteStore(Protocol):
    """Notes by owner: nobody reads, changes or removes those of another.

    A note outlives its answer, which is deleted with any document that it quotes.
    """

    def keep_note(self, note: Note) -> Note:
        """Keep a note and return it; the one that is there, if the same was kept before.

        The same is the same citation of the same answer, by the same owner.
        """
        ...

    def notes(self, owner: str) -> list[Note]:
        """Return an owner's notes, oldest first."""
        ...

    def edit_note(self, owner: str, note_id: str, text: str) -> Note:
        """Change what is written, and return the note. Raises: NotFoundError."""
        ...

    def remove_note(self, owner: str, note_id: str) -> None:
        """Remove a note; its answer stays. Raises: NotFoundError."""
        ...
