"""The port `SourceStore` in dictionaries."""

from collections.abc import Mapping, Sequence
from threading import RLock

from corpus.origin import Origin
from corpus.stores.storable import refuse_unstorable_text


class MemorySources:
    """Origins and edits that are forgotten when it goes."""

    _lock: RLock

    def __init__(self) -> None:
        self._origins: dict[str, Origin] = {}
        self._edits: dict[str, dict[str, str]] = {}

    def origins(self) -> dict[str, Origin]:
        """Return where each source was found, by source."""
        with self._lock:
            return dict(self._origins)

    def keep_origins(self, origins: Sequence[Origin]) -> None:
        """Keep where sources were found, in place of what was kept of them before."""
        for origin in origins:
            refuse_unstorable_text("the source of a document", origin.source)
        with self._lock:
            self._origins |= {origin.source: origin for origin in origins}

    def edits(self) -> dict[str, dict[str, str]]:
        """Return what was said of documents by hand: source to name to value."""
        with self._lock:
            return {source: dict(said) for source, said in self._edits.items() if said}

    def edit(self, source: str, changes: Mapping[str, str | None]) -> None:
        """Keep values said by hand; None takes one back."""
        for name, value in changes.items():
            refuse_unstorable_text(f"the edit of {name}", value or "")
        with self._lock:
            said = self._edits.setdefault(source, {})
            for name, value in changes.items():
                if value is None:
                    said.pop(name, None)
                else:
                    said[name] = value

    def _move(self, before: str, source: str) -> None:
        self._edits[source] = self._edits.pop(before, {})
        self._origins.pop(source, None)
        if origin := self._origins.pop(before, None):
            self._origins[source] = Origin(source, origin.root, origin.etag, origin.last_modified)

    def _forget(self, source: str) -> None:
        self._edits.pop(source, None)
        self._origins.pop(source, None)
