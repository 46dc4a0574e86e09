"""The port `NoteStore` over a database."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, delete, insert, select, update

from corpus.errors import NotFoundError
from corpus.note import Note
from corpus.stores.database import Database
from corpus.stores.schema import notes
from corpus.stores.storable import refuse_unstorable_note, refuse_unstorable_text


class SqlNotes:
    """The notes of a database. Each method is one transaction."""

    _database: Database

    def keep_note(self, note: Note) -> Note:
        """Keep a note and return it; the one that is there, if the same was kept before."""
        refuse_unstorable_note(note)
        same = and_(
            notes.c.owner == note.owner,
            notes.c.answer_id == note.answer_id,
            notes.c.number == note.number,
        )
        with self._database.writing(f"notes {note.owner}") as connection:
            found = connection.execute(select(notes).where(same)).mappings().first()
            if found is not None:
                return _note_of(found)
            connection.execute(insert(notes).values(asdict(note)))
        return note

    def notes(self, owner: str) -> list[Note]:
        """Return an owner's notes, oldest first."""
        query = select(notes).where(notes.c.owner == owner)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(notes.c.kept_at, notes.c.note_id))
            return [_note_of(row) for row in found.mappings()]

    def edit_note(self, owner: str, note_id: str, text: str) -> Note:
        """Change what is written, and return the note. Raises: NotFoundError."""
        refuse_unstorable_text(f"note {note_id!r}", text)
        with self._database.writing() as connection:
            connection.execute(update(notes).where(_is(owner, note_id)).values(text=text))
            found = connection.execute(select(notes).where(_is(owner, note_id))).mappings().first()
        if found is None:
            raise _absent(note_id)
        return _note_of(found)

    def remove_note(self, owner: str, note_id: str) -> None:
        """Remove a note; its answer stays. Raises: NotFoundError."""
        with self._database.writing() as connection:
            if not connection.execute(delete(notes).where(_is(owner, note_id))).rowcount:
                raise _absent(note_id)


def _is(owner: str, note_id: str) -> ColumnElement[bool]:
    return and_(notes.c.owner == owner, notes.c.note_id == note_id)


def _absent(note_id: str) -> NotFoundError:
    return NotFoundError(f"there is no note {note_id}")


def _note_of(row: RowMapping) -> Note:
    values: dict[str, Any] = dict(row)
    return Note(**values)
