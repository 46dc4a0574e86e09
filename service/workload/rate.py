"""How often somebody may ask: a bucket of tokens each, refilled evenly."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from corpus.errors import RateError
from corpus.store import TallyStore
from service.settings.settings import Settings

MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_s: float


class Rate:
    """At most `per_minute` requests a minute for each name, and so many at once after a rest.

    *Source:* token bucket, RFC 2697 in spirit; the oldest names are forgotten beyond MOST_BUCKETS.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        of: str = "requests",
    ) -> None:
        self._per_minute = per_minute
        self._of = of
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str, count: int = 1) -> None:
        """Count one request, or `count` of what is counted, of which a minute's worth is the most.

        Raises: RateError, which says in how many seconds so many more may come.

        >>> rate = Rate(1, clock=lambda: 0.0)
        >>> rate.take("k1")
        >>> rate.take("k1")
        Traceback (most recent call last):
        corpus.errors.RateError: At most 1 requests a minute are answered here; try again in 60 s.
        """
        now = self._clock()
        bucket = self._buckets.pop(name, None) or _Bucket(self._per_minute, now)
        grown = bucket.tokens + (now - bucket.at_s) * self._per_minute / 60
        bucket.tokens, bucket.at_s = min(float(self._per_minute), grown), now
        self._buckets[name] = bucket
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        if bucket.tokens < count:
            wait_s = math.ceil((count - bucket.tokens) * 60 / self._per_minute)
            raise _refusal(self._per_minute, self._of, wait_s)
        bucket.tokens -= count


class SharedRate:
    """A `Rate` that all servers of one store count together. Waits for the store."""

    def __init__(self, store: TallyStore, per_minute: int, *, of: str = "requests") -> None:
        self._store = store
        self._per_minute = per_minute
        self._of = of

    def take(self, name: str, count: int = 1) -> None:
        """Count as `Rate.take` does. Raises: RateError; StoreError."""
        wait_s = self._store.take(f"{self._of} of {name}", self._per_minute, count)
        if wait_s > 0:
            raise _refusal(self._per_minute, self._of, math.ceil(wait_s))


def rate_of(
    settings: Settings, store: TallyStore, per_minute: int, *, of: str = "requests"
) -> Rate | SharedRate:
    """Return a rate: counted in the store where several machines may share it."""
    if settings.layout.database is None:
        return Rate(per_minute, of=of)
    return SharedRate(store, per_minute, of=of)


def _refusal(per_minute: int, of: str, wait_s: int) -> RateError:
    return RateError(
        f"At most {per_minute} {of} a minute are answered here; try again in {wait_s} s.",
        retry_after_s=wait_s,
    )
