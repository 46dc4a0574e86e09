"""Reports that were described by hand, and whether what was found of one is right."""

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from corpus.ids import sha256_of
from ingest.front_matter.words import WordLists, fold

_ALIKE = 0.94  # so that a scan's misread letters do not count
_FEWEST_LETTERS = 12


@dataclass(frozen=True, slots=True)
class DescribedReport:
    """A report as a person describes it.

    `titles`, `publishers`, `subtitles` and `kinds` are all that is right, the first as printed;
    None among them tells that none is printed. `date` is as exact as it is printed. `group` are
    the reports of one publisher or kind. What was not described (no `subtitles`) is not judged.
    """

    file: str
    sha256: str
    group: str
    titles: tuple[str | None, ...]
    publishers: tuple[str | None, ...]
    date: str | None
    subtitles: tuple[str | None, ...] | None = None
    kinds: tuple[str | None, ...] | None = None
    authors: tuple[str, ...] | None = None
    symbol: str | None = None

    def has_title(self, title: str | None) -> bool:
        """Tell whether a title is right, after case, accents and punctuation."""
        if title is None:
            return None in self.titles
        return any(_alike(title, each) for each in self.titles if each)

    def has_publisher(self, publisher: str | None) -> bool:
        """Tell whether a publisher is right, by any of its names."""
        if publisher is None:
            return None in self.publishers
        lists = WordLists.shipped()
        known = lists.organisation(publisher)
        return any(
            fold(publisher) == fold(each)
            or (known is not None and known == lists.organisation(each))
            for each in self.publishers
            if each
        )

    def has_subtitle(self, subtitle: str | None, title: str | None) -> bool:
        """Tell whether a subtitle is right; none is, too, where the title has it already."""
        right = self.subtitles or (None,)
        if subtitle is None:
            held = fold(title or "")
            return None in right or any(fold(each) in held for each in right if each)
        return any(_alike(subtitle, each) for each in right if each)

    def has_date(self, date: str | None) -> bool:
        """Tell whether a date is the one printed."""
        return date == self.date


def read_described(path: Path) -> list[DescribedReport]:
    """Return the reports of a JSON Lines file. Raises: InputError."""
    try:
        lines = path.read_text("utf-8").splitlines()
        return [_report(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is no file of described reports: {error}. Expected one JSON object a line "
            "with file, sha256, group, titles, publishers and date."
        ) from error


def _report(entry: dict[str, object]) -> DescribedReport:
    return DescribedReport(
        file=str(entry["file"]),
        sha256=str(entry["sha256"]),
        group=str(entry["group"]),
        titles=_texts(entry["titles"]),
        publishers=_texts(entry["publishers"]),
        date=_text(entry["date"]),
        subtitles=_texts(entry["subtitles"]) if "subtitles" in entry else None,
        kinds=_texts(entry["kinds"]) if "kinds" in entry else None,
        authors=tuple(map(str, _list(entry["authors"]))) if "authors" in entry else None,
        symbol=_text(entry.get("symbol")),
    )


def _texts(value: object) -> tuple[str | None, ...]:
    found = _list(value)
    if not found:
        raise TypeError("an empty list where texts were expected")
    return tuple(map(_text, found))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} where a list of texts was expected")
    return value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def files_of(
    reports: Sequence[DescribedReport], folders: Sequence[Path]
) -> Iterator[tuple[DescribedReport, bytes]]:
    """Yield each report with its bytes, found by its name in the folders and those in them.

    Raises: InputError where there is no such file, or it has other bytes.
    """
    named = {path.name: path for folder in folders for path in sorted(folder.rglob("*.pdf"))}
    for report in reports:
        path = named.get(report.file)
        if path is None:
            raise InputError(
                f"{report.file} is in none of {', '.join(map(str, folders))}. "
                "Give the folders of the described reports."
            )
        content = path.read_bytes()
        if sha256_of(content) != report.sha256:
            raise InputError(
                f"{path} has other bytes than the report that was described "
                f"(SHA-256 {sha256_of(content)[:12]}…, expected {report.sha256[:12]}…)."
            )
        yield report, content


def _alike(one: str, other: str) -> bool:
    one, other = fold(one), fold(other)
    if one == other:
        return True
    if min(len(one), len(other)) < _FEWEST_LETTERS:
        return False
    return difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE
