"""Which request the work under way is for; it follows the work from thread to thread."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")


@dataclass(slots=True)
class RequestContext:
    """One request. `key_id` is set once its key was checked; None for a request without a key."""

    request_id: str
    key_id: str | None = None


_CURRENT: ContextVar[RequestContext | None] = ContextVar("citewell_request", default=None)


def current_request() -> RequestContext | None:
    """Return the request that is worked on; None outside of one, as on the command line."""
    return _CURRENT.get()


def begin_request(context: RequestContext) -> None:
    """Let all that this task does from now on be for this request."""
    _CURRENT.set(context)


@contextmanager
def in_request(context: RequestContext) -> Iterator[RequestContext]:
    """Let everything inside be for this request."""
    token = _CURRENT.set(context)
    try:
        yield context
    finally:
        _CURRENT.reset(token)


def request_id_of(sent: str | None) -> str:
    """Return the id that a client gave its request, or a new one where that is none.

    >>> request_id_of("checkout-17")
    'checkout-17'
    """
    if sent is not None and _REQUEST_ID.fullmatch(sent):
        return sent
    return f"r{secrets.token_hex(12)}"
