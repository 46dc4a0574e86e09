"""What goes into the room, and what is said of each piece that did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from corpus.chunk import Chunk
from corpus.errors import ReadError
from corpus.ids import DocId

MEMBER = "!/"
"""Stands between a container's source and the name of a file in it: `a.zip!/b/report.docx`."""

Status = Literal["added", "unchanged", "replaced", "rejected"]


@dataclass(frozen=True, slots=True)
class Fields:
    """What is known of a document besides its file; it goes before what the file says.

    `provenance` names the origin of values whose origin is not that of the whole.
    """

    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    language: str | None = None
    collection: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """One file to ingest: at `path`, or its bytes in `content`.

    `source` is its lasting address (an absolute path, a URL); `name` tells its kind by its ending.
    `root` is the folder, pattern, manifest or address that it was found by. An address without
    content is to be fetched. `doc_id` is that of a stored document that is read again.
    """

    source: str
    name: str
    path: Path | None = None
    content: bytes | None = None
    fields: Fields = field(default_factory=Fields)
    root: str = ""
    doc_id: DocId | None = None

    def read_bytes(self, max_bytes: int) -> bytes:
        """Return the file's bytes.

        Raises: ReadError if it cannot be read or is larger than `max_bytes`.
        """
        content = self.content
        if content is None:
            content = _bytes_at(self.path, max_bytes)
        if len(content) > max_bytes:
            raise ReadError(_too_large(len(content), max_bytes))
        return content


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source.

    `pages` is the document's number of pages; `chunks` are those just stored, empty where nothing
    was. `reason` says why it was rejected or unchanged, or what is amiss with an added one;
    `without_tesseract` counts its pages that Tesseract would have read, were it installed.
    """

    source: str
    status: Status
    doc_id: DocId | None = None
    pages: int = 0
    chunks: tuple[Chunk, ...] = ()
    reason: str | None = None
    root: str = ""
    without_tesseract: int = 0


def is_address(path: str) -> bool:
    """Tell whether what was given is an http(s) address."""
    return path.lower().startswith(("http://", "https://"))


def _bytes_at(path: Path | None, max_bytes: int) -> bytes:
    if path is None:
        raise ReadError("A source with neither path nor content. Expected one of them.")
    try:
        if not path.is_file():
            found = "not a regular file" if path.exists() else "no such file"
            raise ReadError(f"{found.capitalize()}: {path}. Expected a document.")
        size = path.stat().st_size
        if size > max_bytes:
            raise ReadError(_too_large(size, max_bytes))
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReadError(
            f"The file cannot be read: {reason}. Check it and its permissions."
        ) from error


def _too_large(size: int, max_bytes: int) -> str:
    return f"A file of {size} bytes. Expected at most {max_bytes}; split it or raise the limit."
