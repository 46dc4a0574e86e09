"""Whether the server lives, and whether it can answer."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from service.routes.dependencies import EngineOf, WarmingOf
from service.version import installed_version
from service.wire_state import Health

router = APIRouter(tags=["health"])


@router.get("/health", summary="Is the server alive?")
async def health() -> Health:
    """Say that the server lives; always 200 while it does."""
    return Health("alive", installed_version())


@router.get("/health/ready", summary="Can it answer?")
def ready(engine: EngineOf, warming: WarmingOf) -> Health:
    """Say whether questions are answered at once: 200, or 503 while models load or no snapshot is.

    A load balancer should look here.
    """
    snapshot = engine.snapshot_id
    if not warming.done or snapshot is None:
        raise HTTPException(503, warming.reason, {"Retry-After": "2"})
    return Health("ready", installed_version(), snapshot)
