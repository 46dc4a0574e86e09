"""Checks of what the store holds: its files, documents, quotes, vectors."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing

from corpus.chunk import Chunk, text_at
from corpus.document import Page
from corpus.errors import CitewellError, NotFoundError
from corpus.ids import DocId, sha256_of
from corpus.stores.sql_store import SqlStore
from service.access.opening import open_store
from service.settings.models import Models
from service.settings.settings import Settings

RESTORE = (
    "restore a backup (citewell backup restore FOLDER --replace), or ingest the documents into a "
    "new home"
)


def store(settings: Settings) -> str:
    """The database is sound, and of this citewell's revision."""
    with opened(settings) as kept:
        problems = kept.problems()
        if problems:
            raise CitewellError(
                f"{len(problems)} problems in {settings.store_url}, first: {problems[0]}; "
                f"expected none; {RESTORE}"
            )
        documents = kept.documents()
        older = len(kept.documents(current_only=False)) - len(documents)
        pages = sum(document.pages for document in documents)
    return f"{len(documents)} documents, {pages} pages, {older} older editions"


def files(settings: Settings) -> str:
    """Each stored file is there, with the checksum that it was ingested with."""
    with opened(settings) as kept:
        documents = kept.documents(current_only=False)
        gone, wrong = list[str](), list[str]()
        for document in documents:
            try:
                if sha256_of(kept.content(document.doc_id)) != document.sha256:
                    wrong.append(document.doc_id)
            except NotFoundError:
                gone.append(document.doc_id)
    told = []
    if wrong:
        told.append(
            f"the files of {len(wrong)} of {len(documents)} documents are not the bytes that were "
            f"ingested, first {wrong[0]}"
        )
    if gone:
        told.append(f"the files of {len(gone)} documents are gone, first {gone[0]}")
    if told:
        raise CitewellError(
            f"{'; '.join(told)}; delete these documents and ingest them again, or {RESTORE}"
        )
    return f"{len(documents)}, each with the SHA-256 that it was ingested with"


def quotes(settings: Settings) -> str:
    """Each chunk is the page text at its offsets."""
    with opened(settings) as kept:
        wrong, chunks, sentences = [], 0, 0
        for chunk, pages in _chunks_with_pages(kept):
            chunks += 1
            sentences += len(chunk.sentences)
            if text_at(chunk.spans, pages) != chunk.text:
                wrong.append(chunk.chunk_id)
    if wrong:
        raise CitewellError(
            f"{len(wrong)} of {chunks} chunks differ from the page text at their offsets, first "
            f"{wrong[0]}; ingest their documents again"
        )
    return f"{chunks} chunks, {sentences} sentences: 100 % equal the page text at their offsets"


def _chunks_with_pages(kept: SqlStore) -> Iterator[tuple[Chunk, dict[int, Page]]]:
    held: dict[DocId, dict[int, Page]] = {}
    for chunk in kept.current_chunks():
        if chunk.doc_id not in held:
            held[chunk.doc_id] = kept.pages(chunk.doc_id)
        yield chunk, held[chunk.doc_id]


def vectors(settings: Settings) -> str:
    """Each embedding that is kept is sound, and as long as its embedder makes them."""
    models = Models.open(settings)
    embedders = [each for each in (models.embedder, models.multilingual) if each is not None]
    file = settings.layout.vectors
    if settings.layout.database is None and not file.exists():
        return "none are kept; texts are embedded when they are needed"
    checked, unsound, lengths = 0, 0, set[int]()
    for embedder in embedders:
        for blob, crc32 in _kept_vectors(settings, embedder.fingerprint):
            checked += 1
            if zlib.crc32(blob) != crc32:
                unsound += 1
            elif len(blob) != 4 * embedder.dimensions:
                lengths.add(len(blob) // 4)
    where = file if settings.layout.database is None else "the database"
    remedy = "remove them, and ingest again, which embeds what is missing"
    if lengths:
        raise CitewellError(
            f"vectors in {where} have {sorted(lengths)} dimensions, the embedder makes "
            f"{embedders[0].dimensions}: they were written by something else; {remedy}"
        )
    if unsound:
        raise CitewellError(
            f"{unsound} of {checked} vectors in {where} have another checksum than they were "
            f"written with; look at the disk; the next ingest embeds their texts again"
        )
    return f"{checked}, each sound"


def _kept_vectors(settings: Settings, embedder: str) -> Iterator[tuple[bytes, int]]:
    """Yield the vectors of an embedder as they are kept, with their CRC-32. Raises: CitewellError.

    The file is opened for reading only: the cache itself would set a damaged one aside.
    """
    home = settings.layout
    if home.database is not None:
        from index.embedding.shared_vectors import SharedVectors

        with SharedVectors(home.database) as cache:
            yield from cache.kept(embedder)
        return
    try:
        with closing(
            sqlite3.connect(f"{home.vectors.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            found = [row[0] for row in connection.execute("PRAGMA quick_check")]
            if found != ["ok"]:
                raise sqlite3.DatabaseError(found[0])
            query = "SELECT vector, crc32 FROM vectors WHERE embedder = ?"
            yield from connection.execute(query, (embedder,))
    except sqlite3.Error as error:
        raise CitewellError(
            f"{home.vectors} is damaged ({error}); remove it, and ingest again, which embeds every "
            "text anew"
        ) from error


def opened(settings: Settings) -> SqlStore:
    """Return the store, for reading only."""
    return open_store(settings, read_only=True)
