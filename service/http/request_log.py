"""Every request with an id, a time and a line in the log, whatever becomes of it."""

import logging
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.observing.observer import NOBODY, HandledRequest, Observer
from service.observing.request_context import RequestContext, begin_request, request_id_of

REQUEST_ID = "X-Request-Id"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

logger = logging.getLogger(__name__)


class RequestLog:
    """Gives each request its id, and tells the log and an observer when it has ended.

    A client's own `X-Request-Id` is taken where it is 1 to 128 letters, digits and marks; the
    response has the id in the same header.
    """

    def __init__(self, app: ASGIApp, observer: Observer = NOBODY) -> None:
        self.app = app
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        context = RequestContext(request_id_of(headers.get(REQUEST_ID)))
        method = scope["method"] if scope["method"] in METHODS else "other"
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = context.request_id
            await send(message)

        began = perf_counter()
        # Never taken back: the server logs errors of the application in this task afterwards.
        begin_request(context)
        self._observer.request_began(method, headers)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            handled = HandledRequest(method, _route(scope), status, perf_counter() - began)
            _log(handled)
            self._observer.request_ended(handled)


def _route(scope: Scope) -> str:
    """Return the template of the route that took the request; `unmatched` where none did."""
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str):
        return template
    path = str(scope["path"])
    if path == "/mcp":
        return path
    return "/assets" if path.startswith("/assets/") else "unmatched"


def _log(request: HandledRequest) -> None:
    level = logging.ERROR if request.status >= 500 and request.status != 503 else logging.INFO
    told = {
        "method": request.method,
        "route": request.route,
        "status": request.status,
        "duration_s": round(request.seconds, 6),
    }
    logger.log(level, "request", extra=told)
