"""Descriptions of documents as files that reference managers read: CSL-JSON, RIS, BibTeX."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Literal

from service.citations.csl_item import CslItem, Name

Export = Literal["csl-json", "ris", "bibtex"]
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LATEX = re.compile(r"[&%$#_{}]")


def exported(item: CslItem, form: Export, page: str | None = None) -> str:
    """Return a document as a record of one of the forms, with the page that is cited."""
    return _EXPORTS[form](item, page)


def _csl_json(item: CslItem, page: str | None) -> str:
    cited = {**item, "locator": page, "label": "page"} if page else item
    return json.dumps([cited], ensure_ascii=False, indent=2) + "\n"


def _ris(item: CslItem, page: str | None) -> str:
    import rispy

    first, _, last = (page or "").partition("–")
    fields: dict[str, object] = {
        "type_of_reference": "RPRT",
        "title": item["title"],
        "authors": [_family_first(name) for name in item.get("author", [])],
        "publisher": item.get("publisher"),
        "year": str(_issued(item)[0]) if _issued(item) else None,
        "date": "/".join(f"{part:02}" for part in _issued(item)) if _issued(item) else None,
        "number": item.get("number"),
        "type_of_work": item.get("genre"),
        "language": item.get("language"),
        "start_page": first,
        "end_page": last,
        "urls": [item["URL"]] if "URL" in item else None,
    }
    written: str = rispy.dumps([{name: value for name, value in fields.items() if value}])
    return written.lstrip("0123456789.\n") if written[:1].isdigit() else written


def _bibtex(item: CslItem, page: str | None) -> str:
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    issued = _issued(item)
    fields = {
        "author": " and ".join(_bibtex_name(name) for name in item.get("author", [])),
        "title": f"{{{_escaped(item['title'])}}}",
        "institution": _escaped(item.get("publisher", "")),
        "year": str(issued[0]) if issued else "",
        "month": _MONTHS[issued[1] - 1] if len(issued) > 1 else "",
        "number": _escaped(item.get("number", "")),
        "type": _escaped(item.get("genre", "")),
        "language": item.get("language", ""),
        "pages": (page or "").replace("–", "--"),
        "url": item.get("URL", ""),
    }
    kept = [Field(name, value) for name, value in fields.items() if value]
    return write_string(Library([Entry("techreport", _key(item), kept)]))


_EXPORTS: Mapping[Export, Callable[[CslItem, str | None], str]] = {
    "csl-json": _csl_json,
    "ris": _ris,
    "bibtex": _bibtex,
}
EXPORTS: tuple[Export, ...] = tuple(_EXPORTS)


def _issued(item: CslItem) -> list[int]:
    return item.get("issued", {}).get("date-parts", [[]])[0]


def _family_first(name: Name) -> str:
    return f"{name['family']}, {name['given']}" if "family" in name else name.get("literal", "")


def _bibtex_name(name: Name) -> str:
    """Return a name; that of an organisation in braces, which keep it whole."""
    text = _escaped(_family_first(name))
    return text if "family" in name else f"{{{text}}}"


def _escaped(text: str) -> str:
    return _LATEX.sub(lambda match: f"\\{match.group()}", text)


def _key(item: CslItem) -> str:
    """Return a key such as `unitednations2025conflict`."""
    names = item.get("author", [])
    who = (names[0].get("family") or names[0].get("literal", "")) if names else ""
    year = str(_issued(item)[0]) if _issued(item) else ""
    first = next((word for word in re.findall(r"\w+", item["title"]) if len(word) > 3), "")
    plain = re.sub(r"[^a-z0-9]", "", f"{who}{year}{first}".casefold())
    return plain or item["id"]
