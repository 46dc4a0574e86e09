"""The port `LedgerStore` over a database."""

from sqlalchemy import func, select

from corpus.errors import NotFoundError
from corpus.ids import DocId
from corpus.page_grades import PageSummary, QualityCount
from corpus.stores import schema
from corpus.stores.database import Database
from corpus.stores.rows import QUALITY, quality_of


class SqlLedger:
    """The quality of the pages of a database. Each method is one transaction."""

    _database: Database

    def ledger(self, doc_id: DocId) -> list[PageSummary]:
        """Return the pages of a document in order, without their text. Raises: NotFoundError."""
        table = schema.pages.c
        names = ("number", "label", "language", "text_source", *QUALITY)
        query = (
            select(*(table[name] for name in names))
            .where(table.doc_id == doc_id)
            .order_by(table.number)
        )
        known = select(schema.documents.c.doc_id).where(schema.documents.c.doc_id == doc_id)
        with self._database.reading() as connection:
            if connection.execute(known).first() is None:
                raise NotFoundError(f"there is no document {doc_id}")
            return [
                PageSummary(row["number"], row["label"], row["language"], quality_of(row))
                for row in connection.execute(query).mappings()
            ]

    def quality_counts(self, *, collection: str | None = None) -> list[QualityCount]:
        """Return the pages of current documents, counted by document, grade and source."""
        page, document = schema.pages.c, schema.documents.c
        by = (page.doc_id, document.collection, page.grade, page.text_source)
        query = (
            select(*by, func.count(), func.sum(page.characters))
            .join(schema.documents, document.doc_id == page.doc_id)
            .where(document.is_current)
            .group_by(*by)
            .order_by(*by)
        )
        if collection is not None:
            query = query.where(document.collection == collection)
        with self._database.reading() as connection:
            return [
                QualityCount(DocId(doc_id), name, grade, source, pages, int(characters))
                for doc_id, name, grade, source, pages, characters in connection.execute(query)
            ]
