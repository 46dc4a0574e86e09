"""Dates, languages and places as the viewer's language says them."""

import re
from collections.abc import Sequence

from service.http.web.catalogue import messages_of
from service.http.web.viewer import say
from service.values.answer import Span

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")


def said_date(date: str) -> str:
    """Return a date as it is read; a time, or what is no date, as it is.

    >>> said_date("2025-05-12"), said_date("2025-05"), said_date("2025")
    ('12 May 2025', 'May 2025', '2025')
    """
    found = _DATE.fullmatch(date)
    if found is None:
        return date
    year, month, day = found.groups()
    if day:
        name = say("date.months_of").split()[int(month) - 1]
        return say("date.day", day=int(day), month=name, year=year)
    if month:
        name = say("date.months").split()[int(month) - 1]
        return say("date.month", month=name, year=year)
    return year


def said_language(code: str | None) -> str:
    """Return the name of a language; its code where it has no name here, empty for none.

    >>> said_language("fr-CA"), said_language("tg"), said_language(None)
    ('French', 'language tg', '')
    """
    short = (code or "").partition("-")[0].lower()
    if not short:
        return ""
    name = f"language.{short}"
    return say(name) if name in messages_of("en").by_name else say("language.other", code=short)


def place(spans: Sequence[Span]) -> str:
    """Return where spans stand, as a reader says it.

    >>> place([Span(6, "iv", 0, 10), Span(7, "v", 0, 10)])
    'pages iv–v (6–7 in the file)'
    >>> place([Span(3, "3", 0, 10)])
    'page 3'
    """
    first, last = spans[0], spans[-1]
    one = first.page == last.page
    label = first.label if one else f"{first.label}–{last.label}"
    number = str(first.page) if one else f"{first.page}–{last.page}"
    shown = say("place.page" if one else "place.pages", label=label)
    return shown if label == number else say("place.in_file", place=shown, number=number)
