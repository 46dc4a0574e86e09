"""Lines of a text file with their numbers, for readers that name what they cannot read."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from corpus.errors import InputError

_GZIP = b"\x1f\x8b"


def numbered_lines(path: Path, what: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1 and without their ends.

    A file that begins as gzip does is unpacked, whatever its name. `what` says what is
    expected: `a TREC run`.

    Raises: InputError if the file is missing, damaged, or not UTF-8, naming the line.
    """
    number = 0
    try:
        with _opened(path) as file:
            for number, raw in enumerate(file, start=1):
                line = _decoded(raw, path, number)
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{path}, after line {number}: found damaged gzip data ({error}); expected {what}."
        ) from error
    except OSError as error:
        raise InputError(f"{path}: expected {what}; {error.strerror}.") from error


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    # The caller closes it; gzip files are binary files in all that is used of them.
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _decoded(raw: bytes, path: Path, number: int) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {number}: found bytes that are not UTF-8 ({error.reason} at byte "
            f"{error.start}); expected UTF-8 text."
        ) from error
