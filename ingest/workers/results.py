"""What a worker process sends back, read so that it can name values only, never acts."""

import enum
import importlib
import io
import multiprocessing.connection
import multiprocessing.context
import os
import pickle
from dataclasses import is_dataclass
from multiprocessing.connection import Connection

from corpus.errors import CitewellError

_ROOMS = tuple(
    f"{name.rsplit('.', depth)[0]}."
    for name, depth in ((CitewellError.__module__, 1), (__name__, 2))
)
_PLAIN = {
    "builtins": {"set", "frozenset", "bytearray", "complex"},
    "datetime": {"date", "datetime", "timedelta", "timezone"},
    "pathlib": {"Path", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"},
    "pathlib._local": {"PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"},
    "_pickle": {"PicklingError"},
    "pebble.common.types": {"Result", "ResultStatus", "RemoteException.rebuild_exception"},
    "pebble.pool.process": {"Acknowledgement", "TaskResult", "TaskProblem"},
}


class _Values(pickle.Unpickler):
    """Reads dataclasses, enums and errors of citewell, errors of Python, and plain values.

    A pickle may name any function there is and have it called, and whoever has taken over a worker
    chooses the bytes.
    """

    def find_class(self, module: str, name: str) -> object:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if "." not in name and (module == "builtins" or module.startswith(_ROOMS)):
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type) and found.__module__ == module and _is_value(found):
                return found
        raise pickle.UnpicklingError(
            f"A worker process sent {module}.{name}. Expected a result or an error of citewell."
        )


def _is_value(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, enum.Enum | Exception)


class _ResultsEnd(Connection):
    """The end of a pipe where the results of workers come out."""

    def recv(self) -> object:
        """Return the next result. Raises: OSError where it is none, EOFError at the end."""
        sent = self.recv_bytes()
        try:
            return _Values(io.BytesIO(sent)).load()
        except Exception as error:  # bytes that are no pickle may raise anything
            raise OSError(f"A worker process sent no result: {error}") from error

    def __reduce__(self) -> tuple[object, ...]:
        """A process that starts has a plain end: its parent is believed."""
        reduced: tuple[object, ...] = multiprocessing.connection.reduce_connection(self)  # type: ignore[attr-defined]
        return reduced


class WorkerContext(multiprocessing.context.SpawnContext):
    """Starts processes afresh, and reads with care what they send."""

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802
        """Return the two ends of a pipe."""
        if duplex or os.name == "nt":
            return super().Pipe(duplex)
        reader, writer = os.pipe()
        return _ResultsEnd(reader, writable=False), Connection(writer, readable=False)
