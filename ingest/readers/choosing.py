"""Which reader reads a file: by its first bytes, then by its name."""

from pathlib import PurePosixPath

from corpus.errors import ReadError, UnsupportedError
from ingest.readers.document.formats import (
    DOCX,
    EPUB,
    FORMATS,
    HTML,
    ODT,
    PDF,
    PPTX,
    RTF,
    XLSX,
    Format,
    format_named,
    format_of,
)
from ingest.readers.document.reader import Reader

SUPPORTED_EXTENSIONS = tuple(extension for each in FORMATS for extension in each.extensions)
SUPPORTED = ", ".join(f"{each.name} ({each.extensions[0]})" for each in FORMATS)

_HEAD_BYTES = 1024
_PACKAGE = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_TEXTUAL = {".txt", ".text", ".md", ".markdown"}
_BINARY = (
    (_PACKAGE, "a ZIP archive or an Office document"),
    (_OLE, "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"%!PS", "a PostScript document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3", "a SQLite database"),
)
# What a package is, by a name that stands near its start or in its directory at the end.
_PACKAGES = (
    (b"mimetypeapplication/epub+zip", EPUB),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", ODT),
    (b"word/document.xml", DOCX),
    (b"ppt/presentation.xml", PPTX),
    (b"xl/workbook.xml", XLSX),
)


def reader_for(content: bytes, name: str) -> Reader:
    """Return the reader for a file: by its first bytes, then by its name's extension.

    Raises: ReadError for an empty file or one that its extension belies, UnsupportedError for a
    kind that no reader knows.
    """
    if not content:
        raise ReadError("An empty file (0 bytes). Expected a document; check it at its source.")
    extension = PurePosixPath(name.lower()).suffix
    by_name = format_of(extension)
    by_content = _by_content(content)
    if by_content is not None and not (extension in _TEXTUAL and by_content.media_type != PDF):
        return by_content.open()
    if extension == ".pdf":
        raise ReadError(
            f"A file named .pdf that is no PDF (it starts with {content[:8]!r}). "
            "Expected %PDF- at its start; download it again or rename it."
        )
    for magic, kind in _BINARY:
        fits = by_name is not None and (extension in _TEXTUAL or _may_start(by_name, magic))
        if content.startswith(magic) and not fits:
            raise UnsupportedError(f"{kind[0].upper()}{kind[1:]}. Supported are {SUPPORTED}.")
    if by_name is not None:
        return by_name.open()
    head = content[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    html = format_named(HTML)
    if head.startswith((b"<!doctype html", b"<html")) and html is not None:
        return html.open()
    found = f"files ending in {extension}" if extension else "files without an extension"
    raise UnsupportedError(f"No reader for {found}. Supported are {SUPPORTED}.")


def all_readers() -> tuple[Reader, ...]:
    """Return one reader of each format."""
    return tuple(each.open() for each in FORMATS)


def _by_content(content: bytes) -> Format | None:
    """Return the format that the bytes tell surely, None where the name has to."""
    if b"%PDF-" in content[:_HEAD_BYTES]:
        return format_named(PDF)
    if content.startswith(b"{\\rtf"):
        return format_named(RTF)
    if content.startswith(_PACKAGE):
        ends = content[:_HEAD_BYTES] + content[-65536:]
        for sign, media_type in _PACKAGES:
            if sign in ends:
                return format_named(media_type)
    return None


def _may_start(found: Format, magic: bytes) -> bool:
    """Tell whether files of a format may start so: damaged ones reach their reader's message."""
    return (
        (magic == _PACKAGE and "officedocument" in found.media_type.replace(".", ""))
        or (magic == _PACKAGE and found.media_type in {EPUB, ODT, DOCX, PPTX, XLSX})
        or (magic == _OLE and found.extensions == (".msg",))
    )
