"""Whether the server lives, and whether it can answer."""

import anyio
import anyio.to_thread
from fastapi import APIRouter
from starlette.exceptions import HTTPException

from corpus.source_name import without_folders
from service.routing.dependencies import EngineOf, WarmingOf
from service.settings.version import installed_version
from service.wire.state import Health

SECONDS_FOR_A_THREAD = 1.0

router = APIRouter(tags=["health"])


@router.get("/health", summary="Is the server alive?")
async def health(engine: EngineOf) -> Health:
    """Say that the server lives, and which snapshot answers; always 200 while it does."""
    with anyio.move_on_after(SECONDS_FOR_A_THREAD):
        snapshot = await anyio.to_thread.run_sync(lambda: engine.snapshot_id)
        return Health("alive", installed_version(), snapshot)
    return Health("alive", installed_version())


@router.get("/health/ready", summary="Can it answer?")
async def ready(engine: EngineOf, warming: WarmingOf) -> Health:
    """Say whether questions are answered at once: 200; else 503.

    That is while models load, without a snapshot, or when no thread comes free. A load balancer
    should look here. `problem` says that the snapshot that should answer is damaged, and another
    one does.
    """
    with anyio.move_on_after(SECONDS_FOR_A_THREAD) as waiting:
        snapshot = await anyio.to_thread.run_sync(lambda: engine.snapshot_id)
    if waiting.cancelled_caught:
        raise HTTPException(503, _no_thread(), {"Retry-After": "2"})
    if not warming.done or snapshot is None:
        raise HTTPException(503, without_folders(warming.reason), {"Retry-After": "2"})
    problem = without_folders(engine.problem) if engine.problem else None
    return Health("ready", installed_version(), snapshot, problem)


def _no_thread() -> str:
    threads = anyio.to_thread.current_default_thread_limiter().statistics()
    return (
        f"All {threads.borrowed_tokens} threads are busy, {threads.tasks_waiting} requests wait "
        f"for one, and none came free within {SECONDS_FOR_A_THREAD:g} s. Ask another server, or "
        "later."
    )
