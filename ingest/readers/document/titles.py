"""Titles: which of those that a file gives are believed, and what stands in for one."""

import re

_JUNK = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel|office)\b.*|powerpoint presentation|untitled.*"
    r"|(?:\w+ ){0,2}documento?\s*\d*|slide \d+|layout \d+|book\d*|print|scan(?:ned)?.*"
    r"|zyxwv\w*\b.*"  # the letters of a font, which a program has written into the page
    r"|title|título|sin título|sans titre|no title"
    r"|.*\.(?:docx?|pdf|pptx?|xlsx?|rtf|txt|html?|indd|qxp|qxd|wpd|ps|tex|odt))",
    re.IGNORECASE,
)
_CODE = re.compile(r"\S*[\d_]\S*")
_FEWEST_LETTERS = 4
_LONGEST = 300
_FILE_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_LANGUAGE_EXTENSION = re.compile(r"[._-](?:en|es|fr|ar|ru|zh)$", re.IGNORECASE)


def believed_title(title: str | None) -> str | None:
    """Return the title in one line, or None for one that a program has put there.

    Not believed: `Microsoft Word - x.docx`, `untitled`, file names, bare codes, blanks.
    """
    line = " ".join((title or "").split())
    if sum(c.isalpha() for c in line) < _FEWEST_LETTERS or len(line) > _LONGEST:
        return None
    if _JUNK.fullmatch(line) or _CODE.fullmatch(line):
        return None
    return line


def title_from_name(name: str) -> str:
    """Return a file's name made readable: `almaty-process_2019.en.pdf` → `almaty process 2019`."""
    stem = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    stem = _LANGUAGE_EXTENSION.sub("", _FILE_EXTENSION.sub("", stem))
    printable = "".join(c if c.isprintable() else " " for c in stem)
    return " ".join(printable.replace("_", " ").replace("-", " ").split()) or "untitled"
