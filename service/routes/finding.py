"""Every mention of terms."""

from fastapi import APIRouter

from service.find import Find
from service.routes.dependencies import EngineOf
from service.wire import FindBody

router = APIRouter(prefix="/v1", tags=["asking"])


@router.post("/find", summary="Find every mention of terms")
def find(body: FindBody, engine: EngineOf) -> Find:
    """Return every mention in the text of all pages, and how much of it could be searched.

    Not the nearest passages: all mentions, with inflections, other names and words broken over
    lines and pages. With `semantic`, `further` lists passages on the subject that do not name it.
    """
    return engine.find(body.request(), further=body.semantic)
