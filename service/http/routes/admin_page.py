"""The server's own state in the browser, for those who run it: jobs, snapshots, keys, health."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from corpus.clock import utc_now
from index.snapshots.publishing import list_snapshots
from service.http.web.rendering import html
from service.http.web.viewer import say
from service.routing.dependencies import AccessOf, EngineOf, StoreOf, needs
from service.wire.state import JobEntry

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

JOBS = 50


@router.get("/admin", dependencies=[needs("admin")])
def admin(engine: EngineOf, store: StoreOf, access: AccessOf) -> HTMLResponse:
    """Show the newest jobs; to a key of all collections also snapshots and keys."""
    jobs = [
        (job.source, job.state, job.message, job.updated_at[:19])
        for job in map(JobEntry.of, store.jobs(limit=JOBS))
    ]
    snapshots = keys = None
    if access.is_of_all:
        snapshots = [
            (
                each.snapshot_id,
                each.problem or (say("admin.current") if each.current else ""),
                each.documents,
                each.created_at[:19],
            )
            for each in list_snapshots(engine.settings.layout)
        ]
        kept = engine.store.keys()
        keys = [
            (
                f"{key.name} ({key.key_id})",
                key.state(utc_now()),
                ", ".join(key.scopes),
                ", ".join(key.collections) if key.collections is not None else say("admin.every"),
            )
            for key in kept
        ]
    return html(
        "admin.html",
        snapshot=engine.snapshot_id,
        trouble=engine.problem,
        jobs=jobs,
        snapshots=snapshots,
        keys=keys,
    )
