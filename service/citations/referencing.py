"""References to a document as the field writes them, in Chicago, APA or United Nations style.

citeproc-py renders the styles of `styles/`, which are CSL.
"""

import re
import warnings
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Literal, get_args

from service.citations.csl_item import CslItem

Style = Literal["chicago", "apa", "un"]
STYLES: tuple[Style, ...] = get_args(Style)
_FOLDER = Path(__file__).with_name("styles")
# Where an organisation publishes its own report, these styles do not name it twice.
_NAMED_ONCE = frozenset({"apa", "un"})
_HYPHEN = "\N{NON-BREAKING HYPHEN}"
_BRACKETED = re.compile(r"\((\w+)")
_COMPOUND = re.compile(r"\b([^\W\d_]+)-([a-z]\w*)")
_PREFIXES = frozenset("anti co inter intra mid multi non post pre pro re self semi sub un".split())
_SMALL = frozenset("a an and as at but by for from in of on or the to with".split())
_RANGE = re.compile(r"\bp\. (?=[^\s,.)]+–)")  # citeproc-py sees a range of digits only
_STOP_AFTER_MARK = re.compile(r"([?!])\.(?=\s|$)")
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")


@dataclass(frozen=True, slots=True)
class Reference:
    """How a document is referred to: where it is quoted, and in a list of references.

    `cited` is a footnote (`chicago`, `un`) or stands in the text (`apa`), with the page.
    """

    style: Style
    cited: str
    listed: str


def reference(item: CslItem, style: Style, page: str | None = None) -> Reference:
    """Return the reference to a document in a style, the page as locator.

    >>> item = CslItem(id="1", type="report", title="Roads", author=[{"literal": "IOM"}])
    >>> reference(item, "apa", "12").cited
    '(IOM, n.d., p. 12)'
    """
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        Locator,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of variables that citeproc-py passes over
        bibliography = CitationStylesBibliography(
            _style(style), CiteProcJSON([_fitted(item, style)]), formatter.plain
        )
        place = {"locator": Locator("page", _as_locator(page))} if page else {}
        citation = Citation([CitationItem(item["id"], **place)])
        bibliography.register(citation)
        cited = "".join(map(str, bibliography.cite(citation, lambda _: None)))
        listed = str(bibliography.bibliography()[0])
    return Reference(style, _tidy(cited), _tidy(listed))


@cache
def _style(style: Style) -> object:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(_FOLDER / f"{style}.csl"), validate=False)


def _fitted(item: CslItem, style: Style) -> CslItem:
    """Return the item with what a style leaves out left out."""
    fitted = item.copy()
    author = item.get("author", [])
    if style in _NAMED_ONCE and [name.get("literal") for name in author] == [item.get("publisher")]:
        del fitted["publisher"]
    if style == "un" and "number" in item and any("literal" in name for name in author):
        del fitted["author"]  # the symbol says whose document it is
    if style == "chicago" and item.get("language", "en").startswith("en"):
        fitted["title"] = _with_capitals(item["title"])
    return fitted


def _with_capitals(title: str) -> str:
    """Return a title with the capitals that citeproc-py leaves out: after a hyphen, a bracket.

    Small words, and what follows a prefix, have none. *Source:* Chicago Manual of Style, 8.161.
    """

    def compound(found: re.Match[str]) -> str:
        first, second = found.groups()
        if first.casefold() in _PREFIXES or second in _SMALL:
            return found.group()
        return f"{_capital(first)}-{_capital(second)}"

    bracketed = _BRACKETED.sub(lambda found: f"({_capital(found[1])}", title)
    return _COMPOUND.sub(compound, bracketed)


def _capital(word: str) -> str:
    return word if word in _SMALL else word[0].upper() + word[1:]


def _as_locator(page: str) -> str:
    """Return a page so that citeproc-py, which sets a dash for each hyphen, keeps `A-3`."""
    return page.replace("-", _HYPHEN).replace("–", "-")


def _tidy(text: str) -> str:
    one_line = " ".join(unescape(text).replace(_HYPHEN, "-").split())
    return _RANGE.sub("pp. ", _STOP_AFTER_MARK.sub(r"\1", _TWO_STOPS.sub(".", one_line)))
