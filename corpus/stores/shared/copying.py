"""A store copied into another, of whatever kind, and compared row by row."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, func, insert, select

from corpus.errors import InputError, StoreError
from corpus.ids import Sha256
from corpus.stores.database import open_database
from corpus.stores.migrating import upgrade
from corpus.stores.schema import metadata

_ROWS_AT_ONCE = 200
_FILES_AT_ONCE = 4  # a row of `files` may hold hundreds of megabytes


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table that was copied: its rows, and the SHA-256 of all of them in order."""

    name: str
    rows: int
    sha256: Sha256


def copy_store(
    source_url: str,
    target_url: str,
    on_table: Callable[[CopiedTable], None] = lambda _: None,
    *,
    replace: bool = False,
) -> list[CopiedTable]:
    """Copy every row of one store into another, an empty one, and compare what is there then.

    With `replace` what the target holds is removed first, in the same transaction.

    The source is read in one transaction, as it was at one moment, and the target written in one:
    it has all of it, or stays empty. `on_table` is told of each table.

    Raises: InputError for a target that is the source, or is not empty; StoreError where a table
    of the copy differs.
    """
    if source_url == target_url:
        raise InputError(f"{source_url} cannot be copied to itself; name another address")
    source = open_database(source_url, read_only=True)
    try:
        upgrade(source)
        target = open_database(target_url)
        try:
            upgrade(target)
            with source.reading() as reading, target.writing() as writing:
                if replace:
                    _empty(writing)
                _refuse_filled(writing, target.name)
                return [_copied(reading, writing, table, on_table) for table in _tables()]
        finally:
            target.close()
    finally:
        source.close()


def _tables() -> list[Table]:
    """Return the tables, each after those that it refers to."""
    return metadata.sorted_tables


def _empty(connection: Connection) -> None:
    for table in reversed(_tables()):
        connection.execute(delete(table))


def _refuse_filled(connection: Connection, name: str) -> None:
    for table in _tables():
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise InputError(
                f"{name} is not empty: its table {table.name} has rows. Name a new place."
            )


def _copied(
    reading: Connection,
    writing: Connection,
    table: Table,
    on_table: Callable[[CopiedTable], None],
) -> CopiedTable:
    read = _Sum(table)
    for rows in _batches(reading, table):
        writing.execute(insert(table), [dict(zip(read.columns, row, strict=True)) for row in rows])
        read.add(rows)
    written = _Sum(table)
    for rows in _batches(writing, table):
        written.add(rows)
    if written.of() != read.of():
        raise StoreError(
            f"the copy of the table {table.name} differs: {read.rows} rows were read and "
            f"{written.rows} are there, or their values are others; nothing was kept"
        )
    _count_on(writing, table)
    on_table(read.of())
    return read.of()


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[tuple[object, ...]]]:
    """Yield the rows of a table by its primary key, some at a time."""
    at_once = _FILES_AT_ONCE if table.name == "files" else _ROWS_AT_ONCE
    query = select(table).order_by(*table.primary_key.columns)
    found = connection.execute(query, execution_options={"yield_per": at_once})
    for rows in found.partitions():
        yield [tuple(row) for row in rows]


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number the next row after those that were copied, as SQLite does itself."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    last = connection.execute(select(func.max(column))).scalar()
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, last)))


class _Sum:
    """The checksum of a table's rows, the same for equal values in every kind of store."""

    def __init__(self, table: Table) -> None:
        self.columns = tuple(column.name for column in table.columns)
        self.rows = 0
        self._name = table.name
        self._digest = hashlib.sha256()

    def add(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Count more rows."""
        for row in rows:
            self._digest.update(json.dumps(row, default=_in_words).encode())
        self.rows += len(rows)

    def of(self) -> CopiedTable:
        """Return the table as far as it was read."""
        return CopiedTable(self._name, self.rows, Sha256(self._digest.hexdigest()))


def _in_words(value: object) -> str:
    """Return the checksum of bytes, the one kind of value that JSON has not."""
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} is in no column")
