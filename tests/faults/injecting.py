"""A fault at one point of what a process writes: it fails there once, or the process ends there.

A point is an open for writing, a write, an fsync, a rename, a removal, a new folder, or a commit of
SQLite, as Python sees them; what libraries write by themselves (FAISS, tantivy) comes between the
folders and renames around it.
"""

import builtins
import errno
import io
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any, Literal

Mode = Literal["count", "fail", "crash"]

CRASHED = 66
_AUDITED = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Fault:
    """Counts the points below a folder, and acts at the one that is chosen."""

    def __init__(self, below: Path, mode: Mode, at: int = 0) -> None:
        self._below = str(below)
        self._mode = mode
        self._at = at
        self.points: list[str] = []

    def point(self, kind: str, path: object = None) -> None:
        """Pass a point. Raises: OSError at the chosen one, where it is to fail."""
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else None
        if name is not None and not name.startswith(self._below):
            return
        self.points.append(f"{kind} {Path(name).name if name else ''}".strip())
        if len(self.points) != self._at:
            return
        if self._mode == "crash":
            os._exit(CRASHED)
        if kind == "commit":
            raise sqlite3.OperationalError("disk I/O error")
        raise OSError(errno.EIO, "Input/output error", name)

    def install(self) -> None:
        """Watch this process from now on; there is no way back."""
        sys.addaudithook(self._audit)
        builtins.open = self._opening(builtins.open)
        io.open = self._opening(io.open)
        os.fsync = self._syncing(os.fsync)
        sqlite3.connect = self._connecting(sqlite3.connect)
        sqlite3.dbapi2.connect = sqlite3.connect

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _AUDITED:
            self.point(event.removeprefix("os."), args[0])
        elif event == "open" and isinstance(args[2], int) and args[2] & _WRITING:
            self.point("open", args[0])

    def _opening(self, real: Any) -> Any:
        def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            found = real(file, mode, *args, **kwargs)
            inside = str(file).startswith(self._below)
            return _Written(found, self, str(file)) if inside and set(mode) & set("wax+") else found

        return opened

    def _syncing(self, real: Any) -> Any:
        def synced(descriptor: int) -> None:
            self.point("fsync", Path(f"/proc/self/fd/{descriptor}").readlink())
            real(descriptor)

        return synced

    def _connecting(self, real: Any) -> Any:
        fault = self

        class Connection(sqlite3.Connection):
            def commit(self) -> None:
                if self.in_transaction:
                    fault.point("commit")
                super().commit()

            def execute(self, sql: str, *args: Any) -> Any:
                if sql in ("COMMIT", "VACUUM"):
                    fault.point("commit")
                return super().execute(sql, *args)

        def connected(*args: Any, **kwargs: Any) -> Any:
            return real(*args, **{**kwargs, "factory": Connection})

        return connected


class _Written:
    """A file whose writes are points; everything else is the file's own."""

    def __init__(self, file: Any, fault: Fault, name: str) -> None:
        self._file = file
        self._fault = fault
        self._name = name

    def write(self, content: Any) -> Any:
        """Write, or do not."""
        self._fault.point("write", self._name)
        return self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_Written":
        self._file.__enter__()
        return self

    def __exit__(self, *error: object) -> Any:
        return self._file.__exit__(*error)
