"""Dates, languages and places as the viewer's language says them."""

from collections.abc import Sequence

from corpus.document import PageSpan
from service.http.web.viewer import say, viewer
from service.rendering.dates import date_in_words
from service.rendering.languages import language_name
from service.values.answer import Span


def localized_date(date: str) -> str:
    """Return a date as it is read; a time, or what is no date, as it is."""
    return date_in_words(date, viewer().language)


def localized_language(code: str | None) -> str:
    """Return the name of a language; its code where it has no name here, empty for none."""
    return language_name(code, viewer().language)


def chunk_place(spans: Sequence[PageSpan]) -> str:
    """Return where a passage stands, by the numbers of its pages.

    >>> chunk_place([PageSpan(3, 0, 5)])
    'page 3'
    """
    numbered = [Span(each.page, str(each.page), each.start, each.end) for each in spans]
    return place(numbered)


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
