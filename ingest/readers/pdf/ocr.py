"""Words of a page image, by Tesseract, where it is installed."""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_TIMEOUT_S = 60
LEAST_CONFIDENCE = 30.0  # of a word, to be in the text
# The languages that a reader of reports needs, by their BCP 47 names.
_LANGUAGES = {"en": "eng", "es": "spa", "fr": "fra", "ru": "rus", "ar": "ara"}


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word with its box in pixels (left, top, right, bottom), line, and confidence 0 to 100."""

    text: str
    box: tuple[int, int, int, int]
    line: tuple[int, int, int]
    confidence: float


def ocr_languages(language: str | None) -> str | None:
    """Return what Tesseract is asked to read: the document's language and English, as installed.

    None where Tesseract is not installed or has neither.
    """
    wanted = [_LANGUAGES.get((language or "en").split("-")[0].lower(), "eng"), "eng"]
    found = [name for name in dict.fromkeys(wanted) if name in _installed()]
    return "+".join(found) or None


def read_image(image_png: bytes, languages: str, dpi: int) -> tuple[OcrWord, ...]:
    """Return all words of an image in Tesseract's reading order; none where it gives up.

    It runs in one thread, so that the same image gives the same words in the same time, and is
    ended after a minute.
    """
    command = ["tesseract", "stdin", "stdout", "-l", languages, "--dpi", str(dpi), "tsv"]
    try:
        done = subprocess.run(
            command,
            input=image_png,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    rows = csv.DictReader(
        io.StringIO(done.stdout.decode("utf-8", "replace")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    words = (_word(row) for row in rows if row["level"] == "5")
    return tuple(word for word in words if word.text)


def mean_confidence(words: Sequence[OcrWord]) -> float:
    """Return the mean confidence of a page's letters, 0 to 100."""
    letters = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words) / letters if letters else 0.0


def _word(row: dict[str, str]) -> OcrWord:
    left, top = int(row["left"]), int(row["top"])
    return OcrWord(
        text="".join(c for c in row["text"] if c.isprintable()).strip(),
        box=(left, top, left + int(row["width"]), top + int(row["height"])),
        line=(int(row["block_num"]), int(row["par_num"]), int(row["line_num"])),
        confidence=float(row["conf"]),
    )


@cache
def _installed() -> frozenset[str]:
    if shutil.which("tesseract") is None:
        return frozenset()
    try:
        listed = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, timeout=_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(listed.stdout.decode("utf-8", "replace").split()[1:])
