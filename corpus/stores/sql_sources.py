"""The port `SourceStore` over a database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, insert, select, update

from corpus.errors import NotFoundError
from corpus.ids import DocId
from corpus.origin import Origin
from corpus.stores import schema
from corpus.stores.database import Database
from corpus.stores.rows import batches
from corpus.stores.storable import refuse_unstorable_text


class SqlSources:
    """The sources of a database. Each method is one transaction."""

    _database: Database

    def origins(self) -> dict[str, Origin]:
        """Return where each source was found, by source."""
        with self._database.reading() as connection:
            rows = connection.execute(select(schema.origins)).mappings()
            return {row["source"]: Origin(**row) for row in rows}

    def keep_origins(self, origins: Sequence[Origin]) -> None:
        """Keep where sources were found, in place of what was kept of them before."""
        rows = [
            {
                "source": origin.source,
                "root": origin.root,
                "etag": origin.etag,
                "last_modified": origin.last_modified,
            }
            for origin in {origin.source: origin for origin in origins}.values()
        ]
        for row in rows:
            for name, value in row.items():
                refuse_unstorable_text(f"the {name} of a source", value or "")
        with self._database.writing() as connection:
            for batch in batches(rows):
                of_these = schema.origins.c.source.in_([row["source"] for row in batch])
                connection.execute(delete(schema.origins).where(of_these))
                connection.execute(insert(schema.origins), batch)

    def edits(self) -> dict[str, dict[str, str]]:
        """Return what was said of documents by hand: source to name to value."""
        query = select(schema.edits).order_by(schema.edits.c.source, schema.edits.c.name)
        found: dict[str, dict[str, str]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault(row["source"], {})[row["name"]] = row["value"]
        return found

    def edit(self, source: str, changes: Mapping[str, str | None]) -> None:
        """Keep values said by hand; None takes one back."""
        for name, value in changes.items():
            refuse_unstorable_text("the name of an edit", name)
            refuse_unstorable_text(f"the edit of {name}", value or "")
        with self._database.writing() as connection:
            for name, value in changes.items():
                this = (schema.edits.c.source == source) & (schema.edits.c.name == name)
                connection.execute(delete(schema.edits).where(this))
                if value is not None:
                    row = {"source": source, "name": name, "value": value}
                    connection.execute(insert(schema.edits).values(row))

    def rename(self, doc_id: DocId, source: str) -> None:
        """Give a document another source, as whose current document it stays."""
        refuse_unstorable_text("the source of a document", source)
        documents = schema.documents
        with self._database.writing() as connection:
            query = select(documents.c.source).where(documents.c.doc_id == doc_id)
            before = connection.execute(query).scalar()
            if before is None:
                raise NotFoundError(f"there is no document {doc_id}")
            if before == source:
                return
            connection.execute(
                update(documents).where(documents.c.source == source).values(is_current=False)
            )
            added = connection.execute(select(func.max(documents.c.added))).scalar_one()
            connection.execute(
                update(documents)
                .where(documents.c.doc_id == doc_id)
                .values(source=source, is_current=True, added=added + 1)
            )
            for table in (schema.edits, schema.origins):
                connection.execute(delete(table).where(table.c.source == source))
                connection.execute(
                    update(table).where(table.c.source == before).values(source=source)
                )
