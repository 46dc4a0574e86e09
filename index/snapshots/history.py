"""Which snapshot answered when: a line in `snapshots/HISTORY` each time the pointer is set."""

from datetime import UTC, datetime
from pathlib import Path

from corpus.home import Home
from corpus.ids import SnapshotId


def note_answering(home: Home, snapshot_id: SnapshotId) -> None:
    """Note that a snapshot answers from now on. Raises: OSError.

    One line more or less tells no lie: a crash between this and the pointer leaves a time at which
    a sound snapshot was about to answer.
    """
    times = _lines(home)
    if times and times[-1][1] == snapshot_id:
        return
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    with _file(home).open("a", encoding="ascii") as file:
        file.write(f"{now} {snapshot_id}\n")


def answering_times(home: Home) -> list[tuple[datetime, SnapshotId]]:
    """Return since when which snapshot answered, in order of time."""
    return sorted((datetime.fromisoformat(when), each) for when, each in _lines(home))


def _lines(home: Home) -> list[tuple[str, SnapshotId]]:
    if not _file(home).exists():
        return []
    words = (line.split() for line in _file(home).read_text("ascii").splitlines())
    return [(pair[0], SnapshotId(pair[1])) for pair in words if len(pair) == 2]


def _file(home: Home) -> Path:
    return home.snapshots / "HISTORY"
