"""What Prometheus reads."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.routing.dependencies import AccessOf, needs

router = APIRouter(tags=["health"], dependencies=[needs("metrics")])

TEXT: dict[int | str, dict[str, object]] = {
    200: {"description": "Metrics in Prometheus' text format.", "content": {"text/plain": {}}}
}


@router.get("/metrics", summary="What does it do?", response_class=Response, responses=TEXT)
def metrics(
    request: Request, access: AccessOf, accept: Annotated[str, Header()] = "text/plain"
) -> Response:
    """Return counters, gauges and histograms of this server, all its processes together.

    They are of all collections, so a key needs the scope `metrics` or `admin` for all of them.
    """
    access.require_all()
    measured = request.app.state.metrics
    if measured is None:
        raise HTTPException(404, "This server keeps no metrics: CITEWELL_METRICS=false.")
    content, media_type = measured.text(accept, [request.app.state.state_metrics])
    return Response(content, media_type=media_type)
