"""The deletions of the port `Store` over a database, and what they owe outside of it."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, select, update

from corpus.clock import utc_now
from corpus.ids import DocId, Sha256
from corpus.store import Debt, Deletion
from corpus.stores import schema
from corpus.stores.database import Database
from corpus.stores.rows import batches, deletion_of, row_of_deletion
from corpus.stores.sql_documents import document_in, no_document, texts_embedded


class SqlDeletions:
    """The deletions of a database. Each method is one transaction."""

    _database: Database

    def delete(self, doc_id: DocId, *, purge: bool = False) -> Deletion:
        """Remove a document with its bytes, pages and chunks, and the answers that quote it.

        Return the receipt, which is kept. `embedded_sha256s` are the texts of its chunks, of now
        and of former readings, that no other chunk has: their vectors are to be removed. An older
        document of the same source does not become current again. What is to be done outside the
        store is a debt from the same transaction on. Raises: NotFoundError.
        """
        with self._database.erasing() as connection:
            document = document_in(connection, doc_id)
            deletion = Deletion(
                doc_id=doc_id,
                source=document.source,
                document_sha256=document.sha256,
                pages=_count(connection, schema.pages, doc_id),
                chunks=_count(connection, schema.chunks, doc_id),
                embedded_sha256s=tuple(sorted(_texts_of_this_alone(connection, doc_id))),
                deleted_at=utc_now(),
            )
            quoting = select(schema.receipt_documents.c.answer_id).where(
                schema.receipt_documents.c.doc_id == doc_id
            )
            connection.execute(
                delete(schema.receipts).where(schema.receipts.c.answer_id.in_(quoting))
            )
            connection.execute(delete(schema.documents).where(schema.documents.c.doc_id == doc_id))
            _forget_source(connection, document.source)
            row = row_of_deletion(deletion)
            row |= {"collection": document.collection, "owed": "purge" if purge else "delete"}
            connection.execute(insert(schema.deletions).values(row))
        return deletion

    def texts_alone(self, doc_id: DocId, collections: Sequence[str]) -> int:
        """Return how many of the document's texts no other document of the collections has."""
        with self._database.reading() as connection:
            return len(_texts_of_this_alone(connection, doc_id, collections))

    def deletions(self) -> list[Deletion]:
        """Return the receipts of all deletions, oldest first."""
        query = select(schema.deletions).order_by(schema.deletions.c.number)
        with self._database.reading() as connection:
            return [deletion_of(row) for row in connection.execute(query).mappings()]

    def keep_deletions(self, deletions: Sequence[Deletion]) -> None:
        """Keep receipts of another store, of documents that are not here; they owe nothing."""
        there = select(schema.documents.c.doc_id).union(select(schema.deletions.c.doc_id))
        with self._database.writing() as connection:
            known = set(connection.execute(there).scalars())
            new = [row_of_deletion(each) for each in deletions if each.doc_id not in known]
            if new:
                connection.execute(insert(schema.deletions), new)

    def debts(self) -> list[Debt]:
        """Return what deletions still owe, oldest first."""
        table = schema.deletions
        query = select(table).where(table.c.owed.is_not(None)).order_by(table.c.number)
        with self._database.reading() as connection:
            return [_debt(row) for row in connection.execute(query).mappings()]

    def last_deletion(self, doc_id: DocId) -> Debt | None:
        """Return a document's last deletion, paid or not; None if there is none."""
        with self._database.reading() as connection:
            return _last(connection, doc_id)

    def owe_purge(self, doc_id: DocId) -> None:
        """Make a purge a debt of a document's last deletion. Raises: NotFoundError."""
        table = schema.deletions
        with self._database.writing() as connection:
            last = _last(connection, doc_id)
            if last is None:
                raise no_document(doc_id)
            change = update(table).where(table.c.number == last.number)
            connection.execute(change.values(owed="purge"))

    def settle(self, debt: Debt) -> None:
        """Note that a debt is paid; one that has grown since stays."""
        table = schema.deletions
        change = update(table).where(table.c.number == debt.number)
        if not debt.purge:
            change = change.where(table.c.owed == "delete")
        with self._database.writing() as connection:
            connection.execute(change.values(owed=None))


def _last(connection: Connection, doc_id: DocId) -> Debt | None:
    table = schema.deletions
    query = select(table).where(table.c.doc_id == doc_id).order_by(table.c.number.desc())
    row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else _debt(row)


def _debt(row: RowMapping) -> Debt:
    return Debt(row["number"], deletion_of(row), row["collection"], row["owed"] == "purge")


def _forget_source(connection: Connection, source: str) -> None:
    """Remove what was said of a source of which no document is left."""
    left = select(schema.documents.c.doc_id).where(schema.documents.c.source == source)
    if connection.execute(left).first() is None:
        for table in (schema.edits, schema.origins):
            connection.execute(delete(table).where(table.c.source == source))


def _count(connection: Connection, table: Table, doc_id: DocId) -> int:
    query = select(func.count()).select_from(table).where(table.c.doc_id == doc_id)
    return connection.execute(query).scalar_one()


def _texts_of_this_alone(
    connection: Connection, doc_id: DocId, collections: Sequence[str] | None = None
) -> set[Sha256]:
    """Return the keys of the document's texts that no chunk of another document has.

    With `collections`, of another document in them.
    """
    keys = texts_embedded(connection, doc_id)
    inside = select(schema.documents.c.doc_id).where(
        schema.documents.c.collection.in_(collections or ())
    )
    for batch in batches(sorted(keys)):
        query = select(schema.chunks.c.embedded_sha256).where(
            schema.chunks.c.embedded_sha256.in_(batch), schema.chunks.c.doc_id != doc_id
        )
        if collections is not None:
            query = query.where(schema.chunks.c.doc_id.in_(inside))
        keys -= set(connection.execute(query).scalars())
    return keys
