"""A document that is a ZIP package of XML parts, opened only if it is harmless."""

import io
import zipfile
import zlib

from corpus.errors import PasswordError, ReadError

_MOST_PARTS = 20_000
_MOST_BYTES = 512 * 1024**2
_MOST_RATIO = 100
_SMALL_BYTES = 4 * 1024**2
_MARKUP = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm")
_ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))

FAILURES = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError)
"""What zipfile raises for a damaged archive or one packed in a way that it does not know."""


def open_package(content: bytes, kind: str) -> zipfile.ZipFile:
    """Return the opened package, after its parts were counted and its XML looked through.

    `kind` names the format in messages. Raises: PasswordError if it is encrypted; ReadError if it
    is damaged, a bomb (too many parts, or unpacking to much more than it is), or declares XML
    entities, which no such document needs and which may read files or grow without end.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except FAILURES as error:
        raise _damaged(content, kind, error) from error
    parts = package.infolist()
    if len(parts) > _MOST_PARTS:
        raise ReadError(f"{kind} of {len(parts)} parts. Expected at most {_MOST_PARTS}; a bomb?")
    total = sum(part.file_size for part in parts)
    if total > _MOST_BYTES or (total > _SMALL_BYTES and total > _MOST_RATIO * len(content)):
        raise ReadError(
            f"{kind} of {len(content)} bytes that unpacks to {total}. Expected at most "
            f"{_MOST_RATIO} times its size and {_MOST_BYTES} bytes; a bomb? Export it again."
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise PasswordError(f"{kind} that is encrypted. Save it without a password.")
    try:
        for part in parts:
            if part.filename.lower().endswith(_MARKUP):
                _refuse_entities(package.read(part), part.filename, kind)
    except (*FAILURES, RuntimeError) as error:
        raise _damaged(content, kind, error) from error
    return package


def _refuse_entities(markup: bytes, name: str, kind: str) -> None:
    if any(sign in markup for sign in _ENTITY):
        raise ReadError(
            f"{kind} whose part {name} declares XML entities. Expected none: they can read other "
            "files or grow without end. Save the document again with its own program."
        )


def _damaged(content: bytes, kind: str, error: Exception) -> ReadError:
    return ReadError(
        f"{kind} that is damaged ({len(content)} bytes: {error}). "
        "Expected a file that its program opens; download or export it again."
    )
