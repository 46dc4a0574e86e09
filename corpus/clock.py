"""The time as it is written in the store."""

from datetime import UTC, datetime


def utc_now() -> str:
    """Return the time now, ISO 8601 in UTC with microseconds: such texts sort as the times do."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
