"""Who looks at a page: in which language, with which key, and what proves a form to be theirs."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers

from corpus.key import Scope
from service.access.access import ONLY_READING, Access
from service.messages.catalogue import LANGUAGES, Messages, messages_of, preferred

LANGUAGE_COOKIE = "citewell_language"
KEY_COOKIE = "citewell_key"
TOKEN_HEADER = "x-csrf-token"
TOKEN_FIELD = "csrf"
# They change nothing (RFC 9110, section 9.2.1), so they need no token.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """One request as its pages need to know it.

    `state` is that of the request: what admission finds out later stands there, too.
    """

    language: str = "en"
    key: str | None = None
    path: str = "/"
    state: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> "Viewer":
        """Return the viewer of an ASGI request."""
        headers = Headers(scope=scope)
        cookies = cookies_in(headers.get("cookie", ""))
        chosen = cookies.get(LANGUAGE_COOKIE, "")
        language = chosen if chosen in LANGUAGES else preferred(headers.get("accept-language", ""))
        query = scope.get("query_string", b"").decode("latin-1")
        path = f"{scope['path']}?{query}" if query else scope["path"]
        return cls(language, cookies.get(KEY_COOKIE), path, scope.setdefault("state", {}))

    @property
    def messages(self) -> Messages:
        """The messages in the viewer's language."""
        return messages_of(self.language)

    @property
    def access(self) -> Access:
        """What the viewer may do; reading alone as long as it is not known."""
        found = (self.state or {}).get("access")
        return found if isinstance(found, Access) else ONLY_READING

    @property
    def csrf(self) -> str:
        """What a page sends back to prove that it is ours; empty without a cookie."""
        return token_of(self.key) if self.key else ""

    def may(self, scope: Scope) -> bool:
        """Return whether the viewer has a scope."""
        return scope in self.access.scopes


def token_of(key: str) -> str:
    """Return the token of a key: nobody who has not the key can say it, nor the key from it."""
    return hmac.new(key.encode(), b"citewell form", hashlib.sha256).hexdigest()[:32]


def is_token(given: str | None, key: str) -> bool:
    """Return whether a request shows the token of the key that it came with."""
    return hmac.compare_digest((given or "").encode(), token_of(key).encode())


def cookies_in(header: str) -> dict[str, str]:
    """Return the cookies of a header by name; none of one that cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


_VIEWER: ContextVar[Viewer | None] = ContextVar("citewell_viewer", default=None)


def viewer() -> Viewer:
    """Return who looks at the page that is being made; an English reader outside any request."""
    return _VIEWER.get() or Viewer()


@contextmanager
def viewed_by(one: Viewer) -> Iterator[None]:
    """Make pages for this viewer inside the block."""
    before = _VIEWER.set(one)
    try:
        yield
    finally:
        _VIEWER.reset(before)


def say(name: str, /, *, count: int | None = None, **values: object) -> str:
    """Return a message in the language of the viewer."""
    return viewer().messages.say(name, count=count, **values)
