"""One line of the audit log, and the head that says which line is the last one."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from corpus.ids import Sha256

Event = Literal[
    "asked",
    "searched",
    "found",
    "ingested",
    "edited",
    "deleted",
    "rolled_back",
    "imported",
    "restored",
    "key_created",
    "key_revoked",
]
NOTHING = Sha256("0" * 64)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, numbered from 1. `time` is ISO 8601, UTC.

    `key_id` is of the key that was used, `user` who ran a command on the server's machine.
    `previous` is the SHA-256 of the line before, so that no line can be changed or taken out alone.
    """

    number: int
    time: str
    event: Event
    key_id: str | None
    user: str | None
    request_id: str | None
    about: Mapping[str, object]
    previous: Sha256

    def line(self) -> bytes:
        """Return the entry as one line of JSON, without its end."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode("utf-8")

    @classmethod
    def of(cls, line: bytes) -> "Entry":
        """Return the entry of a line. Raises: ValueError if it is none."""
        found = json.loads(line)
        try:
            return cls(**found)
        except TypeError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: the last entry, its SHA-256, its file and that file's size in bytes.

    `signature` is Ed25519 over all else, by the home's key `key_id`: so an end that was cut off
    shows.
    """

    number: int
    sha256: Sha256
    file: str
    size: int
    key_id: str = ""
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Return what is signed."""
        fields = asdict(self)
        del fields["signature"]
        return json.dumps(fields, sort_keys=True).encode("utf-8")


EMPTY = Head(0, NOTHING, "", 0)
