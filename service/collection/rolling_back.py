"""Going back to a snapshot that was built before."""

from corpus.errors import NotFoundError, SnapshotError
from corpus.ids import SnapshotId
from index.snapshots.publishing import current_id, publish, snapshot_folder
from index.snapshots.snapshot import Snapshot
from service.access.writing import sole_writer
from service.auditing.recording import open_audit
from service.settings.models import Models
from service.settings.settings import Settings


def roll_back(snapshot_id: str, settings: Settings, *, patience_s: float | None = None) -> None:
    """Let an older snapshot answer from now on, if it is sound; running servers follow.

    Every file is compared with its checksum, and the snapshot is opened, before it is published.
    Raises: NotFoundError; DamagedSnapshotError, MismatchError, SnapshotError: then nothing has
    changed; BusyError if another writer takes longer than `patience_s`.
    """
    home = settings.layout
    with sole_writer(home, patience_s=patience_s):
        folder = snapshot_folder(home, SnapshotId(snapshot_id))
        try:
            Snapshot.open(folder, embedder=Models.open(settings).embedder.fingerprint)
        except (SnapshotError, NotFoundError) as error:
            raise type(error)(f"{error}. Nothing was changed: {_answers(settings)}.") from error
        publish(home, SnapshotId(snapshot_id))
        open_audit(settings).record("rolled_back", {"snapshot": snapshot_id})


def _answers(settings: Settings) -> str:
    try:
        return f"snapshot {current_id(settings.layout)} still answers"
    except SnapshotError as error:
        return str(error)
