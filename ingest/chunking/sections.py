"""The sections of a document and the contexts that their chunks are embedded with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.chunking.flow import Flow
from ingest.chunking.token_counting import TokenCounter
from ingest.readers.document.reader import Heading

_ABSORBED_CHARACTERS = 300
SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the flow under one heading path.

    `start:body_start` holds the headings that its first chunk begins with, `body_start:end` the
    rest. Text before the first heading is a section with an empty path.
    """

    path: tuple[str, ...]
    start: int
    body_start: int
    end: int


def sections_of(flow: Flow, headings: Sequence[Heading]) -> list[Section]:
    """Return the sections of a flow, in order; together they cover it.

    A heading without text of its own is taken into the section that follows it; where there is
    none, or it would become too long, it is the text of its section.
    """
    placed = sorted(((flow.place(heading.span), heading) for heading in headings), key=_place)
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    waiting: int | None = None
    before = placed[0][0][0] if placed else len(flow.text)
    if flow.text[:before].strip():
        sections.append(Section((), 0, 0, before))
    for index, ((start, heading_end), heading) in enumerate(placed):
        end = placed[index + 1][0][0] if index + 1 < len(placed) else len(flow.text)
        path = [(level, text) for level, text in path if level < heading.level]
        path.append((heading.level, heading.text))
        body = min(heading_end, end)
        first = start if waiting is None else waiting
        waiting = None
        empty = not flow.text[body:end].strip()
        if empty and index + 1 < len(placed) and end - first <= _ABSORBED_CHARACTERS:
            waiting = first
            continue
        texts = tuple(text for _, text in path)
        sections.append(Section(texts, first, first if empty else body, end))
    return sections


def note_sections(
    notes: Flow, body: Flow, sections: Sequence[Section], pages: Iterable[int]
) -> list[Section]:
    """Return a section of a flow of notes for each page: the one that the page's text ends in."""
    found: list[Section] = []
    at = 0
    for page in sorted(set(pages)):
        last = body.end_of(page) - 1
        path = next((s.path for s in reversed(sections) if s.start <= last), ())
        end = notes.end_of(page)
        if end > at:
            found.append(Section(path, at, at, end))
        at = end
    return found


def _place(placed: tuple[tuple[int, int], Heading]) -> tuple[int, int]:
    return placed[0]


def contexts_of(
    title: str, sections: Sequence[Section], context_tokens: int, counter: TokenCounter
) -> list[str]:
    """Return a context for each section: `title › section › subsection`.

    One that has more than `context_tokens` tokens loses its middle sections, then the ends of
    the title and of the last section, but neither of them wholly.
    """
    paths = list(dict.fromkeys(section.path for section in sections))
    whole = [_joined(title, path) for path in paths]
    fitting = {
        path: text if count <= context_tokens else _shortened(title, path, context_tokens, counter)
        for path, text, count in zip(paths, whole, counter.count(whole), strict=True)
    }
    return [fitting[section.path] for section in sections]


def _joined(title: str, path: Sequence[str]) -> str:
    parts = [" ".join(part.split()) for part in (title, *path)]
    return SEPARATOR.join(part for part in dict.fromkeys(parts) if part)


def _shortened(title: str, path: Sequence[str], tokens: int, counter: TokenCounter) -> str:
    """Return the first of ever shorter forms that fits."""
    forms = [_joined(title, (path[0], "…", path[-1]))] if len(path) > 2 else []
    last = path[-1:]
    if len(path) > 1:
        forms.append(_joined(title, ("…", *last)))
    for words in (16, 12, 9, 7, 5, 4, 3, 2, 1):
        short_last = tuple(_first_words(text, 2 * words) for text in last)
        forms.append(_joined(_first_words(title, words), short_last))
    for characters in (24, 12, 6, 3):
        forms.append(_joined(title[:characters], [text[:characters] for text in last]))
    for form, count in zip(forms, counter.count(forms), strict=True):
        if count <= tokens:
            return form
    return ""


def _first_words(text: str, number: int) -> str:
    words = text.split()
    return text if len(words) <= number else " ".join(words[:number]) + "…"
