"""Dates as a reader says them."""

import re

from service.messages.catalogue import DEFAULT, messages_of

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")


def date_in_words(date: str, language: str = DEFAULT) -> str:
    """Return a date as it is read; a time, or what is no date, as it is.

    >>> date_in_words("2025-05-12"), date_in_words("2025-05"), date_in_words("2025")
    ('12 May 2025', 'May 2025', '2025')
    """
    parts = date_parts(date)
    if parts is None:
        return date
    year, month, day = parts
    messages = messages_of(language)
    if month and day:
        name = messages.say("date.months_of").split()[month - 1]
        return messages.say("date.day", day=day, month=name, year=year)
    if month:
        name = messages.say("date.months").split()[month - 1]
        return messages.say("date.month", month=name, year=year)
    return year


def date_parts(date: str) -> tuple[str, int | None, int | None] | None:
    """Return year, month and day of a date, as far as it names them; None for what is no date.

    >>> date_parts("2025-05"), date_parts("2025-05-12T10:00:00Z")
    (('2025', 5, None), None)
    """
    found = _DATE.fullmatch(date)
    if found is None:
        return None
    year, month, day = found.groups()
    return year, int(month) if month else None, int(day) if day else None
