"""Checks of the home folder: who may read it, room on its disk, its clock, what was left in it."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import CitewellError
from corpus.home import BACKUP_DRAFT, RESTORE_DRAFT
from index.aliases.alias_edits import AliasEdits
from index.snapshots.publishing import BUILDING_PREFIX, list_snapshots
from service.auditing.checking import check_audit
from service.citations.receipt_signing import SigningKey
from service.examining.stored import opened
from service.settings.settings import Settings

LEAST_FREE_BYTES = 100 * 1024**2
_AHEAD = timedelta(minutes=5)
# No citewell that writes these tables was there before.
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)


def permissions(settings: Settings) -> str:
    """Nobody but the owner reads secrets, and all is the owner's."""
    home = settings.layout
    secret = [home.signing_key, home.root / "store.sqlite", home.audit, home.uploads]
    found = [path for path in secret if path.exists()]
    wide = [path for path in found if path.stat().st_mode & 0o077 and path != home.uploads]
    if wide:
        names = " ".join(str(path) for path in wide)
        raise CitewellError(f"other users may use {names}; only their owner may: chmod go= {names}")
    if not home.root.is_dir():
        return "there is no folder yet"
    owner = home.root.stat().st_uid
    others = [path for path in _top(home.root) if path.stat().st_uid != owner]
    if others and owner != 0:
        raise CitewellError(
            f"{others[0]} belongs to user {others[0].stat().st_uid}, the home to {owner}, who then "
            f"cannot write it (was a command run as root?): chown -R {owner} {home.root}"
        )
    return "the key, the store and the audit log are for their owner alone"


def _top(root: Path) -> list[Path]:
    return sorted(path for path in (*root.iterdir(), *root.glob("snapshots/*")) if path.exists())


def disk(settings: Settings) -> str:
    """There is room for what the next change writes: the store anew, and a snapshot."""
    home = settings.layout
    if not home.root.is_dir():
        return "there is no folder yet"
    free = shutil.disk_usage(home.root).free
    store = home.root / "store.sqlite"
    needed = LEAST_FREE_BYTES + (store.stat().st_size if store.exists() else 0)
    needed += 2 * max((each.bytes for each in list_snapshots(home)), default=0)
    told = f"{free / 1e6:,.0f} MB free, {needed / 1e6:,.0f} MB needed for the next change"
    if free < needed:
        raise CitewellError(
            f"{told} in {home.root}: ingests, uploads and deletions may fail. Free some space, or "
            "keep fewer snapshots (CITEWELL_KEEP_SNAPSHOTS)"
        )
    return told


def clock(settings: Settings) -> str:
    """The clock is not behind what was written by it."""
    now = datetime.now(UTC)
    with opened(settings) as store:
        times = [(each.deleted_at, f"the deletion of {each.doc_id}") for each in store.deletions()]
        times += [(each.updated_at, f"job {each.job_id}") for each in store.jobs(limit=1000)]
    times += [
        (each.created_at, f"snapshot {each.snapshot_id}")
        for each in list_snapshots(settings.layout)
        if each.problem is None
    ]
    latest, what = max(times, default=("", ""))
    if now < _BUILT:
        raise CitewellError(f"this machine's clock says {now:%Y-%m-%d %H:%M}; set it (NTP)")
    if latest and datetime.fromisoformat(latest) > now + _AHEAD:
        raise CitewellError(
            f"{what} was written at {latest}, and this machine's clock says {now:%Y-%m-%d %H:%M} "
            "UTC: one of the two is wrong; set the clock (NTP). Answers as of a date, keys that "
            "expire and the order of snapshots go by it"
        )
    return f"{now:%Y-%m-%d %H:%M} UTC, after everything that was written"


def signing_key(settings: Settings) -> str:
    """The key that signs answers can be used."""
    file = settings.layout.signing_key
    if not file.exists():
        return "there is none yet; it is made when it is first needed"
    return f"{SigningKey.open(file).public.key_id}"


def aliases(settings: Settings) -> str:
    """What users have said of aliases can be read."""
    edits = AliasEdits.read(settings.layout.aliases)
    return f"{len(edits.added)} names added, {len(edits.removed)} removed by hand"


def audit(settings: Settings) -> str:
    """The audit log is as it was written."""
    home = settings.layout
    if not home.audit.exists():
        return "there is none"
    keys = [SigningKey.open(home.signing_key).public] if home.signing_key.exists() else []
    found = check_audit(home, keys)
    if found.problems:
        raise CitewellError(
            f"{home.audit} is not as it was written: {'; '.join(found.problems[:3])}. Keep a copy "
            "of it for who looks into that (`citewell audit verify` says all), and compare it with "
            "a backup's; with another signing key, put the former one back"
        )
    return f"{found.entries} entries, none changed"


def leftovers(settings: Settings) -> str:
    """Nothing lies about that a process left that was killed: deleted text may be in it."""
    home = settings.layout
    found = [
        *home.snapshots.glob(f"{BUILDING_PREFIX}*"),
        *home.snapshots.glob(".removed-*"),
        *(
            path
            for prefix in (BACKUP_DRAFT, RESTORE_DRAFT)
            for path in home.root.glob(f"{prefix}*")
        ),
    ]
    aside = [*home.root.glob("vectors.sqlite*.damaged-*"), *home.root.glob("*.foreign-*")]
    if found and _is_being_written(home.change_lock):
        found = []
    if found or aside:
        names = ", ".join(path.name for path in (*found, *aside)[:3])
        raise CitewellError(
            f"{len(found) + len(aside)} files or folders were left by what was interrupted "
            f"({names}), and deleted text may be in them; `citewell ingest PATH` removes the "
            "former, remove those that were set aside"
        )
    return "nothing was left by what was interrupted"


def _is_being_written(lock: Path) -> bool:
    if not lock.exists() or not os.access(lock, os.W_OK):
        return False
    try:
        FileLock(lock).acquire(timeout=0).lock.release()
    except Timeout:
        return True
    return False
