"""A file that was sent, and what was said of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.access.access import EVERYTHING, Access


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, what was said of it, and what its sender may do.

    `request_key` is what the sender calls the request, if anything: its Idempotency-Key.
    `request_id` names the request in the log; sent again, it has another one.
    """

    file_name: str
    collection: str
    metadata: Mapping[str, str]
    password: str | None = None
    access: Access = EVERYTHING
    request_key: str | None = None
    request_id: str | None = None

    @property
    def source(self) -> str:
        """The source under which the document is kept: the same name is the same source.

        Within its collection: a file of one never takes the place of another's.
        """
        name = safe_name(self.file_name)
        return (
            f"upload:{name}" if self.collection == "default" else f"upload:{self.collection}/{name}"
        )

    @property
    def sender(self) -> str:
        """The id of the key that it was sent with; empty without one."""
        return self.access.key_id or ""


def safe_name(file_name: str) -> str:
    """Return a file name that is safe in a folder: no path, no control characters, not hidden.

    >>> safe_name("../../etc/Almaty report.pdf")
    'Almaty report.pdf'
    >>> safe_name("..")
    'upload'
    """
    base = re.split(r"[\\/]", file_name)[-1]
    clean = re.sub(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"|?*]', "_", base).strip(" .")
    stem, dot, suffix = clean.rpartition(".")
    if len(suffix.encode()) > 16 or not dot:
        stem, dot, suffix = clean, "", ""
    room = 180 - len(suffix.encode())
    return (stem.encode()[:room].decode("utf-8", "ignore") + dot + suffix) or "upload"
