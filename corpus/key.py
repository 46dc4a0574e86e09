"""One API key as it is kept: never the key itself, only its checksum."""

import secrets
from dataclasses import dataclass
from typing import Literal

from corpus.ids import Sha256, sha256_of

Scope = Literal["read", "ingest", "admin", "metrics"]
SCOPES: tuple[Scope, ...] = ("read", "ingest", "admin", "metrics")

PREFIX = "cw_"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A named key. `collections` is None for all of them; times are ISO 8601, UTC.

    `sha256` is of the whole key as its owner sends it. A key is 256 random bits, which nobody
    finds by trying, so a slow hash would only slow the server.
    """

    key_id: str
    name: str
    sha256: Sha256
    scopes: tuple[Scope, ...]
    collections: tuple[str, ...] | None
    created_at: str
    expires_at: str | None = None
    revoked_at: str | None = None

    def state(self, now: str) -> Literal["active", "expired", "revoked"]:
        """Return what the key is at a time."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


def new_secret() -> str:
    """Return a new key, 256 random bits: what its owner sends, shown once."""
    return PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def key_id_of(secret: str) -> str:
    """Return the public name of a key: `k` and 12 hexadecimal digits."""
    return f"k{sha256_of(f'key id {secret}')[:12]}"
