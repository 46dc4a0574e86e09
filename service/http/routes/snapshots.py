"""Snapshots: which there are, and going back to one."""

from typing import Annotated

from fastapi import APIRouter, Path

from index.snapshots.publishing import list_snapshots
from service.collection.rolling_back import roll_back
from service.routing.dependencies import AccessOf, ChecksFirst, EngineOf, needs
from service.wire.state import Rollback, SnapshotList

router = APIRouter(
    route_class=ChecksFirst,
    prefix="/v1/snapshots",
    tags=["snapshots"],
    dependencies=[needs("admin")],
)


@router.get("", summary="List snapshots")
def snapshots(engine: EngineOf, access: AccessOf) -> SnapshotList:
    """List the snapshots on disk, the newest first; each holds all collections."""
    access.require_all()
    return SnapshotList(tuple(list_snapshots(engine.settings.layout)))


@router.post("/{snapshot_id}/rollback", summary="Go back to a snapshot")
def rollback(
    snapshot_id: Annotated[
        str, Path(description="A snapshot's id.", examples=["s0123456789abcdef"])
    ],
    engine: EngineOf,
    access: AccessOf,
) -> Rollback:
    """Let this snapshot answer from now on; questions under way end with the one before.

    A snapshot that is damaged is refused, and nothing changes.
    """
    access.require_all()
    previous = engine.snapshot_id
    roll_back(snapshot_id, engine.settings, patience_s=engine.settings.change_wait_s)
    return Rollback(snapshot_id, previous)
