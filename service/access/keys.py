"""Making an API key from what its owner asks for."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from corpus.clock import utc_now
from corpus.errors import InputError
from corpus.ids import sha256_of
from corpus.key import SCOPES, Key, Scope, key_id_of, new_secret

LONGEST_NAME = 100


def make_key(
    name: str, scopes: Sequence[str], collections: Sequence[str] | None, expires: str | None
) -> tuple[Key, str]:
    """Return a new key as it is kept, and the secret that its owner sends.

    Raises: InputError for a scope that is none, a name or collection that is empty, or a time
    that is past or no time.
    """
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InputError(f"Found a name of {len(name)} characters; expected 1 to {LONGEST_NAME}.")
    if collections is not None and not all(collection.strip() for collection in collections):
        raise InputError("Found a collection without a name; name the one that the key is for.")
    secret = new_secret()
    key = Key(
        key_id=key_id_of(secret),
        name=name.strip(),
        sha256=sha256_of(secret),
        scopes=tuple(scope for scope in SCOPES if scope in _checked(scopes)),
        collections=None if collections is None else tuple(dict.fromkeys(collections)),
        created_at=utc_now(),
        expires_at=None if expires is None else expiry(expires, now=datetime.now(UTC)),
    )
    return key, secret


def expiry(text: str, *, now: datetime) -> str:
    """Return the moment at which a key ends, ISO 8601 in UTC. Raises: InputError.

    >>> expiry("2027-01-31", now=datetime(2026, 1, 1, tzinfo=UTC))
    '2027-02-01T00:00:00.000000+00:00'
    >>> expiry("90d", now=datetime(2026, 1, 1, 12, tzinfo=UTC))
    '2026-04-01T12:00:00.000000+00:00'
    """
    try:
        if days := re.fullmatch(r"([1-9][0-9]{0,4})d", text):
            end = now + timedelta(days=int(days[1]))
        else:
            end = datetime.combine(date.fromisoformat(text), time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise InputError(f"Found {text!r}; expected a day (2027-01-31) or days (90d).") from error
    if end <= now:
        raise InputError(f"The key would have ended on {text} already; choose a later day.")
    return end.isoformat(timespec="microseconds")


def _checked(scopes: Sequence[str]) -> Sequence[Scope]:
    for scope in scopes:
        if scope not in SCOPES:
            raise InputError(f"Found the scope {scope!r}; expected one of: {', '.join(SCOPES)}.")
    return [scope for scope in SCOPES if scope in scopes]
