"""Where evidence stands in a document, whatever the white space between its words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.document import Page

SOFT_HYPHEN = "\u00ad"


def squashed(text: str) -> str:
    """Return the text without white space and soft hyphens.

    Example: `"the \\n\\nquestion naires"` → `"thequestionnaires"`.
    """
    return "".join(character for character in text if _kept(character))


def holds(text: str, quote: str) -> bool:
    """Return whether the quote's words stand in the text, whatever the white space."""
    return squashed(quote) in squashed(text)


@dataclass(frozen=True, slots=True)
class SquashedDocument:
    """A document's pages in order as one text without white space.

    `positions[page][i]` is where code point `i` of the page stands in `text`, or would.
    """

    text: str
    positions: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(cls, pages: Mapping[int, Page]) -> "SquashedDocument":
        """Return the pages, squashed."""
        kept: list[str] = []
        positions: dict[int, tuple[int, ...]] = {}
        for number in sorted(pages):
            places: list[int] = []
            for character in pages[number].text:
                places.append(len(kept))
                if _kept(character):
                    kept.append(character)
            positions[number] = (*places, len(kept))
        return cls("".join(kept), positions)

    def covered(self, spans: Iterable[tuple[int, int, int]]) -> set[int]:
        """Return the places in `text` of (page, start, end) spans; unknown places are left out."""
        found: set[int] = set()
        for page, start, end in spans:
            places = self.positions.get(page, (0,))
            last = len(places) - 1
            found.update(range(places[min(start, last)], places[min(end, last)]))
        return found

    def occurrences(self, quote: str) -> Iterator[range]:
        """Yield every place in `text` where the quote's words stand."""
        sought = squashed(quote)
        start = self.text.find(sought) if sought else -1
        while start >= 0:
            yield range(start, start + len(sought))
            start = self.text.find(sought, start + 1)


def _kept(character: str) -> bool:
    return not character.isspace() and character != SOFT_HYPHEN
