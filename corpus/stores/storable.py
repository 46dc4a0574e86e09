"""What every store refuses, so that all of them keep the same things.

PostgreSQL keeps no NUL in a text, and UTF-8 has no lone surrogates. A reader maps both before a
page is final; a store that mapped them itself would move the offsets of every citation.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple

from corpus.chunk import Chunk
from corpus.document import Document, Page
from corpus.errors import StoreError
from corpus.note import Note

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def refuse_unstorable(document: Document, pages: Sequence[Page], chunks: Sequence[Chunk]) -> None:
    """Return if every store can keep the document.

    Raises: StoreError for a text with NUL or a lone surrogate, a page number or chunk id that
    stands twice, or a chunk of another document; the message names the place.
    """
    for place, text in _texts(document, pages, chunks):
        refuse_unstorable_text(place, text)
    _refuse_twice("page", document, (page.number for page in pages))
    _refuse_twice("chunk", document, (chunk.chunk_id for chunk in chunks))
    for chunk in chunks:
        if chunk.doc_id != document.doc_id:
            raise StoreError(
                f"chunk {chunk.chunk_id} belongs to {chunk.doc_id}; it was added with "
                f"{document.doc_id}"
            )


def refuse_unstorable_note(note: Note) -> None:
    """Return if every store can keep the note. Raises: StoreError."""
    for text in astuple(note):
        if isinstance(text, str):
            refuse_unstorable_text(f"note {note.note_id!r}", text)


def refuse_unstorable_text(place: str, text: str) -> None:
    """Return if every store can keep the text. Raises: StoreError naming the place."""
    found = _UNSTORABLE.search(text)
    if found:
        raise StoreError(
            f"{place} has the character U+{ord(found[0]):04X} at {found.start()}, which cannot be "
            "stored; map NUL and lone surrogates before adding"
        )


def readable(text: str) -> str:
    """Return the text with what cannot be stored replaced by U+FFFD, for messages only."""
    return _UNSTORABLE.sub("\ufffd", text)


def _texts(
    document: Document, pages: Sequence[Page], chunks: Sequence[Chunk]
) -> Iterator[tuple[str, str]]:
    name = f"document {document.doc_id}"
    for field in ("doc_id", "sha256", "source", "title", "collection", "media_type", "reading"):
        yield f"the {field} of {name}", getattr(document, field)
    for field in ("publisher", "date", "language", "partial"):
        yield f"the {field} of {name}", getattr(document, field) or ""
    for key, value in document.metadata.items():
        yield f"the metadata of {name}", key
        yield f"the metadata {key!r} of {name}", value
    for key, value in document.provenance.items():
        yield f"the provenance of {name}", f"{key} {value}"
    for page in pages:
        place = f"page {page.number} of {name}"
        yield place, page.text
        yield f"the label of {place}", page.label
        yield f"the quality of {place}", page.quality.reason or ""
        yield f"the language of {place}", page.language or ""
    for chunk in chunks:
        place = f"chunk {chunk.chunk_id} of {name}"
        for text in (chunk.chunk_id, chunk.text, chunk.search_text, chunk.context, *chunk.section):
            yield place, text


def _refuse_twice(noun: str, document: Document, keys: Iterable[int | str]) -> None:
    seen: set[int | str] = set()
    for key in keys:
        if key in seen:
            raise StoreError(f"{noun} {key} stands twice in document {document.doc_id}")
        seen.add(key)
