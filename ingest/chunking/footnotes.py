"""Footnotes: which sentence calls each, so that it is searched with that sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.chunking.flow import Flow
from ingest.readers.document.reader import Block, Reading

FOOTNOTE = "footnote"

_NOTE = re.compile(r"^[^\S\n]*(\d{1,3})[.)]?\s+(?=\S)", re.MULTILINE)
_CALL = re.compile(r"(?<=[^\W\d_]|[.,;:)\]”\"’])[^\S\n]?(\d{1,3})(?![\w.,/%-]\w|\w)")
_LONGEST = 240  # characters of a note that are searched with its sentence

Notes = Mapping[int, Mapping[str, str]]
Range = tuple[int, int]


def footnotes(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks that are footnotes."""
    return [block for block in blocks if block.kind == FOOTNOTE]


def numbered_notes(reading: Reading) -> Notes:
    """Return the text of each numbered note by page and number, as much as is searched of it."""
    texts: dict[int, str] = {}
    pages = {page.number: page.text for page in reading.pages}
    for block in footnotes(reading.blocks):
        text = pages[block.span.page][block.span.start : block.span.end]
        texts[block.span.page] = f"{texts.get(block.span.page, '')}{text}\n"
    return {page: dict(_notes(text)) for page, text in texts.items()}


def called_notes(flow: Flow, sentences: Sequence[Range], notes: Notes) -> dict[int, str]:
    """Return the notes that sentences call, by the place where the sentence ends.

    A sentence calls a note with a number right after a word or a stop, if a note on the page where
    the number stands has it; each note is called once a page.
    """
    found: dict[int, str] = {}
    called: set[tuple[int, str]] = set()
    for start, end in sentences if notes else ():
        mine: list[str] = []
        for match in _CALL.finditer(flow.text, start, min(end + 1, len(flow.text))):
            page = flow.page_at(match.start(1))
            number = match.group(1)
            note = notes.get(page, {}).get(number)
            if note is not None and (page, number) not in called:
                called.add((page, number))
                mine.append(note)
        if mine:
            found[end] = " ".join(mine)
    return found


def _notes(text: str) -> Iterator[tuple[str, str]]:
    found = list(_NOTE.finditer(text))
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        note = text[match.end() : end].strip()
        if len(note) > _LONGEST:
            note = note[:_LONGEST].rsplit(maxsplit=1)[0]
        yield match.group(1), note
