"""`manifest.jsonl`: what a folder says of its files, one JSON object a line."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from ingest.sources.source import Fields

MANIFEST = "manifest.jsonl"

_FIELDS = {"file", "title", "publisher", "date", "language", "collection", "metadata"}
_OF_THE_FILE = {"pages", "bytes", "sha256"}  # said by the file itself
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read_listing(path: Path) -> Iterator[tuple[int, str | None, Fields]]:
    """Yield each line of a manifest that names its files itself: number, file or address, fields.

    `file` is relative to the manifest's folder, `url` (or `source`) an address. A line that names
    neither comes with None. Raises: OSError, UnicodeDecodeError.
    """
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        entry = dict(_object(line))
        name = entry.get("file")
        if not isinstance(name, str):
            name = entry.pop("url", None) or entry.pop("source", None)
        yield number, name if isinstance(name, str) else None, _fields(entry)


def read_manifest(path: Path) -> dict[str, Fields]:
    """Return the fields by file name; empty where there is no manifest.

    `title`, `publisher`, `date`, `language` and `collection` are fields; `metadata` and any other
    key become metadata, lists joined with `; `. Lines that are no such object are passed over.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, Fields] = {}
    for line in lines:
        entry = _object(line)
        name = entry.get("file")
        if isinstance(name, str):
            found[name] = _fields(entry)
    return found


def _object(line: str) -> Mapping[str, object]:
    try:
        value: object = json.loads(line)
    except ValueError:
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _fields(entry: Mapping[str, object]) -> Fields:
    metadata = {
        key: text
        for key, value in entry.items()
        if key not in _FIELDS | _OF_THE_FILE and (text := _text(value))
    }
    own = entry.get("metadata")
    if isinstance(own, dict):
        metadata |= {str(key): text for key, value in own.items() if (text := _text(value))}
    return Fields(
        title=_text(entry.get("title")),
        publisher=_text(entry.get("publisher")),
        date=_matched(_DATE, entry.get("date")),
        language=_matched(_LANGUAGE, entry.get("language")),
        collection=_text(entry.get("collection")),
        metadata=metadata,
    )


def _text(value: object) -> str | None:
    """Return a value as one line of text, None if there is nothing in it."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value))) or None
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        return None
    return " ".join(str(value).split()) or None


def _matched(pattern: re.Pattern[str], value: object) -> str | None:
    text = _text(value)
    return text if text and pattern.fullmatch(text) else None
