"""Snapshots: which there are, and going back to one."""

from typing import Annotated

from fastapi import APIRouter, Path

from corpus.ids import SnapshotId
from index.publishing import list_snapshots, publish
from service.routes.dependencies import AccessOf, ChecksFirst, EngineOf, needs
from service.wire_state import Rollback, SnapshotList
from service.writing import sole_writer

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
    """Let this snapshot answer from now on; questions under way end with the one before."""
    access.require_all()
    layout = engine.settings.layout
    with sole_writer(layout, patience_s=engine.settings.change_wait_s):
        previous = engine.snapshot_id
        publish(layout, SnapshotId(snapshot_id))
    return Rollback(snapshot_id, previous)
