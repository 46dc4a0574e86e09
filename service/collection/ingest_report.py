"""What is asked of an ingest, how far it is, and what became of every source."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from service.access.access import EVERYTHING, Access
from service.observing.observer import Ingested

Status = Literal["added", "unchanged", "replaced", "rejected", "removed"]


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """The result for one source."""

    doc_id: str | None
    source: str
    status: Status
    pages: int
    chunks: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result for each source, and the new current snapshot.

    `notes` say once what concerns many of them.
    """

    documents: tuple[DocumentReport, ...]
    snapshot: str | None
    embedded: int = 0
    notes: tuple[str, ...] = ()

    def summed_up(self, seconds: float) -> Ingested:
        """Return how many documents came to what, for who observes the ingest."""
        return Ingested(
            documents=Counter(document.status for document in self.documents),
            pages=sum(document.pages for document in self.documents),
            texts=sum(document.chunks for document in self.documents),
            embedded=self.embedded,
            seconds=seconds,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: sources read of all, texts embedded of those known so far."""

    step: Literal["waiting", "reading", "embedding", "building", "done"]
    sources_done: int
    sources_total: int
    texts_done: int
    texts_total: int
    latest: DocumentReport | None = None


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to ingest: files, folders and globs, and what to say of them.

    `prune` removes documents that the paths led to before and do not lead to any more;
    `allow_private` lets addresses lead into private networks.

    `addresses` names the lasting source of a path whose place is not lasting, such as an upload's.

    `collection` goes before the one that a manifest names; None leaves it to the manifest, else
    the collection is `default`. `access` is what the sender may do: of some collections only, it
    ingests as if there were no others (`apart`, see `ingest.pipeline.settings`).
    """

    paths: Sequence[str]
    collection: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    password: str | None = None
    prune: bool = False
    allow_private: bool = False
    access: Access = EVERYTHING

    @property
    def apart(self) -> bool:
        """Whether the sender must not learn what other collections hold."""
        return not self.access.is_of_all
