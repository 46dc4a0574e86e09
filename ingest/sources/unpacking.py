"""Files inside a file: archives and the attachments of messages, unpacked under limits."""

import email.message
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.errors import PasswordError, ReadError
from corpus.stores.storable import readable
from ingest.readers.choosing import SUPPORTED, SUPPORTED_EXTENSIONS
from ingest.readers.document.formats import EML, MSG, format_of
from ingest.readers.guards.nesting import MESSAGE_TOO_DEEP
from ingest.readers.guards.package import FAILURES
from ingest.sources.manifest import MANIFEST

ARCHIVE_EXTENSIONS = (".zip",)
_MESSAGES = (EML, MSG)
_MOST_RATIO = 200
_SMALL_BYTES = 16 * 1024**2
_BLOCK_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class UnpackingLimits:
    """How much may come out of one file, with all that is inside it."""

    depth: int = 3
    members: int = 5_000
    total_bytes: int = 2 * 1024**3

    def less(self, members: "list[Member]") -> "UnpackingLimits":
        """Return what is left after these members, one level further down."""
        taken = sum(member.size for member in members)
        return UnpackingLimits(
            self.depth - 1, self.members - len(members), self.total_bytes - taken
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A file of another one: `name` with its folders; at `path` unless there is a `reason`."""

    name: str
    path: Path | None = None
    size: int = 0
    reason: str | None = None


def is_archive(name: str) -> bool:
    """Tell whether a file is nothing but a container, by its name."""
    return PurePosixPath(name.lower()).suffix in ARCHIVE_EXTENSIONS


def is_container(name: str) -> bool:
    """Tell whether a file may have others in it, by its name."""
    found = format_of(PurePosixPath(name.lower()).suffix)
    return is_archive(name) or (found is not None and found.media_type in _MESSAGES)


def unpack(
    content: bytes, name: str, folder: Path, limits: UnpackingLimits, password: str | None = None
) -> list[Member]:
    """Write the files in a container to a folder, and return them in order.

    On disk they have numbers for names, so that no name inside can lead outside. Hidden files,
    manifests and what is shown inside a message are passed over; a file of no supported kind, one
    that cannot be unpacked and the second of one name are members with a reason.

    Raises: PasswordError; ReadError for a damaged container, or one with more in it than the
    limits allow.
    """
    if limits.depth < 1:
        raise ReadError("A container inside containers, too deep to open. Unpack it by hand.")
    if is_archive(name):
        found = _in_archive(content, limits, password)
    elif name.lower().endswith(".msg"):
        found = _in_outlook_message(content)
    else:
        found = _in_message(content)
    try:
        return list(_written(found, folder, limits))
    except RecursionError as error:
        raise ReadError(MESSAGE_TOO_DEEP) from error


def _written(
    found: Iterator[tuple[str, bytes | str]], folder: Path, limits: UnpackingLimits
) -> Iterator[Member]:
    """Write each file; a text instead of bytes is the reason why there is none."""
    seen: set[str] = set()
    total = 0
    for number, (raw_name, content) in enumerate(found):
        name = _inner_name(raw_name)
        hidden = any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
        if hidden or name.rsplit("/", 1)[-1] == MANIFEST:
            continue
        if number >= limits.members:
            raise ReadError(f"More than {limits.members} files in it. Unpack it by hand.")
        reason = content if isinstance(content, str) else None
        if name in seen:
            reason = "The second file of this name in its container. Unpack it by hand."
        elif not _is_supported(name):
            ending = PurePosixPath(name).suffix
            found_kind = f"ending in {ending}" if ending else "without an extension"
            reason = f"No reader for files {found_kind}. Supported are {SUPPORTED}."
        seen.add(name)
        if reason is not None or isinstance(content, str):
            yield Member(name, reason=reason)
            continue
        total += len(content)
        if total > limits.total_bytes:
            raise ReadError(
                f"More than {limits.total_bytes} bytes in it, unpacked. A bomb? Unpack it by hand."
            )
        path = folder / f"{number:05}"
        path.write_bytes(content)
        yield Member(name, path, len(content))


def _is_supported(name: str) -> bool:
    return is_archive(name) or PurePosixPath(name.lower()).suffix in SUPPORTED_EXTENSIONS


def _inner_name(raw: str) -> str:
    """Return a name with its folders, without roots and ways up."""
    parts = raw.replace("\\", "/").split("/")
    kept = [part for part in parts if part not in {"", ".", ".."}]
    return readable("/".join(kept)) or "unnamed"


def _in_archive(
    content: bytes, limits: UnpackingLimits, password: str | None
) -> Iterator[tuple[str, bytes | str]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except FAILURES as error:
        raise ReadError(
            f"A ZIP archive that is damaged ({len(content)} bytes: {error}). Make it again."
        ) from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        total = sum(entry.file_size for entry in entries)
        if total > limits.total_bytes or (
            total > _SMALL_BYTES and total > _MOST_RATIO * len(content)
        ):
            raise ReadError(
                f"A ZIP archive of {len(content)} bytes that unpacks to {total}. Expected at most "
                f"{_MOST_RATIO} times its size and {limits.total_bytes} bytes; a bomb?"
            )
        for entry in entries:
            yield entry.filename, _entry(archive, entry, password)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, password: str | None) -> bytes | str:
    if not _is_supported(entry.filename):
        return b""
    try:
        return archive.read(entry, pwd=password.encode() if password else None)
    except RuntimeError as error:  # what zipfile raises for a missing or wrong password
        raise PasswordError(
            f"An encrypted ZIP archive ({error}). Give the right password."
        ) from error
    except FAILURES as error:
        return f"Damaged inside its archive ({error}). Make the archive again."


def _in_message(content: bytes) -> Iterator[tuple[str, bytes | str]]:
    from ingest.readers.mail.eml import open_message

    message = open_message(content)
    inner: set[int] = set()
    for number, part in enumerate(message.walk()):
        if number == 0 or id(part) in inner:
            continue
        if part.get_content_type() == "message/rfc822":
            attached = part.get_payload()
            if isinstance(attached, list) and isinstance(attached[0], email.message.Message):
                inner |= {id(below) for below in part.walk()}
                yield part.get_filename() or f"message-{number}.eml", attached[0].as_bytes()
            continue
        name = part.get_filename()
        shown = part.get("content-id") is not None or part.get_content_disposition() == "inline"
        if name and (_is_supported(name) or not shown):
            raw = part.get_payload(decode=True)
            yield name, raw if isinstance(raw, bytes) else b""


def _in_outlook_message(content: bytes) -> Iterator[tuple[str, bytes | str]]:
    from oxmsg import Message

    try:
        message = Message.load(io.BytesIO(content))
        for number, attachment in enumerate(message.attachments):
            name = attachment.file_name or f"attachment-{number}"
            yield name, attachment.file_bytes or b""
    except Exception as error:
        raise ReadError(
            f"An Outlook message that is damaged ({type(error).__name__}: {error}). Save it again."
        ) from error
