"""Which snapshot answered when: a line in `snapshots/HISTORY` each time the pointer is set."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from corpus.home import Home
from corpus.ids import SnapshotId

_ID = re.compile(r"s[0-9a-f]{16}")


def note_answering(home: Home, snapshot_id: SnapshotId) -> None:
    """Note that a snapshot answers from now on. Raises: OSError.

    One line more or less tells no lie: a crash between this and the pointer leaves a time at which
    a sound snapshot was about to answer.
    """
    times = _lines(home)
    if times and times[-1][1] == snapshot_id:
        return
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    with _file(home).open("ab+") as file:
        if file.tell() and not _ends_with_a_line(file):
            file.write(b"\n")
        file.write(f"{now} {snapshot_id}\n".encode("ascii"))


def answering_times(home: Home) -> list[tuple[datetime, SnapshotId]]:
    """Return since when which snapshot answered, in order of time.

    Lines that say nothing of the kind (a disk's garbage, a line that was cut) are passed over.
    """
    return sorted(_lines(home))


def unreadable_lines(home: Home) -> list[int]:
    """Return the numbers of the lines that say nothing of the kind, from 1."""
    try:
        content = _file(home).read_bytes()
    except FileNotFoundError:
        return []
    lines = content.decode("ascii", "replace").splitlines()
    return [number for number, line in enumerate(lines, start=1) if _read_line(line) is None]


def _lines(home: Home) -> list[tuple[datetime, SnapshotId]]:
    try:
        content = _file(home).read_bytes()
    except FileNotFoundError:
        return []
    lines = content.decode("ascii", "replace").splitlines()
    return [found for line in lines if (found := _read_line(line)) is not None]


def _read_line(line: str) -> tuple[datetime, SnapshotId] | None:
    when, _, snapshot_id = line.partition(" ")
    try:
        time = datetime.fromisoformat(when)
    except ValueError:
        return None
    if time.tzinfo is None or not _ID.fullmatch(snapshot_id):
        return None
    return time, SnapshotId(snapshot_id)


def _ends_with_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _file(home: Home) -> Path:
    return home.snapshots / "HISTORY"
