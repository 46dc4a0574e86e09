"""What holds for every request, whatever its route."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.web.viewer import Viewer, viewed_by
from service.wire.problems import HTTP_KINDS, TOO_LARGE, problem_of, problem_response

MAX_BODY_BYTES = 4 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

WIDGET_ASKS = "/v1/ask"

PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, X-Request-Id",
    "Access-Control-Max-Age": "600",
}
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders:
    """Adds the headers that keep a browser strict; a route's own value wins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Viewing:
    """Lets the pages that are made for a request know who looks at them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with viewed_by(Viewer.of(scope)):
            await self.app(scope, receive, send)


class Origins:
    """Refuses what another site's page sends through a visitor's browser, with 403.

    Programs send neither `Sec-Fetch-Site` nor `Origin` and are not concerned. The pages of the
    `allowed` origins (`https://example.org`) may ask, and read what comes back (CORS); those of
    `embedding` origins, on which the widget stands, at the widget's one address only. For all
    others no CORS header is ever sent. Cookies and the like are not let through for anyone.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed: frozenset[str] = frozenset(),
        embedding: frozenset[str] = frozenset(),
    ) -> None:
        self.app = app
        self._allowed = allowed
        self._embedding = embedding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request or pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None and self._is_shared_with(origin, scope["path"]):
            await self._from_allowed(origin, scope, receive, send)
            return
        if scope["method"] not in SAFE_METHODS and _is_foreign(headers):
            detail = "A page of another site may not change this collection or ask it."
            problem = problem_of(HTTP_KINDS[403], detail, instance=scope["path"])
            await problem_response(problem)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_shared_with(self, origin: str, path: str) -> bool:
        return origin in self._allowed or (origin in self._embedding and path == WIDGET_ASKS)

    async def _from_allowed(self, origin: str, scope: Scope, receive: Receive, send: Send) -> None:
        shared = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        if scope["method"] == "OPTIONS":
            answer = Response(status_code=204, headers={**shared, **PREFLIGHT})
            await answer(scope, receive, send)
            return

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in shared.items():
                    sent[name] = value
                sent["Access-Control-Expose-Headers"] = "Retry-After, X-Request-Id"
                sent["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        await self.app(scope, receive, send_shared)


def _is_foreign(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


class BodyLimit:
    """Refuses a body that is too large with 413, counting the bytes as they come.

    `max_upload_bytes` holds for the files of `uploads_path`, with room for the rest of the form;
    every other body may have MAX_BODY_BYTES.
    """

    def __init__(self, app: ASGIApp, *, uploads_path: str, max_upload_bytes: int) -> None:
        self.app = app
        self.uploads_path = uploads_path
        self.max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit:
            problem = problem_of(TOO_LARGE, _too_large(limit), instance=scope["path"])
            response = problem_response(problem, {"Connection": "close"})
            await response(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                # An HTTPException passes through the form and JSON parsers as it is.
                raise HTTPException(413, _too_large(limit), {"Connection": "close"})
            return message

        await self.app(scope, counted, send)

    def _limit(self, path: str) -> int:
        uploads = path.rstrip("/") == self.uploads_path
        return self.max_upload_bytes + MAX_BODY_BYTES if uploads else MAX_BODY_BYTES


def _too_large(limit: int) -> str:
    return f"The body has more than the {limit:,} bytes that are accepted here."
