"""A quote as it is read: on one line, without the marks of the list that it stood in."""

import re

_WORD = re.compile(r"\w+")
_BROKEN_WORD = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")
_LIST_MARK = re.compile(r"(?:[•▪‣◦●○■–—*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|\([A-Z]\))\s+(?=\S)")


def as_one_line(text: str) -> str:
    """Return the text on one line: a hyphen at a line end stays, other breaks become spaces."""
    return " ".join(_BROKEN_WORD.sub("-", text).split())


def as_statement(text: str) -> str:
    """Return a quote on one line, without the number, letter or bullet that it begins with.

    >>> as_statement("4. The committee met twice.")
    'The committee met twice.'
    >>> as_statement("A. Smith chaired it.")
    'A. Smith chaired it.'
    """
    return (
        _LIST_MARK.sub("", as_one_line(text), count=1)
        if _LIST_MARK.match(text)
        else as_one_line(text)
    )


def words_of(text: str) -> list[str]:
    """Return the words in small letters."""
    return [word.casefold() for word in _WORD.findall(text)]
