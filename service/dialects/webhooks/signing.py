"""Whether a webhook's request is from whom it says: signature, age, and not seen before.

A signature alone lets whoever has recorded a request send it again; so each is taken once, and only
while it is fresh. The standard library's `hmac` is all that a signature takes; Slack's own package
would be a dependency of every installation for ten lines.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Protocol

from corpus.errors import AccessError
from corpus.ids import sha256_of
from corpus.store import TallyStore

OLDEST_S = 300
MOST_REMEMBERED = 100_000


class Seen(Protocol):
    """What remembers names for as long as a request with them would be fresh."""

    def first(self, name: str) -> bool:
        """Return whether the name was not given before, and remember it."""
        ...


class SharedOnce:
    """A `Seen` that all servers of one store remember together. Raises: StoreError."""

    def __init__(self, store: TallyStore) -> None:
        self._store = store

    def first(self, name: str) -> bool:
        """Return whether the name was given to none of the servers, and remember it."""
        return self._store.first(f"webhook {sha256_of(name)}", 2 * OLDEST_S)


class Once:
    """Remembers names for as long as a request with them would be fresh."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def first(self, name: str) -> bool:
        """Return whether the name was not given before, and remember it."""
        with self._lock:
            return self._first(name, self._clock())

    def _first(self, name: str, now: float) -> bool:
        while self._seen and (
            len(self._seen) >= MOST_REMEMBERED
            or next(iter(self._seen.values())) < now - 2 * OLDEST_S
        ):
            self._seen.popitem(last=False)
        if name in self._seen:
            return False
        self._seen[name] = now
        return True


def check_slack(
    body: bytes, *, timestamp: str, signature: str, secret: str, now: float, seen: Seen
) -> None:
    """Return if Slack signed this body just now. Raises: AccessError.

    *Source:* https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15):
        raise AccessError("The request has no time; expected X-Slack-Request-Timestamp.")
    base = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise AccessError("The signature is not Slack's; is the signing secret the app's?")
    _check_age(float(timestamp), now)
    if not seen.first(signature):
        raise AccessError("This very request was answered already.")


def check_teams(
    body: bytes, *, authorization: str, secret: str, sent_at: str, now: float, seen: Seen
) -> None:
    """Return if Teams signed this body just now; `sent_at` is the activity's. Raises: AccessError.

    *Source:* https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook
    """
    scheme, _, given = authorization.partition(" ")
    try:
        key = base64.b64decode(secret, validate=True)
    except binascii.Error as error:
        raise AccessError("CITEWELL_TEAMS_SECRET is not base64, as Teams showed it.") from error
    expected = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest())
    valid = hmac.compare_digest(expected, given.strip().encode("utf-8", "replace"))
    if scheme.upper() != "HMAC" or not valid:
        raise AccessError("The signature is not Teams'; is the secret the webhook's?")
    try:
        when = datetime.fromisoformat(sent_at).timestamp()
    except ValueError as error:
        raise AccessError("The activity has no time; expected `timestamp`.") from error
    _check_age(when, now)
    if not seen.first(given.strip()):
        raise AccessError("This very request was answered already.")


def _check_age(sent: float, now: float) -> None:
    if abs(now - sent) > OLDEST_S:
        raise AccessError(f"The request is {now - sent:.0f} s old; at most {OLDEST_S} s do.")
