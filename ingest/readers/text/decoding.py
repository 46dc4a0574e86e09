"""Bytes to text, whatever the encoding."""

import codecs
import re

from charset_normalizer import from_bytes

from corpus.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_STRAY = re.compile("[\udc80-\udcff]+")
_WESTERN = {"cp1252", "latin_1"}
_SAMPLE_BYTES = 256 * 1024
_MOST_CONTROL_SHARE = 0.01


def decode(content: bytes) -> tuple[str, str | None]:
    """Return the text, and in words what is doubtful about it, None for clean UTF-8 or UTF-16.

    UTF-8 with stray bytes is read as UTF-8 with those bytes in Windows-1252. Line ends become
    `\\n`; control characters but tab, line break and form feed go.

    Raises: ReadError for an empty file or binary content.
    """
    if not content.strip(b" \t\r\n\x00"):
        raise ReadError("An empty file. Expected text; check the file at its source.")
    text, doubt = _decoded(content)
    control = len(_CONTROL.findall(text))
    if control > max(4, _MOST_CONTROL_SHARE * len(text)):
        raise ReadError(
            f"Binary content ({control} control characters among {len(text)}). "
            "Expected text; give the document as PDF, HTML, Markdown or plain text."
        )
    if control:
        text = _CONTROL.sub("", text)
    return text.replace("\r\n", "\n").replace("\r", "\n"), doubt


def _decoded(content: bytes) -> tuple[str, str | None]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _with_replacements(content[len(mark) :], encoding)
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    escaped = content.decode("utf-8", "surrogateescape")
    stray = sum(len(run) for run in _STRAY.findall(escaped))
    whole = sum(c > "\x7f" for c in escaped) - stray
    if whole > 0 and whole * 2 >= stray:
        text = _STRAY.sub(lambda run: _windows(run.group()), escaped)
        return text, f"mixed encoding: UTF-8 with {stray} bytes read as Windows-1252"
    return _guessed(content)


def _with_replacements(content: bytes, encoding: str) -> tuple[str, str | None]:
    text = content.decode(encoding, "replace")
    lost = text.count("\ufffd")
    return text, f"{lost} places are not valid {encoding.upper()}" if lost else None


def _windows(stray: str) -> str:
    return stray.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _guessed(content: bytes) -> tuple[str, str | None]:
    if content.count(0, 0, _SAMPLE_BYTES) > _MOST_CONTROL_SHARE * len(content[:_SAMPLE_BYTES]):
        return content.decode("latin-1"), None
    encoding = _best_guess(content[:_SAMPLE_BYTES])
    return content.decode(encoding, "replace"), f"encoding guessed: {encoding}"


def _best_guess(sample: bytes) -> str:
    """Return the likeliest encoding; Windows-1252 where nothing is likelier."""
    guesses = from_bytes(sample)
    best = guesses.best()
    if best is None:
        return "cp1252"
    western = [guess for guess in guesses if _WESTERN & set(guess.could_be_from_charset)]
    # Short texts fit many code pages; the common one is meant unless another reads better.
    if any(guess.chaos <= best.chaos for guess in western):
        return "cp1252"
    return best.encoding
