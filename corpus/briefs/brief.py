"""A brief as it is written: front matter, sections, and the sources that its statements name."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.errors import ReadError

BlockKind = Literal["paragraph", "item"]

SOURCES = "Sources"
NOT_FOUND = "What was not found"

_FIELDS = (
    *("title", "short_title", "aliases", "publisher", "date", "language"),
    *("mechanism_type", "roman_front_matter", "symbol"),
)
_REFERENCE = re.compile(r"\[(\d+(?:, \d+)*)\]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_SOURCE = re.compile(r"(\d+)\. (.+?)(?: <(\S+)>)?")
_NO_ADDRESS = "address not recorded."


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the list of sources; `url` is None where no address was recorded."""

    number: int
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or one item of a list, without line breaks."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks under it, in order."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """One brief: what its front matter says, its sections without the sources, its sources.

    `date` is ISO 8601. `metadata` holds the keys that not every brief has (`region`, …).
    """

    slug: str
    title: str
    short_title: str
    aliases: tuple[str, ...]
    publisher: str
    date: str
    language: str
    symbol: str
    roman_front_matter: bool
    metadata: dict[str, str]
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]


def read_brief(path: Path) -> Brief:
    """The brief in a Markdown file.

    Raises: ReadError, where the file has not the form of a brief, a reference leads nowhere, or a
    statement carries no reference.
    """
    text = path.read_text(encoding="utf-8")
    fields, body = _front_matter(text, path.name)
    sections = [_section(part, path.name) for part in re.split(r"^## ", body, flags=re.M)[1:]]
    if not sections or sections[-1].heading != SOURCES:
        raise ReadError(f"{path.name}: the last section must be '## {SOURCES}'")
    brief = Brief(
        slug=path.stem,
        title=fields.pop("title"),
        short_title=fields.pop("short_title"),
        aliases=tuple(alias.strip() for alias in fields.pop("aliases").split(";")),
        publisher=fields.pop("publisher"),
        date=fields.pop("date"),
        language=fields.pop("language"),
        symbol=fields.pop("symbol"),
        roman_front_matter=fields.pop("roman_front_matter") == "true",
        metadata={key: value for key, value in fields.items() if value != "not stated"},
        sections=tuple(sections[:-1]),
        sources=tuple(_source(block, path.name) for block in sections[-1].blocks),
    )
    faults = faults_of(brief)
    if faults:
        raise ReadError(f"{path.name}: {'; '.join(faults)}")
    return brief


def sentences(text: str) -> list[str]:
    """The sentences of a block, in order; a full stop stands at the end of a sentence only."""
    return _SENTENCE_END.split(text)


def printed(text: str) -> str:
    """The text as it is printed: `[1, 2]` becomes `(sources 1, 2)`.

    A cited answer has its own numbers in square brackets, and quotes these sentences.
    """
    return _REFERENCE.sub(
        lambda found: f"(source{'s' if ',' in found[1] else ''} {found[1]})", text
    )


def references(text: str) -> list[int]:
    """The numbers of the sources that a text names, in order: `… [1, 3].` gives 1 and 3."""
    return [int(number) for found in _REFERENCE.findall(text) for number in found.split(", ")]


def faults_of(brief: Brief) -> list[str]:
    """What keeps a brief from being proved: statements without a source, numbers without an entry.

    The section on what was not found speaks of the reading itself and needs no reference.
    """
    known = [source.number for source in brief.sources]
    used: set[int] = set()
    faults = []
    if known != list(range(1, len(known) + 1)):
        faults.append(f"sources are numbered {known}, expected 1 to {len(known)}")
    for section in brief.sections:
        for sentence in [s for block in section.blocks for s in sentences(block.text)]:
            numbers = references(sentence)
            used.update(numbers)
            if not numbers and section.heading != NOT_FOUND:
                faults.append(f"no reference in: {sentence}")
            faults += [f"[{n}] is no source, in: {sentence}" for n in numbers if n not in known]
    return faults + [f"source {number} is never named" for number in known if number not in used]


def _front_matter(text: str, name: str) -> tuple[dict[str, str], str]:
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ReadError(f"{name}: expected front matter between two lines of '---'")
    fields = {}
    for line in parts[1].splitlines():
        key, separator, value = line.partition(": ")
        if not separator:
            raise ReadError(f"{name}: expected 'key: value', found '{line}'")
        fields[key] = value.strip()
    missing = [key for key in _FIELDS if key not in fields]
    if missing:
        raise ReadError(f"{name}: the front matter lacks {', '.join(missing)}")
    return fields, parts[2]


def _section(part: str, name: str) -> Section:
    heading, _, body = part.partition("\n")
    blocks = [block for lines in body.split("\n\n") for block in _blocks(lines.strip())]
    if not blocks:
        raise ReadError(f"{name}: nothing stands under '{heading.strip()}'")
    return Section(heading.strip(), tuple(blocks))


def _blocks(lines: str) -> list[Block]:
    if re.match(r"- |\d+\. ", lines):
        items = re.split(r"\n(?=- |\d+\. )", lines)
        return [Block("item", " ".join(item.removeprefix("- ").split())) for item in items]
    return [Block("paragraph", " ".join(lines.split()))] if lines else []


def _source(block: Block, name: str) -> Source:
    found = _SOURCE.fullmatch(block.text)
    if found is None or (found[3] is None and not found[2].endswith(_NO_ADDRESS)):
        raise ReadError(f"{name}: expected 'N. Publisher, page. <address>', found '{block.text}'")
    return Source(int(found[1]), found[2], found[3])
