"""What a backup holds."""

from dataclasses import dataclass
from typing import Literal

from corpus.ids import Sha256

FORMAT = 1


@dataclass(frozen=True, slots=True)
class BackedUpFile:
    """A file of the home: its path there, its bytes in all, and the blocks that it is made of."""

    path: str
    size: int
    sha256: Sha256
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup. `deleted` are the documents that had been deleted when it was made, without those
    that had been added again; `revoked` are the ids of revoked keys.

    `store` is the kind of the store; whatever it was, it can be restored into either.
    """

    format: Literal[1]
    backup_id: str
    made_at: str
    citewell: str
    store: Literal["sqlite", "postgresql"]
    documents: int
    snapshot: str | None
    signing_key: bool
    deleted: tuple[str, ...]
    files: tuple[BackedUpFile, ...]
    revoked: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)
