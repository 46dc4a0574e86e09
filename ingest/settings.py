"""How files are ingested, and the fingerprint that tells documents read otherwise."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from corpus.ids import Fingerprint, fingerprint_of, sha256_of
from ingest import chunking, normalizing, sentences
from ingest.chunking import ChunkingSettings
from ingest.describing import Description
from ingest.isolating import ReadingLimits
from ingest.readers.versions import VERSIONS
from ingest.unpacking import UnpackingLimits


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How files are ingested.

    `collection` and `metadata` go before what a manifest or the file says; metadata keys that
    documents have as fields (title, publisher, date, language) set those. `apart` reads as if there
    were no other collections: equal bytes of another are not seen, nor do they share an id. One
    file may take `timeout_s` seconds and `memory_bytes` of address space; `workers` files are read
    side by side.
    """

    collection: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    password: str | None = None
    apart: bool = False
    chunking: ChunkingSettings = field(default_factory=ChunkingSettings)
    timeout_s: float = 600
    memory_bytes: int = 2 * 1024**3
    max_bytes: int = 512 * 1024**2
    workers: int = 1
    unpacking: UnpackingLimits = field(default_factory=UnpackingLimits)

    @property
    def limits(self) -> ReadingLimits:
        """What one file may take."""
        return ReadingLimits(self.timeout_s, self.memory_bytes, self.workers)

    @property
    def said(self) -> Description:
        """What these settings say of every document."""
        said = dict(self.metadata) | ({"collection": self.collection} if self.collection else {})
        return Description(said, dict.fromkeys(said, "command"))


def reading_fingerprint(
    settings: IngestSettings, *, tokenizer_json: str, window_tokens: int
) -> Fingerprint:
    """Return the fingerprint of all that decides which pages and chunks a file gives.

    It covers the versions of readers, normalizing, sentences and chunking, the chunking settings
    and the tokenizer. Documents of another fingerprint are outdated.
    """
    return fingerprint_of(
        {
            "readers": VERSIONS,
            "normalizing": normalizing.VERSION,
            "sentences": sentences.VERSION,
            "chunker": chunking.VERSION,
            "chunking": asdict(replace(settings.chunking, window_tokens=window_tokens)),
            "tokenizer": sha256_of(tokenizer_json),
        }
    )
