"""The reference to a citation of a saved answer: its document as it is described now, the page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from corpus.errors import InputError
from corpus.ids import DocId
from service.citations.csl_item import csl_item, pages_label
from service.citations.exporting import EXPORTS, Export, exported
from service.citations.page import Pages
from service.citations.referencing import STYLES, Style, reference
from service.receipts.cited_page import CitedPages, checked_citation
from service.receipts.verifying import SavedCitation
from service.values.verification import CitedReference, Verification


@dataclass(frozen=True, slots=True)
class WrittenReference:
    """A reference as text, and as named fields; `is_record` where a reference manager reads it."""

    text: str
    fields: dict[str, str]
    is_record: bool


def checked_style(name: str) -> Style | Export:
    """Return a style or a form of record by its name. Raises: InputError."""
    for known in (*STYLES, *EXPORTS):
        if name.casefold() == known:
            return known
    raise InputError(f"style: found {name!r}; expected {', '.join((*STYLES, *EXPORTS))}.")


def cited_reference(
    answer: Mapping[str, object], number: int, style: str, store: CitedPages
) -> CitedReference:
    """Check a citation of a saved answer and return the reference to its document and page.

    Raises: InputError for an unknown style, citation or answer; NotFoundError for a quote that
    stands nowhere any more.
    """
    chosen = checked_style(style)
    citation, verdict = checked_citation(answer, number, store)
    return with_reference(verdict, written_reference(citation, verdict, store, chosen))


def with_reference(verdict: Verification, written: WrittenReference) -> CitedReference:
    """Return a checked citation with its reference."""
    checked = {each.name: getattr(verdict, each.name) for each in fields(verdict)}
    return CitedReference(**checked, reference=written.fields)


def written_reference(
    citation: SavedCitation, verdict: Verification, store: Pages, style: Style | Export
) -> WrittenReference:
    """Return the reference to a citation, by what is known of its document now."""
    doc_id = DocId(verdict.found_doc_id or citation.doc_id)
    spans = verdict.found_spans or citation.spans
    pages = store.pages(doc_id, sorted({span.page for span in spans}))
    item = csl_item(store.document(doc_id))
    page = pages_label([pages[span.page].label for span in spans])
    if style == "csl-json" or style == "ris" or style == "bibtex":
        record = exported(item, style, page)
        return WrittenReference(record, {"style": style, "record": record}, is_record=True)
    found = reference(item, style, page)
    lines = f"{found.cited}\n{found.listed}"
    fields = {"style": style, "cited": found.cited, "listed": found.listed}
    return WrittenReference(lines, fields, is_record=False)
