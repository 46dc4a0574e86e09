"""The authors that a title page names: after a label, or by their degrees."""

import re
from collections.abc import Iterator

from ingest.front_matter.candidate import Choice
from ingest.front_matter.sheet import Sheet
from ingest.front_matter.words import WordLists, words_in

_LABEL = re.compile(
    r"^(?:(?:prepared|written|authored|edited|submitted|conducted|compiled)\s+by|by|authors?|"
    r"inspectors?|evaluators?|evaluation team|team leader|autores?|autor[ae]?s?|auteurs?|"
    r"par|por|préparé par|rédigé par|elaborado por|preparado por)\b\s*:?\s*(?P<names>\S.*)$",
    re.IGNORECASE,
)
_DEGREE = re.compile(r",\s*(?:Ph\.?D|M\.?D|M\.?P\.?H|M\.?Sc?|Sc\.?D|Dr\.?P\.?H|M\.?A|J\.?D)\b\.?")
_BETWEEN = re.compile(r"\s*(?:[,;&]|\band\b|\bet\b|\by\b|\bund\b)\s*", re.IGNORECASE)
_TITLE = re.compile(r"^(?:Dr|Mr|Ms|Mrs|Prof)\.?\s+", re.IGNORECASE)
_WORD = re.compile(r"[A-ZÀ-Þ](?:[\w’'-]+|\.)")
_SMALL = frozenset({"de", "da", "dos", "van", "von", "der", "den", "la", "el", "al", "bin", "di"})
_PAGES = (1, 2)
_MOST_LINES = 16
_LABELLED = 0.9


def authors_of(sheet: Sheet) -> Choice | None:
    """Return the names of the authors, with `; ` between them; None where none are printed."""
    names: dict[str, None] = {}
    for page in _PAGES:
        for name in _on_page(sheet, page):
            names.setdefault(name)
        if names:
            break
    return Choice("; ".join(names), "first page", _LABELLED) if names else None


def is_person(text: str, words: WordLists) -> bool:
    """Tell whether a text can be the name of a person.

    >>> is_person("Liliana D. Sousa", WordLists.shipped())
    True
    """
    parts = text.split()
    if not 2 <= len(parts) <= 5 or words.organisation(text):
        return False
    kinds = words.kinds_of(words_in(text))
    if kinds.keys() - {"function", "month", "byline"}:
        return False
    named = [part for part in parts if part not in _SMALL]
    return len(named) >= 2 and all(_WORD.fullmatch(part) for part in named)


def _on_page(sheet: Sheet, page: int) -> Iterator[str]:
    for line in sheet.of_page(page)[:_MOST_LINES]:
        text = " ".join(line.text.split())
        label = None if sheet.starts_inside else _LABEL.match(text)
        if label is None and not _DEGREE.search(text):
            continue
        named = _DEGREE.sub("", label["names"] if label else text)
        parts = [_TITLE.sub("", part.strip(" .*†‡0123456789")) for part in _BETWEEN.split(named)]
        if all(is_person(part, sheet.words) for part in parts if part):
            yield from (part for part in parts if part)
