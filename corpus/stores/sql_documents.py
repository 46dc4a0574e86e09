"""The port `Store` over a database: documents with their pages, chunks and bytes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from sqlalchemy import Connection, Table, delete, func, insert, select, union, update

from corpus.chunk import Chunk, ChunkPlace
from corpus.document import Document, Page, PageSpan
from corpus.errors import NotFoundError
from corpus.ids import ChunkId, DocId, Sha256
from corpus.stores import schema
from corpus.stores.database import Database
from corpus.stores.rows import (
    Row,
    batches,
    chunk_of,
    document_of,
    page_of,
    row_of_chunk,
    row_of_document,
    row_of_page,
)
from corpus.stores.storable import refuse_unstorable

_LARGEST_INTEGER = 2**31 - 1


class SqlDocuments:
    """The documents of a database. Each method is one transaction."""

    _database: Database

    def add(
        self,
        document: Document,
        content: bytes,
        pages: Sequence[Page],
        chunks: Sequence[Chunk],
        *,
        again: bool = False,
    ) -> None:
        """Keep a document, making it the current one of its source.

        Adding the same `doc_id` again replaces its row, pages and chunks.

        Raises: StoreError if it cannot be stored (see `corpus.stores.storable`); NotFoundError if
        it is to be there (`again`) and is not; nothing is kept then.
        """
        refuse_unstorable(document, pages, chunks)
        with self._database.writing() as connection:
            if again:
                document_in(connection, document.doc_id)
            former = texts_embedded(connection, document.doc_id)
            former -= {chunk.embedded_sha256 for chunk in chunks}
            _replace_row(connection, document)
            file = {"doc_id": document.doc_id, "content": content}
            connection.execute(insert(schema.files).values(file))
            _insert(
                connection, schema.pages, [row_of_page(document.doc_id, page) for page in pages]
            )
            _insert(connection, schema.chunks, [row_of_chunk(chunk) for chunk in chunks])
            _insert(
                connection,
                schema.former_texts,
                [{"doc_id": document.doc_id, "embedded_sha256": key} for key in sorted(former)],
            )

    def documents(
        self, *, current_only: bool = True, collection: str | None = None
    ) -> list[Document]:
        """Return documents ordered by doc_id."""
        query = select(schema.documents).order_by(schema.documents.c.doc_id)
        if current_only:
            query = query.where(schema.documents.c.is_current)
        if collection is not None:
            query = query.where(schema.documents.c.collection == collection)
        with self._database.reading() as connection:
            return [document_of(row) for row in connection.execute(query).mappings()]

    def collections(self) -> list[str]:
        """Return the names of the collections of the current documents, in order."""
        name = schema.documents.c.collection
        query = select(name).where(schema.documents.c.is_current).distinct().order_by(name)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def documents_by_source(self, source: str) -> list[Document]:
        """Return the editions of a source, current or not, oldest first."""
        query = (
            select(schema.documents)
            .where(schema.documents.c.source == source)
            .order_by(schema.documents.c.added)
        )
        with self._database.reading() as connection:
            return [document_of(row) for row in connection.execute(query).mappings()]

    def document(self, doc_id: DocId) -> Document:
        """Return one document, current or not. Raises: NotFoundError."""
        with self._database.reading() as connection:
            return document_in(connection, doc_id)

    def documents_by_id(self, doc_ids: Sequence[DocId]) -> dict[DocId, Document]:
        """Return the documents that exist among `doc_ids`, current or not."""
        found: dict[DocId, Document] = {}
        with self._database.reading() as connection:
            for batch in batches(doc_ids):
                query = select(schema.documents).where(schema.documents.c.doc_id.in_(batch))
                rows = connection.execute(query).mappings()
                found |= {row["doc_id"]: document_of(row) for row in rows}
        return {doc_id: found[doc_id] for doc_id in doc_ids if doc_id in found}

    def page_labels(self, pages: Mapping[DocId, Set[int]]) -> dict[DocId, dict[int, str]]:
        """Return what is printed on the pages, by document and number; of those that exist."""
        table = schema.pages.c
        wanted = [(doc_id, number) for doc_id, numbers in pages.items() for number in numbers]
        found: dict[DocId, dict[int, str]] = {}
        with self._database.reading() as connection:
            for batch in batches(wanted):
                query = select(table.doc_id, table.number, table.label).where(
                    table.doc_id.in_({doc_id for doc_id, _ in batch}),
                    table.number.in_({number for _, number in batch}),
                )
                for doc_id, number, label in connection.execute(query):
                    if number in pages.get(DocId(doc_id), ()):
                        found.setdefault(DocId(doc_id), {})[number] = label
        return found

    def content(self, doc_id: DocId) -> bytes:
        """Return the bytes that the document was read from. Raises: NotFoundError."""
        query = select(schema.files.c.content).where(schema.files.c.doc_id == doc_id)
        with self._database.reading() as connection:
            found: bytes | None = connection.execute(query).scalar()
        if found is None:
            raise no_document(doc_id)
        return found

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]:
        """Return pages by number, in order; all of them, or those of `numbers` that exist.

        Raises: NotFoundError if the document does not exist.
        """
        query = (
            select(schema.pages)
            .where(schema.pages.c.doc_id == doc_id)
            .order_by(schema.pages.c.number)
        )
        with self._database.reading() as connection:
            document_in(connection, doc_id)
            if numbers is None:
                rows = list(connection.execute(query).mappings())
            else:
                wanted = sorted({n for n in numbers if 1 <= n <= _LARGEST_INTEGER})
                rows = [
                    row
                    for batch in batches(wanted)
                    for row in connection.execute(
                        query.where(schema.pages.c.number.in_(batch))
                    ).mappings()
                ]
        return {row["number"]: page_of(row) for row in rows}

    def chunks(self, chunk_ids: Sequence[ChunkId]) -> dict[ChunkId, Chunk]:
        """Return the chunks that exist among `chunk_ids`, in their order."""
        found: dict[ChunkId, Chunk] = {}
        with self._database.reading() as connection:
            for batch in batches(chunk_ids):
                query = select(schema.chunks).where(schema.chunks.c.chunk_id.in_(batch))
                found |= {
                    row["chunk_id"]: chunk_of(row) for row in connection.execute(query).mappings()
                }
        return {chunk_id: found[chunk_id] for chunk_id in chunk_ids if chunk_id in found}

    def chunk_places(self, doc_id: DocId) -> list[ChunkPlace]:
        """Return where the document's chunks stand, in order; none for an unknown document."""
        table = schema.chunks.c
        query = (
            select(table.chunk_id, table.spans, table.section)
            .where(table.doc_id == doc_id)
            .order_by(table.ordinal)
        )
        with self._database.reading() as connection:
            return [
                ChunkPlace(ChunkId(key), tuple(PageSpan(*span) for span in spans), tuple(section))
                for key, spans, section in connection.execute(query)
            ]

    def current_chunks(self) -> Iterator[Chunk]:
        """Yield the chunks of all current documents, ordered by chunk_id.

        They are those of the moment of the call; one deleted since is left out. Each batch is a
        transaction of its own, so a slow reader holds neither memory nor the database.
        """
        chunk_ids = self.current_chunk_ids()
        return (chunk for batch in batches(chunk_ids) for chunk in self.chunks(batch).values())

    def current_chunk_ids(self) -> list[ChunkId]:
        """Return the ids of the chunks of all current documents, in order."""
        query = (
            select(schema.chunks.c.chunk_id)
            .join(schema.documents, schema.documents.c.doc_id == schema.chunks.c.doc_id)
            .where(schema.documents.c.is_current)
            .order_by(schema.chunks.c.chunk_id)
        )
        with self._database.reading() as connection:
            return [ChunkId(chunk_id) for chunk_id in connection.execute(query).scalars()]

    def page_languages(self) -> dict[DocId, dict[int, str]]:
        """Return the language of each page of the current documents that has one."""
        pages = schema.pages.c
        query = (
            select(pages.doc_id, pages.number, pages.language)
            .join(schema.documents, schema.documents.c.doc_id == pages.doc_id)
            .where(schema.documents.c.is_current, pages.language.is_not(None))
            .order_by(pages.doc_id, pages.number)
        )
        found: dict[DocId, dict[int, str]] = {}
        with self._database.reading() as connection:
            for doc_id, number, language in connection.execute(query):
                if language:
                    found.setdefault(DocId(doc_id), {})[number] = language
        return found


