"""Titles that tell documents of one title apart: with the subtitle, else with kind, symbol or date.

Evaluations, their annexes and case studies often bear one title. A citation that shows it alone
does not say which of them is quoted.
"""

from collections.abc import Iterable, Mapping, Sequence

from corpus.ids import DocId
from index.documents.indexed_document import IndexedDocument

_TOLD_BY = ("kind", "symbol", "date")


def distinct_titles(documents: Iterable[IndexedDocument]) -> dict[DocId, str]:
    """Return the titles by which documents are shown that share theirs with another.

    Only documents of one collection are compared. The others are shown by their own title.
    """
    by_title: dict[tuple[str, str], list[IndexedDocument]] = {}
    for document in documents:
        key = (document.collection, title_key(document.title))
        by_title.setdefault(key, []).append(document)
    shown: dict[DocId, str] = {}
    for shared in by_title.values():
        if len(shared) > 1:
            shown |= _told_apart(shared)
    return shown


def full_title(title: str, metadata: Mapping[str, str]) -> str:
    """Return `Title: subtitle`; the title alone where it has the subtitle, or there is none.

    >>> full_title("Evaluation of roads", {"subtitle": "Case study: Kenya"})
    'Evaluation of roads: Case study: Kenya'
    """
    subtitle = metadata.get("subtitle", "")
    if not subtitle or title_key(subtitle) in title_key(title):
        return title
    return f"{title}{'' if title[-1:] in '?!:' else ':'} {subtitle}"


def title_key(title: str) -> str:
    """Return a title without case and punctuation: what counts when titles are compared."""
    return " ".join("".join(c if c.isalnum() else " " for c in title.casefold()).split())


def _told_apart(shared: Sequence[IndexedDocument]) -> dict[DocId, str]:
    by_name: dict[str, list[IndexedDocument]] = {}
    for document in shared:
        by_name.setdefault(full_title(document.title, document.metadata), []).append(document)
    shown: dict[DocId, str] = {}
    for name, alike in by_name.items():
        values = _telling(alike) if len(alike) > 1 else {}
        for document in alike:
            value = values.get(document.doc_id)
            shown[document.doc_id] = f"{name} ({value})" if value else name
    return shown


def _telling(alike: Sequence[IndexedDocument]) -> dict[DocId, str]:
    """Return the values that differ among documents, of the first field that tells all apart."""
    for field in _TOLD_BY:
        found = {
            each.doc_id: (each.date if field == "date" else each.metadata.get(field)) or ""
            for each in alike
        }
        if len(set(found.values())) == len(alike):
            return found
    return {}
