"""The audit log of a home: one file a month, lines only ever added, under a lock."""

import getpass
import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from filelock import FileLock

from corpus.clock import utc_now
from corpus.errors import StoreError
from corpus.home import Home
from corpus.ids import sha256_of
from service.auditing.entry import EMPTY, Entry, Event, Head
from service.citations.receipt_signing import SigningKey
from service.observing.request_context import current_request

logger = logging.getLogger(__name__)

HEAD = "head.json"


class AuditLog:
    """Adds entries. For several threads and processes of one machine, and shares with locks.

    An entry that cannot be written is said in the log of the server, at level `error`: what was
    done is done.
    """

    def __init__(self, home: Home) -> None:
        self._folder = home.audit
        self._key_file = home.signing_key
        self._key: SigningKey | None = None
        self._thread = threading.Lock()

    def record(self, event: Event, about: Mapping[str, object], *, durable: bool = True) -> None:
        """Add what happened just now; with `durable` it is on the disk when this returns."""
        request = current_request()
        entry = Entry(
            number=0,
            time=utc_now(),
            event=event,
            key_id=None if request is None else request.key_id,
            user=_user() if request is None else None,
            request_id=None if request is None else request.request_id,
            about=about,
            previous=EMPTY.sha256,
        )
        try:
            with self._thread:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with FileLock(self._folder / ".lock"):
                    self._append(entry, durable=durable)
        except (OSError, StoreError) as error:
            logger.error("the audit log %s cannot be written: %s", self._folder, error)

    def _append(self, entry: Entry, *, durable: bool) -> None:
        head = mended(self._folder, read_head(self._folder) or EMPTY)
        entry = replace(entry, number=head.number + 1, previous=head.sha256)
        # A clock that is set back does not lead into a file of the past.
        file = max(head.file, f"{entry.time[:7]}.jsonl")
        line = entry.line()
        with os.fdopen(_opened(self._folder / file), "ab") as out:
            out.write(line + b"\n")
            out.flush()
            if durable:
                os.fsync(out.fileno())
            size = out.tell()
        self._write_head(Head(entry.number, sha256_of(line), file, size))

    def _write_head(self, head: Head) -> None:
        if self._key is None:
            self._key = SigningKey.open(self._key_file)
        head = replace(head, key_id=self._key.public.key_id)
        head = replace(head, signature=self._key.key.sign(head.signed_bytes()).hex())
        draft = self._folder / f".{HEAD}"
        with os.fdopen(_opened(draft, os.O_TRUNC), "w", encoding="utf-8") as out:
            json.dump(asdict(head), out)
        draft.replace(self._folder / HEAD)


def read_head(folder: Path) -> Head | None:
    """Return where the log ends; None where nothing says so. Raises: StoreError."""
    try:
        return Head(**json.loads((folder / HEAD).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise StoreError(f"{folder / HEAD} is not the head of an audit log: {error}") from error


def mended(folder: Path, head: Head) -> Head:
    """Return the head after what a process that was killed has left behind it.

    A whole line that follows the last one is kept, a part of a line is removed.
    """
    file = folder / head.file
    if not head.file or not file.exists() or file.stat().st_size <= head.size:
        return head
    with file.open("r+b") as lines:
        lines.seek(head.size)
        left = lines.read()
        line, end, rest = left.partition(b"\n")
        if end and not rest and _follows(line, head):
            return replace(head, number=head.number + 1, sha256=sha256_of(line), size=lines.tell())
        if not end:
            lines.truncate(head.size)
    return head


def _follows(line: bytes, head: Head) -> bool:
    try:
        entry = Entry.of(line)
    except ValueError:
        return False
    return (entry.number, entry.previous) == (head.number + 1, head.sha256)


def _opened(file: Path, how: int = os.O_APPEND) -> int:
    """Return a descriptor for adding to a file that its owner alone may read."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | how, 0o600)


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name
        return str(os.getuid())
