"""The bundled collection: 26 briefs on inter-state consultation mechanisms on migration, as PDFs.

`sources/` holds what is written by hand, `building` makes the PDFs and `manifest.jsonl` of
`corpus/reports` from it (and needs `citewell[briefs]`); reading the collection needs the standard
library only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BundledReport", "bundled_reports", "manifest"]


@dataclass(frozen=True, slots=True)
class BundledReport:
    """One row of the manifest: a PDF and what is known of it.

    `date` is ISO 8601, `language` BCP 47, `sha256` the checksum of the file's bytes. `metadata`
    holds `short_title` and, where a source states them, `mechanism_type` and `region`.
    """

    path: Path
    title: str
    publisher: str
    date: str
    language: str
    collection: str
    symbol: str
    aliases: tuple[str, ...]
    pages: int
    sha256: str
    metadata: Mapping[str, str]


def bundled_reports() -> list[Path]:
    """The paths of the bundled PDFs, in the order of the manifest."""
    return [report.path for report in manifest()]


def manifest() -> list[BundledReport]:
    """The rows of `manifest.jsonl`, one a PDF, sorted by file name."""
    folder = Path(__file__).parent.parent / "reports"
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [_report(folder, json.loads(line)) for line in lines]


def _report(folder: Path, row: dict[str, object]) -> BundledReport:
    aliases, metadata, pages = row["aliases"], row["metadata"], row["pages"]
    if not (isinstance(aliases, list) and isinstance(metadata, dict) and isinstance(pages, int)):
        raise ValueError(f"manifest.jsonl: not a row of the manifest: {row}")
    return BundledReport(
        path=folder / str(row["file"]),
        title=str(row["title"]),
        publisher=str(row["publisher"]),
        date=str(row["date"]),
        language=str(row["language"]),
        collection=str(row["collection"]),
        symbol=str(row["symbol"]),
        aliases=tuple(str(alias) for alias in aliases),
        pages=pages,
        sha256=str(row["sha256"]),
        metadata={str(key): str(value) for key, value in metadata.items()},
    )
