"""The sources of the briefs → their PDFs and `manifest.jsonl`.

    python -m corpus.briefs.building            writes the PDFs and the manifest
    python -m corpus.briefs.building --check    writes nothing; exits 1, naming what differs

Needs `citewell[briefs]`. The same sources and the same reportlab give the same bytes.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

from corpus.briefs.brief import Brief, read_brief
from corpus.briefs.typesetting import typeset
from corpus.errors import ReadError

SOURCES = Path(__file__).parent / "sources"
REPORTS = Path(__file__).parent.parent / "reports"
COLLECTION = "iscm"
MANIFEST = "manifest.jsonl"

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def build_reports(sources: Path) -> dict[str, bytes]:
    """Each brief's PDF and the manifest, by file name, made from a folder of sources.

    Raises: ReadError, where a source is no brief.
    """
    files: dict[str, bytes] = {}
    rows = []
    for path in sorted(sources.glob("*.md")):
        brief = read_brief(path)
        made = typeset(brief)
        name = f"{brief.slug}.pdf"
        files[name] = made.pdf
        rows.append(_row(brief, name, made.pdf, made.pages))
    files[MANIFEST] = "".join(f"{row}\n" for row in rows).encode()
    return files


def write_reports(sources: Path, folder: Path) -> list[str]:
    """The names of the files written into `folder`, made from `sources`; unchanged ones stay."""
    written = []
    for name, content in build_reports(sources).items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            written.append(name)
    return written


def differences(sources: Path, folder: Path) -> list[str]:
    """The names of the files in `folder` that are not what `sources` give, sorted.

    A PDF that differs only in how its streams are compressed is the same: another zlib may pack
    the same page otherwise. The manifest must give the checksum of the file that is there.
    """
    built = build_reports(sources)
    rows = _rows(built.pop(MANIFEST))
    wrong = {path.name for path in folder.glob("*.pdf")} - set(built)
    for name, content in built.items():
        found = (folder / name).read_bytes() if (folder / name).exists() else b""
        rows[name]["sha256"] = _sha256(found)
        if not same_pdf(found, content):
            wrong.add(name)
    manifest = folder / MANIFEST
    if not manifest.exists() or _rows(manifest.read_bytes()) != rows:
        wrong.add(MANIFEST)
    return sorted(wrong)


def same_pdf(left: bytes, right: bytes) -> bool:
    """Whether two PDFs are equal, or equal once their streams are unpacked."""
    return left == right or _unpacked(left) == _unpacked(right)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 good, 1 some files differ from their sources, 2 bad usage or source."""
    parser = argparse.ArgumentParser(
        prog="python -m corpus.briefs.building",
        description="Make the PDFs of the bundled briefs and their manifest from the sources.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing, name what differs")
    options = parser.parse_args(arguments)
    try:
        names = (differences if options.check else write_reports)(SOURCES, REPORTS)
    except ReadError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    verb = "differs from its source" if options.check else "written"
    sys.stdout.write("".join(f"{name}: {verb}\n" for name in names))
    if options.check and names:
        sys.stderr.write("Run `python -m corpus.briefs.building` and commit the result.\n")
        return 1
    return 0


def _row(brief: Brief, name: str, pdf: bytes, pages: int) -> str:
    row = {
        "file": name,
        "title": brief.title,
        "publisher": brief.publisher,
        "date": brief.date,
        "language": brief.language,
        "collection": COLLECTION,
        "symbol": brief.symbol,
        "aliases": list(brief.aliases),
        "pages": pages,
        "sha256": _sha256(pdf),
        "metadata": {"short_title": brief.short_title, **brief.metadata},
    }
    return json.dumps(row, ensure_ascii=False)


def _rows(manifest: bytes) -> dict[str, dict[str, object]]:
    rows = [json.loads(line) for line in manifest.decode().splitlines()]
    return {row["file"]: row for row in rows}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _unpacked(pdf: bytes) -> list[bytes]:
    """A file of reportlab with its streams decoded, without the lengths and offsets they give."""
    parts = _STREAM.split(pdf)
    for position in range(1, len(parts), 2):
        packed = parts[position]
        if packed.rstrip().endswith(b"~>"):
            packed = base64.a85decode(packed.strip().removesuffix(b"~>"))
        parts[position] = zlib.decompressobj().decompress(packed)  # bytes after the end stay out
    for position in range(0, len(parts), 2):
        parts[position] = re.sub(rb"/Length \d+", b"", parts[position])
    parts[-1] = re.sub(
        rb"\nxref\s.*?trailer|startxref\s+\d+|/ID\s*\[.*?\]", b"", parts[-1], flags=re.DOTALL
    )
    return parts


if __name__ == "__main__":
    sys.exit(main())
