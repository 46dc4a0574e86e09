"""A document as bibliographic software describes it: an item of CSL-JSON.

*Source:* https://docs.citationstyles.org/en/stable/specification.html
"""

from collections.abc import Sequence
from typing import TypedDict

from corpus.document import Document
from corpus.kinds import PART_KINDS
from index.documents.distinct_titles import full_title, title_key


class Name(TypedDict, total=False):
    """A person by `family` and `given`, an organisation by `literal`."""

    family: str
    given: str
    literal: str


class CslItem(TypedDict, total=False):
    """The variables of CSL that a description gives."""

    id: str
    type: str
    title: str
    author: list[Name]
    publisher: str
    issued: dict[str, list[list[int]]]
    number: str
    genre: str
    language: str
    URL: str


def csl_item(document: Document) -> CslItem:
    """Return the description of a document as CSL-JSON.

    Its authors are the persons that it names, else its publisher. `genre` is the kind of a part
    (an annex, a brief), unless the title says it.
    """
    known = document.metadata
    title = full_title(document.title, known)
    item = CslItem(id=document.doc_id, type="report", title=title)
    authors = [_person(name) for name in known.get("authors", "").split("; ") if name]
    if not authors and document.publisher:
        authors = [Name(literal=document.publisher)]
    if authors:
        item["author"] = authors
    if document.publisher:
        item["publisher"] = document.publisher
    if document.date:
        item["issued"] = {"date-parts": [[int(part) for part in document.date.split("-")]]}
    if symbol := known.get("symbol"):
        item["number"] = symbol
    kind = known.get("kind", "")
    if kind in PART_KINDS and title_key(kind) not in title_key(title):
        item["genre"] = kind
    if document.language:
        item["language"] = document.language
    if document.source.startswith(("http://", "https://")):
        item["URL"] = document.source
    return item


def pages_label(labels: Sequence[str]) -> str:
    """Return the printed page of a quote, or the first and the last one: `12`, `12–13`."""
    first, last = labels[0], labels[-1]
    return first if first == last else f"{first}–{last}"


def _person(name: str) -> Name:
    given, _, family = name.rpartition(" ")
    return Name(family=family, given=given) if given else Name(literal=name)
