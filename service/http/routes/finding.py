"""Every mention of terms."""

from dataclasses import replace

from fastapi import APIRouter

from service.routing.dependencies import AccessOf, ChecksFirst, DeskOf, EngineOf, needs
from service.values.find import Find
from service.values.request import DEFAULT_REQUEST
from service.wire.wire import FindBody

router = APIRouter(
    route_class=ChecksFirst, prefix="/v1", tags=["asking"], dependencies=[needs("read")]
)


@router.post("/find", summary="Find every mention of terms")
async def find(body: FindBody, engine: EngineOf, access: AccessOf, desk: DeskOf) -> Find:
    """Return every mention in the text of all pages, and how much of it could be searched.

    Not the nearest passages: all mentions, with inflections, other names and words broken over
    lines and pages. With `semantic`, `related` lists passages on the subject that do not name it.
    """
    collections = access.limited(DEFAULT_REQUEST).collections
    request = replace(body.request(), collections=collections)
    return await desk.run(lambda: engine.find(request, related=body.semantic))
