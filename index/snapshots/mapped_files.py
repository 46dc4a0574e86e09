"""The files that an open snapshot has mapped, watched for what would kill the process."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class MappedFiles:
    """Files as they were when they were mapped: path, inode and size.

    Reading a mapped file behind its end kills the process (SIGBUS), so the sizes are looked at
    before each use. A file that was removed or replaced is still there for who has mapped it.
    """

    files: tuple[tuple[Path, int, int], ...] = ()

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Self:
        """Return the files as they are now. Raises: OSError."""
        found = ((path, path.stat()) for path in paths)
        return cls(tuple((path, stat.st_ino, stat.st_size) for path, stat in found))

    def shrunk(self) -> str | None:
        """Return what is wrong with the first file that is shorter than it was; None if none is."""
        for path, inode, size in self.files:
            try:
                stat = path.stat()
            except OSError:
                continue
            if stat.st_ino == inode and stat.st_size < size:
                return f"{path} has {stat.st_size} bytes, and had {size} when it was opened"
        return None
