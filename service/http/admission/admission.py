"""Who may come in: keys, rates and the number of requests under way, for every route."""

import base64
import binascii
from collections.abc import Mapping

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import BusyError, CitewellError, ForbiddenError
from corpus.stores.sql_store import SqlStore
from service.access.access import EVERYTHING, ONLY_READING, Access, access_of_key, no_key
from service.http.admission.bodies import ArrivingBodies
from service.http.admission.hosts import Hosts
from service.http.admission.loopback import is_loopback
from service.http.responses.responding import respond
from service.http.web.viewer import KEY_COOKIE, SAFE_METHODS, TOKEN_HEADER, cookies_in, is_token
from service.observing.request_context import current_request
from service.settings.settings import Settings
from service.wire.problems import headers_of, problem_of_error
from service.workload.rate import Rate, SharedRate, rate_of

# What tells nothing of any collection, or proves its sender by a signature of its own.
PUBLIC = frozenset(
    {
        "/health",
        "/health/ready",
        "/docs",
        "/openapi.json",
        "/widget.js",
        "/language",
        "/.well-known/jwks.json",
    }
)
# Threads of their own: a key is checked at once, whatever routes do with the others.
KEY_THREADS = 4
# Where a key is tried or given back: anybody may, as often as without a key.
SIGNING = frozenset({"/sign-in", "/sign-out"})
PUBLIC_BELOW = ("/assets/", "/integrations/")


class Admission:
    """Puts the sender's Access in `request.state.access`, or refuses with 401, 421, 429, 503.

    As long as no key was ever made everything is allowed, without a key or with any; with
    `open_to_all`, reading is allowed without a key even then. Either only under the names of
    `hosts`.
    A key may come in the cookie that `/sign-in` sets. A browser sends that by itself, so what
    changes something has to show the token that our own pages hold, too.
    A request that waits for the rest of its body takes no place from those that are answered.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        store: SqlStore,
        settings: Settings,
        open_to_all: bool,
        hosts: Hosts,
    ) -> None:
        self.app = app
        self._store = store
        self._most = settings.requests_at_once
        self._open_to_all = open_to_all
        self._hosts = hosts
        self._by_key = rate_of(settings, store, settings.key_requests_per_minute)
        self._by_address = rate_of(settings, store, settings.address_requests_per_minute)
        self._arrivals = ArrivingBodies(
            most=settings.requests_at_once, timeout_s=settings.body_timeout_s
        )
        self._inside = 0
        self._threads = anyio.CapacityLimiter(KEY_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        working = self._inside - self._arrivals.count
        if working >= self._most and scope["path"] not in PUBLIC:
            error = BusyError(f"{working} requests are already in progress.", retry_after_s=1.0)
            await _refuse(scope, receive, send, error)
            return
        self._inside += 1
        body = self._arrivals.begin(scope, receive)
        try:
            try:
                access = await self._admit(scope, headers)
                scope.setdefault("state", {})["access"] = access
                if (context := current_request()) is not None:
                    context.key_id = access.key_id
            except CitewellError as error:
                await _refuse(scope, receive, send, error)
                return
            await self.app(scope, body.receive, send)
        finally:
            body.end()
            self._inside -= 1

    async def _admit(self, scope: Scope, headers: Headers) -> Access:
        if _is_public(scope["path"]):
            return Access(None, ())
        secret, cookie = key_in(headers), key_in_cookie(headers)
        address = str((scope.get("client") or ("",))[0])
        if scope["path"] in SIGNING:
            await self._count(address)
            return Access(None, ())
        if secret is None and cookie is not None:
            _require_token(scope, headers, cookie)
            secret = cookie
        if secret is None:
            await self._count(address)
        try:
            access = await anyio.to_thread.run_sync(self._access, secret, limiter=self._threads)
            if access.key_id is None:
                self._hosts.require(headers.get("host"))
        except CitewellError:
            if secret is not None:
                await self._count(address)
            raise
        if access.key_id is not None:
            await self._take(self._by_key, access.key_id)
        elif secret is not None:
            await self._count(address)
        return access

    def _access(self, secret: str | None) -> Access:
        """Return what a key allows. Clients that must send one may send any where none was made."""
        if not self._store.has_keys():
            return ONLY_READING if self._open_to_all else EVERYTHING
        if secret is not None:
            return access_of_key(secret, self._store)
        if self._open_to_all:
            return ONLY_READING
        raise no_key()

    async def _count(self, address: str) -> None:
        # Behind a proxy on this machine the address is the one that the proxy names.
        if not is_loopback(address):
            await self._take(self._by_address, address)

    async def _take(self, rate: Rate | SharedRate, name: str) -> None:
        if isinstance(rate, Rate):
            rate.take(name)
        else:
            await anyio.to_thread.run_sync(rate.take, name, limiter=self._threads)


def key_in(headers: Mapping[str, str]) -> str | None:
    """Return the key that a request carries: as Bearer, as the password of Basic, or X-API-Key.

    >>> key_in({"authorization": "Bearer cw_1"}), key_in({"x-api-key": "cw_1"}), key_in({})
    ('cw_1', 'cw_1', None)
    """
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return decoded.partition(":")[2] or None
    return headers.get("x-api-key") or headers.get("api-key")


def key_in_cookie(headers: Mapping[str, str]) -> str | None:
    """Return the key that the cookie of `/sign-in` holds; None where there is none."""
    return cookies_in(headers.get("cookie", "")).get(KEY_COOKIE) or None


def _require_token(scope: Scope, headers: Headers, key: str) -> None:
    if scope["method"] in SAFE_METHODS or is_token(headers.get(TOKEN_HEADER), key):
        return
    raise ForbiddenError(
        "The request has the key of a browser, and not the token of a page of this server "
        f"({TOKEN_HEADER}). Load the page again and try once more."
    )


def _is_public(path: str) -> bool:
    return path in PUBLIC or path.startswith(PUBLIC_BELOW)


async def _refuse(scope: Scope, receive: Receive, send: Send, error: CitewellError) -> None:
    problem = problem_of_error(error, instance=scope["path"])
    accept = Headers(scope=scope).get("accept", "")
    headers = headers_of(error)
    await respond(scope["path"], accept, problem, headers)(scope, receive, send)
