"""Does a second engine read the same text from a PDF page?"""

from collections import Counter
from collections.abc import Sequence

from corpus.document import Page
from ingest.readers.pdf.structure import DAMAGE, open_pypdf, text_by_pypdf

_MOST_BYTES = 500_000  # of a page's drawing: more takes pypdf seconds
_LETTERS = 3


def disagreements(pages: Sequence[Page], content: bytes, password: str | None) -> dict[int, float]:
    """Return, by page number, the share of the text that pypdf reads otherwise, 0..1.

    What both read alike are sequences of three letters, wherever they stand and however the text
    is parted into words and lines. Left out is a page that pypdf cannot open, or that draws much.
    """
    reader = open_pypdf(content, password)
    if reader is None:
        return {}
    found: dict[int, float] = {}
    for page in pages:
        try:
            drawn = reader.pages[page.number - 1].get_contents()
            if drawn is None or len(drawn.get_data()) > _MOST_BYTES:
                continue
        except DAMAGE:
            continue
        found[page.number] = disagreement(page.text, text_by_pypdf(reader, page.number))
    return found


def disagreement(one: str, other: str) -> float:
    """Return how much of two texts is not in both, 0 (all is) to 1.

    >>> disagreement("The forum met.", "Theforum met.")
    0.0
    """
    first, second = _sequences(one), _sequences(other)
    total = first.total() + second.total()
    return round(1 - 2 * (first & second).total() / total, 4) if total else 0.0


def _sequences(text: str) -> Counter[str]:
    letters = "".join(c for c in text.casefold() if c.isalnum())
    return Counter(letters[at : at + _LETTERS] for at in range(len(letters) - _LETTERS + 1))
