"""What a file may make a reader do that was taken over: each returns what it got by it."""

import errno
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.ids import sha256_of


def ready() -> None:
    """Nothing to prepare; the worker knows this module from its start."""


def write_on_a_full_disk(_: bytes) -> bytes:
    raise OSError(errno.EFBIG, "File too large")


def open_what_is_not_there(_: bytes) -> bytes:
    raise OSError(errno.ENOENT, "No such file or directory")


def read(content: bytes) -> bytes:
    return Path(os.fsdecode(content)).read_bytes()


def listed(content: bytes) -> list[str]:
    return [path.name for path in Path(os.fsdecode(content)).iterdir()]


def write(content: bytes) -> None:
    Path(os.fsdecode(content)).write_bytes(b"planted")


def write_beside_and_rename(content: bytes) -> None:
    own = Path(os.environ["TMPDIR"]) / "own"
    own.write_bytes(b"planted")
    own.rename(os.fsdecode(content))


def remove(content: bytes) -> None:
    Path(os.fsdecode(content)).unlink()


def open_to_all(content: bytes) -> None:
    Path(os.fsdecode(content)).chmod(0o777)


def link_into_own_folder(content: bytes) -> None:
    (Path(os.environ["TMPDIR"]) / "link").symlink_to(os.fsdecode(content))


def hard_link_into_own_folder(content: bytes) -> None:
    (Path(os.environ["TMPDIR"]) / "link").hardlink_to(os.fsdecode(content))


def connect(content: bytes) -> None:
    host, port = content.decode().split()
    with socket.create_connection((host, int(port)), timeout=5):
        pass


def send_datagram(content: bytes) -> None:
    host, port = content.decode().split()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"secret", (host, int(port)))


def connect_locally(content: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as out:
        out.connect(content)


def end_parent(_: bytes) -> None:
    os.kill(os.getppid(), signal.SIGCONT)


def run_shell(_: bytes) -> bytes:
    return subprocess.run(["/bin/sh", "-c", "echo out"], capture_output=True, check=True).stdout


def read_in_a_thread(content: bytes) -> bytes:
    got: list[bytes] = []
    errors: list[Exception] = []

    def attempt() -> None:
        try:
            got.append(read(content))
        except OSError as error:
            errors.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return got[0]


def variables(_: bytes) -> dict[str, str]:
    return dict(os.environ)


def own_folder(content: bytes) -> bytes:
    path = Path(os.environ["TMPDIR"]) / "draft"
    path.write_bytes(content)
    found = path.read_bytes()
    path.unlink()
    return found


@dataclass
class Command:
    """An object that becomes a call when it is read back."""

    act: Callable[..., object]
    argument: str

    def __reduce__(self) -> tuple[object, ...]:
        return self.act, (self.argument,)


def command(content: bytes) -> Command:
    """Send back what makes whoever reads it make a folder."""
    return Command(os.mkdir, os.fsdecode(content))


def constructed(content: bytes) -> Command:
    """Send back what makes whoever reads it run a function of citewell."""
    return Command(sha256_of, os.fsdecode(content))
