"""Opening the store of a home, and knowing when a home has lost it."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TypeVar

from corpus.errors import StoreError
from corpus.home import Home
from corpus.stores.sql_store import SqlStore
from service.access.access import Access
from service.access.guarded_store import Changing, GuardedStore
from service.settings.settings import Settings

Store = TypeVar("Store", bound=SqlStore)

_SQLITE = "sqlite:///"


def open_store(settings: Settings, *, read_only: bool = False) -> SqlStore:
    """Return the home's store; a new one, unless `read_only`, where there was none.

    Raises: StoreError, also where the home had a store and its file is gone or empty: a new one
    would have neither its documents nor its keys, and without a key everybody may do everything.
    """
    return _opened(settings, partial(SqlStore.open, read_only=read_only), read_only=read_only)


def open_guarded_store(
    settings: Settings, access: Access, changing: Changing = nullcontext
) -> GuardedStore:
    """Return the store as an access may change it, each change in `changing`.

    Raises as `open_store`.
    """
    opening = partial(GuardedStore.open, access=access, changing=changing)
    return _opened(settings, opening, read_only=False)


def _opened(settings: Settings, open_at: Callable[..., Store], *, read_only: bool) -> Store:
    home = settings.layout
    file = _file_of(settings.store_url)
    if home.restoring.exists():
        raise StoreError(
            f"{home.root} is half restored: a restore has begun, and has not ended. Wait for it, "
            "or if it was interrupted, begin it again: citewell backup restore FOLDER --replace"
        )
    had_one = home.store_made.exists() or home.current.exists()
    if file is not None and had_one and _is_lost(file):
        raise StoreError(
            f"{home.root} has lost its store: {file} is gone or empty, and documents or keys were "
            "kept in it. Restore the file from a copy, or import an exported snapshot into another "
            f"home. To begin anew here, remove {home.snapshots} and {home.store_made} first."
        )
    # Only the server of a database tells whether its tables are there.
    store = open_at(settings.store_url, make=file is not None or not had_one)
    if not read_only:
        _mark(home, store)
    return store


def _file_of(url: str) -> Path | None:
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def _is_lost(file: Path) -> bool:
    return not (file.exists() and file.stat().st_size > 0)


def _mark(home: Home, store: SqlStore) -> None:
    """Note that the home has a store, once."""
    if home.store_made.exists():
        return
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        home.store_made.touch()
    except OSError as error:
        store.close()
        raise StoreError(
            f"cannot write {home.store_made} ({error.strerror}); use a place that can be written"
        ) from error
