"""One file a format; which reader reads what."""

from pathlib import PurePosixPath

from corpus.errors import ReadError, UnsupportedError
from ingest.readers.reader import Reader

SUPPORTED_EXTENSIONS = (".pdf", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml")
SUPPORTED = "PDF (.pdf), plain text (.txt), Markdown (.md) and HTML (.html)"

_HEAD_BYTES = 1024
_BINARY = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3", "a SQLite database"),
)


def reader_for(content: bytes, name: str) -> Reader:
    """Return the reader for a file: by its first bytes, then by its name's extension.

    Raises: ReadError for an empty file or one that its extension belies, UnsupportedError for a
    kind that no reader knows.
    """
    if not content:
        raise ReadError("An empty file (0 bytes). Expected a document; check it at its source.")
    extension = PurePosixPath(name.lower()).suffix
    if b"%PDF-" in content[:_HEAD_BYTES]:
        return _reader(".pdf")
    if extension == ".pdf":
        raise ReadError(
            f"A file named .pdf that is no PDF (it starts with {content[:8]!r}). "
            "Expected %PDF- at its start; download it again or rename it."
        )
    for magic, kind in _BINARY:
        if content.startswith(magic) and extension not in {".txt", ".text", ".md", ".markdown"}:
            raise UnsupportedError(f"{kind[0].upper()}{kind[1:]}. Supported are {SUPPORTED}.")
    if extension in SUPPORTED_EXTENSIONS:
        return _reader(extension)
    head = content[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return _reader(".html")
    found = f"files ending in {extension}" if extension else "files without an extension"
    raise UnsupportedError(f"No reader for {found}. Supported are {SUPPORTED}.")


def all_readers() -> tuple[Reader, ...]:
    """Return one reader of each format."""
    return tuple(_reader(extension) for extension in (".pdf", ".txt", ".md", ".html"))


def _reader(extension: str) -> Reader:
    """Import the reader where it is used: nothing heavy is loaded with the room."""
    if extension == ".pdf":
        from ingest.readers.pdf import PdfReader

        return PdfReader()
    if extension in {".html", ".htm", ".xhtml"}:
        from ingest.readers.html import HtmlReader

        return HtmlReader()
    if extension in {".md", ".markdown"}:
        from ingest.readers.markdown import MarkdownReader

        return MarkdownReader()
    from ingest.readers.text import TextReader

    return TextReader()
