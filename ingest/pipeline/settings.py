"""How files are ingested, and the fingerprint that tells documents read otherwise."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from corpus.ids import Fingerprint, fingerprint_of, sha256_of
from ingest.chunking import chunking
from ingest.chunking.chunking import ChunkingSettings
from ingest.metadata import describing
from ingest.metadata.describing import Description
from ingest.quality import grading
from ingest.readers.document.reader import OcrMode
from ingest.readers.document.versions import VERSIONS
from ingest.readers.pdf.ocr import ocr_languages
from ingest.sources.unpacking import UnpackingLimits
from ingest.text import normalizing, sentences
from ingest.workers.limited_workers import WorkerLimits


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How files are ingested.

    `collection` and `metadata` go before what a manifest or the file says; metadata keys that
    documents have as fields (title, publisher, date, language) set those. `apart` reads as if there
    were no other collections: equal bytes of another are not seen, nor do they share an id. One
    file may take `timeout_s` seconds and `memory_bytes` of address space; `workers` files are read
    side by side. `ocr` says which pages are read from their image: those without usable text
    (`auto`), none (`off`), or those whose text a scanner wrote, too (`force`).
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
    ocr: OcrMode = "auto"

    @property
    def limits(self) -> WorkerLimits:
        """What one file may take."""
        return WorkerLimits(self.timeout_s, self.memory_bytes, self.workers)

    @property
    def said(self) -> Description:
        """What these settings say of every document."""
        said = dict(self.metadata) | ({"collection": self.collection} if self.collection else {})
        return Description(said, dict.fromkeys(said, "command"))


def is_as_read_now(found: Fingerprint, reading: Fingerprint) -> bool:
    """Tell whether what was read with one fingerprint would be read the same with another.

    What was read without Tesseract holds until Tesseract is installed.
    """
    if found == reading:
        return True
    return found == without_tesseract(reading) and ocr_languages("en") is None


def without_tesseract(reading: Fingerprint) -> Fingerprint:
    """Return the fingerprint of documents that Tesseract would have read otherwise."""
    return fingerprint_of({"reading": reading, "tesseract": None})


def reading_fingerprint(
    settings: IngestSettings, *, tokenizer_json: str, window_tokens: int
) -> Fingerprint:
    """Return the fingerprint of all that decides which pages and chunks a file gives.

    It covers the versions of readers, the quality ledger, normalizing, sentences, describing and
    chunking, the chunking settings and the tokenizer. Documents of another one are outdated.
    """
    return fingerprint_of(
        {
            "readers": VERSIONS,
            "quality": grading.VERSION,
            "ocr": settings.ocr,
            "normalizing": normalizing.VERSION,
            "sentences": sentences.VERSION,
            "describing": describing.VERSION,
            "chunker": chunking.VERSION,
            "chunking": asdict(replace(settings.chunking, window_tokens=window_tokens)),
            "tokenizer": sha256_of(tokenizer_json),
        }
    )
