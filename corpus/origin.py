"""Where a source was found, and what its server said of the version that was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.ids import DocId


@dataclass(frozen=True, slots=True)
class Origin:
    """`root` is the folder, pattern, manifest or address that the source was found by.

    `etag` and `last_modified` are what a server gave with its bytes; a later request sends them
    back and costs nothing if the file is still the same.
    """

    source: str
    root: str
    etag: str | None = None
    last_modified: str | None = None


class SourceStore(Protocol):
    """What is kept of sources beside their documents. Each method is one transaction."""

    def origins(self) -> dict[str, Origin]:
        """Return where each source was found, by source."""
        ...

    def keep_origins(self, origins: Sequence[Origin]) -> None:
        """Keep where sources were found, in place of what was kept of them before."""
        ...

    def edits(self) -> dict[str, dict[str, str]]:
        """Return what was said of documents by hand: source to name to value."""
        ...

    def edit(self, source: str, changes: Mapping[str, str | None]) -> None:
        """Keep values said by hand; None takes one back."""
        ...

    def rename(self, doc_id: DocId, source: str) -> None:
        """Give a document another source, as whose current document it stays.

        Its edits and its origin go with it. Raises: NotFoundError.
        """
        ...
