"""Waiting for files to change."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.errors import InputError
from ingest.sources.listing import watched_places

_QUIET_MS = 1_000


def changes(paths: Sequence[str]) -> Iterator[int]:
    """Yield the number of files that changed below the paths, once they have been quiet a second.

    Ends never; a pattern is watched from its first folder without a wildcard. Raises: InputError if
    there is nothing to watch (addresses cannot be watched).
    """
    places = watched_places(paths)
    if not places:
        raise InputError("Nothing to watch: expected at least one file or folder that exists.")
    from watchfiles import watch

    for found in watch(*map(Path, places), debounce=_QUIET_MS, step=_QUIET_MS // 4):
        yield len(found)
