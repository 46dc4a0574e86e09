"""The snapshot that answers: the one that CURRENT names, or else one that is sound."""

import logging
import threading
import time

from corpus.errors import DamagedSnapshotError, MismatchError, NotFoundError, SnapshotError
from corpus.home import Home
from corpus.ids import SnapshotId
from index.snapshots.manifest import Manifest
from index.snapshots.publishing import current_id, list_snapshots
from index.snapshots.snapshot import Snapshot
from index.values.ports import Embedder

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_TRIES = 10.0


class AnsweringSnapshot:
    """Opens the snapshot that CURRENT names, and follows it. For several threads.

    Where that one is damaged, the last good one goes on answering; at a start, the newest sound one
    on the disk. `problem` says so. A snapshot by another embedder is no damage: it is refused.
    """

    def __init__(self, home: Home, embedder: Embedder) -> None:
        self._home = home
        self._embedder = embedder
        self._held: Snapshot | None = None
        self._opening = threading.Lock()
        self._refused: tuple[SnapshotId | None, float] = (None, 0.0)
        self.problem: str | None = None

    @property
    def snapshot_id(self) -> SnapshotId | None:
        """The id of the snapshot that answers now; None when nothing was ingested yet."""
        held, problem = self._held, self.problem
        return held.snapshot_id if held is not None and problem else current_id(self._home)

    @property
    def opened(self) -> Manifest | None:
        """The manifest of the snapshot that is open; None as long as none is."""
        held = self._held
        return None if held is None else held.manifest

    def current(self) -> Snapshot:
        """Return the snapshot, opened if CURRENT has changed.

        While one thread opens the new snapshot the others go on with the one before it.
        Raises: SnapshotError when nothing was ingested yet, or no snapshot is sound; MismatchError.
        """
        held = self._sound()
        wanted, error = self._wanted()
        if held is not None and held.snapshot_id == wanted:
            self.problem = None
            return held
        if held is not None and self._is_refused(wanted):
            return held
        if held is None:
            self._opening.acquire()
        elif not self._opening.acquire(blocking=False):
            return held
        try:
            held = self._sound()
            if held is None or held.snapshot_id != wanted:
                self._held = self._opened(wanted, error)
            assert self._held is not None
            return self._held
        finally:
            self._opening.release()

    def _sound(self) -> Snapshot | None:
        """Return the snapshot that is held, unless its files were cut short since."""
        held = self._held
        if held is not None and (shrunk := held.files.shrunk()) is not None:
            logger.error("snapshot %s cannot answer any more: %s", held.snapshot_id, shrunk)
            self._held = None
            return None
        return held

    def _wanted(self) -> tuple[SnapshotId | None, SnapshotError]:
        """Return what CURRENT names, and what is wrong where it names nothing."""
        nothing = SnapshotError(
            f"Nothing is ingested in {self._home.root} yet. Begin with: citewell ingest PATH"
        )
        try:
            return current_id(self._home), nothing
        except SnapshotError as error:
            return None, error

    def _is_refused(self, wanted: SnapshotId | None) -> bool:
        refused, when = self._refused
        recent = time.monotonic() - when < SECONDS_BETWEEN_TRIES
        return self.problem is not None and refused == wanted and recent

    def _opened(self, wanted: SnapshotId | None, error: SnapshotError) -> Snapshot:
        try:
            if wanted is None:
                raise error
            snapshot = self._open(wanted)
        except MismatchError:
            raise
        except (SnapshotError, NotFoundError) as found:
            snapshot = self._instead_of(wanted, found)
        else:
            self.problem = None
        return snapshot

    def _instead_of(
        self, wanted: SnapshotId | None, error: SnapshotError | NotFoundError
    ) -> Snapshot:
        """Return a sound snapshot in the place of one that is not, and say so. Raises: `error`."""
        sound = self._held or self._newest_sound(wanted)
        if sound is None:
            raise error
        problem = (
            f"{error}. Snapshot {sound.snapshot_id} answers instead. Build it again with `citewell "
            "ingest`, or choose another: citewell snapshots rollback ID"
        )
        if problem != self.problem:
            logger.error("%s", problem)
        self.problem, self._refused = problem, (wanted, time.monotonic())
        return sound

    def _newest_sound(self, unlike: SnapshotId | None) -> Snapshot | None:
        for found in list_snapshots(self._home):
            if found.problem is not None or found.snapshot_id == unlike:
                continue
            try:
                return self._open(found.snapshot_id)
            except (SnapshotError, NotFoundError) as error:
                logger.warning("snapshot %s cannot answer: %s", found.snapshot_id, error)
        return None

    def _open(self, snapshot_id: SnapshotId) -> Snapshot:
        folder = self._home.snapshots / snapshot_id
        try:
            return Snapshot.open(folder, embedder=self._embedder.fingerprint)
        except (OSError, ValueError) as error:  # a file that changes while it is opened
            raise DamagedSnapshotError(f"snapshot {snapshot_id} cannot be read: {error}") from error