def document_in(connection: Connection, doc_id: DocId) -> Document:
    """Return one document. Raises: NotFoundError."""
    query = select(schema.documents).where(schema.documents.c.doc_id == doc_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise no_document(doc_id)
    return document_of(row)


def no_document(doc_id: DocId) -> NotFoundError:
    """Return the error of a document that is not there."""
    return NotFoundError(f"there is no document {doc_id}")


def _replace_row(connection: Connection, document: Document) -> None:
    """Write the document's row as the current one of its source; what hung on the old row goes."""
    connection.execute(delete(schema.documents).where(schema.documents.c.doc_id == document.doc_id))
    of_source = schema.documents.c.source == document.source
    connection.execute(update(schema.documents).where(of_source).values(is_current=False))
    added = connection.execute(select(func.max(schema.documents.c.added))).scalar() or 0
    connection.execute(insert(schema.documents).values(row_of_document(document, added=added + 1)))


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    for batch in batches(list(rows)):
        connection.execute(insert(table), batch)


def texts_embedded(connection: Connection, doc_id: DocId) -> set[Sha256]:
    """Return the keys of every text that the document's chunks were ever embedded as."""
    query = union(
        *(
            select(table.c.embedded_sha256).where(table.c.doc_id == doc_id)
            for table in (schema.chunks, schema.former_texts)
        )
    )
    return set(connection.execute(query).scalars())
