"""The time as it is written in the store."""

from datetime import UTC, datetime, timedelta


def utc_now() -> str:
    """Return the time now, ISO 8601 in UTC with microseconds: such texts sort as the times do."""
    return utc_in(0.0)


def utc_in(seconds: float) -> str:
    """Return the time in so many seconds, written as `utc_now` does."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="microseconds")
