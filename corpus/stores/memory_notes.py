"""The port `NoteStore` in a dictionary."""

from dataclasses import replace
from threading import Lock

from corpus.errors import NotFoundError
from corpus.note import Note
from corpus.stores.storable import refuse_unstorable_note, refuse_unstorable_text


class MemoryNotes:
    """The notes of a store in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._notes: dict[str, Note] = {}
        self._notes_lock = Lock()

    def keep_note(self, note: Note) -> Note:
        """Keep a note and return it; the one that is there, if the same was kept before."""
        refuse_unstorable_note(note)
        same = (note.owner, note.answer_id, note.number)
        with self._notes_lock:
            for kept in self._notes.values():
                if (kept.owner, kept.answer_id, kept.number) == same:
                    return kept
            self._notes[note.note_id] = note
        return note

    def notes(self, owner: str) -> list[Note]:
        """Return an owner's notes, oldest first."""
        with self._notes_lock:
            found = [note for note in self._notes.values() if note.owner == owner]
        return sorted(found, key=lambda note: (note.kept_at, note.note_id))

    def edit_note(self, owner: str, note_id: str, text: str) -> Note:
        """Change what is written, and return the note. Raises: NotFoundError."""
        refuse_unstorable_text(f"note {note_id!r}", text)
        with self._notes_lock:
            edited = replace(self._note(owner, note_id), text=text)
            self._notes[note_id] = edited
        return edited

    def remove_note(self, owner: str, note_id: str) -> None:
        """Remove a note; its answer stays. Raises: NotFoundError."""
        with self._notes_lock:
            self._note(owner, note_id)
            del self._notes[note_id]

    def _note(self, owner: str, note_id: str) -> Note:
        note = self._notes.get(note_id)
        if note is None or note.owner != owner:
            raise NotFoundError(f"there is no note {note_id}")
        return note
