"""One source file and its pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.ids import DocId, Fingerprint, Sha256

Grade = Literal["A", "B", "C", "D"]
TextSource = Literal["layer", "ocr", "recovered", "none"]

# How stores and bundles before the quality ledger say it.
GRADES_BEFORE: Mapping[str, Grade] = {"good": "A", "poor": "C", "unreadable": "D"}
SOURCES_BEFORE: Mapping[str, TextSource] = {"text": "layer"}


@dataclass(frozen=True, slots=True)
class PageSpan:
    """A half-open range of one page's text, in code points."""

    page: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.page < 1 or not 0 <= self.start < self.end:
            raise ValueError(f"not a span of a page: {self.page}, {self.start}:{self.end}")


@dataclass(frozen=True, slots=True)
class PageQuality:
    """How well a page was read. The rule of the grades is in docs/explanation/page-quality.md.

    `source` says where the text is from: `layer` (the file's own), `ocr` (read from the page's
    image), `recovered` (by a second engine, from a damaged page), `none`. `scanned` tells a layer
    that a scanner wrote under an image. `characters` is the length of the text; of them `set_aside`
    are headers, footers, charts and lists of contents, which are not offered as answers; `cut` are
    letters that the file has and the page does not show, which are not in the text. Shares and
    the confidence are 0..1, None where they were not measured: `dictionary_share` of words that
    the language has, `garbled_share` of words that are written as no word is, `disagreement` of
    the text that a second engine reads otherwise. `reason` says what keeps the page from an A.
    """

    grade: Grade = "A"
    source: TextSource = "layer"
    characters: int = 0
    reason: str | None = None
    scanned: bool = False
    dictionary_share: float | None = None
    garbled_share: float | None = None
    disagreement: float | None = None
    ocr_confidence: float | None = None
    columns: int | None = None
    tables: int = 0
    set_aside: int = 0
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """The final text of one page.

    `number` counts from 1 as in the file; `label` is what is printed on the page (`iv`), or the
    number where nothing is; `language` is BCP 47, None where it is not known. The text never
    changes once stored: citations point into it.
    """

    number: int
    label: str
    text: str
    quality: PageQuality = field(default_factory=PageQuality)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source file as it is kept in the store.

    `source` is a path or an address; the newest document of a source answers, older ones stay
    citable. `date` is ISO 8601 (`2019`, `2019-05`, `2019-05-31`) or None; `language` BCP 47.
    `provenance` says of each field and metadata key where it is from: `edit`, `command`,
    `manifest`, `file`, `first page`, `text` or `name`. `reading` is the fingerprint of the reading
    and chunking that made its pages and chunks. `partial` says what of the file could not be read,
    None where all of it was.
    """

    doc_id: DocId
    sha256: Sha256
    source: str
    title: str
    collection: str
    media_type: str
    reading: Fingerprint
    pages: int
    publisher: str | None = None
    date: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, str] = field(default_factory=dict)
    partial: str | None = None
