"""Notes as what files are written of: questions, quotes with their references, what was written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import CitewellError
from service.citations.exporting import Export
from service.citations.quote_text import as_one_line
from service.citations.referencing import Style
from service.keeping.keeping import SeenDocuments
from service.receipts.verifying import SavedCitation, saved_answer
from service.receipts.written_references import written_reference
from service.values.kept import KeptAnswer, KeptNote, KeptQuote
from service.values.verification import Verification


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """A quote on one line, and how it is cited: in a note (`cited`), in a bibliography (`listed`).

    `listed` is empty for a document that is not there any more. `citation` and `verification` say
    where it stands.
    """

    quote: KeptQuote
    text: str
    cited: str
    listed: str
    citation: SavedCitation
    verification: Verification


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note with the records of its quotes."""

    note: KeptNote
    quotes: tuple[QuoteRecord, ...]


def note_records(
    notes: Sequence[KeptNote],
    answers: Mapping[str, KeptAnswer],
    style: Style,
    documents: SeenDocuments,
) -> list[NoteRecord]:
    """Return what is written of the notes, the references in a style; `answers` by answer id."""
    found = []
    for note in notes:
        answer = answers.get(note.answer_id)
        proofs = saved_answer(answer.answer).proofs if answer else ()
        citations = {each.number: each for each in proofs}
        checked = {v.number: v for v in answer.verification.citations} if answer else {}
        quotes = []
        for quote in note.quotes:
            citation = citations[quote.number]
            verification = checked[quote.number]
            cited, listed = _references(quote, citation, verification, style, documents)
            text = as_one_line(quote.quote)
            quotes.append(QuoteRecord(quote, text, cited, listed, citation, verification))
        found.append(NoteRecord(note, tuple(quotes)))
    return found


def references_listed(records: Sequence[NoteRecord]) -> list[str]:
    """Return the bibliography: each document once, in alphabetical order."""
    listed = {each.listed for record in records for each in record.quotes if each.listed}
    return sorted(listed, key=str.casefold)


def reference_file(records: Sequence[NoteRecord], form: Export, documents: SeenDocuments) -> str:
    """Return the documents of the quotes for a reference manager, a record a cited page.

    Left out is what is not there any more.
    """
    written = list(dict.fromkeys(_written(records, form, documents)))
    if form != "csl-json":
        return "\n".join(written)
    items = [item for each in written for item in json.loads(each)]
    for number, item in enumerate(items, 1):
        item["id"] = f"{item['id']}-{number}"  # a document that is cited twice has two
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _written(
    records: Sequence[NoteRecord], form: Export, documents: SeenDocuments
) -> Iterator[str]:
    for each in (quote for record in records for quote in record.quotes if quote.listed):
        yield written_reference(each.citation, each.verification, documents, form).text


def _references(
    quote: KeptQuote,
    citation: SavedCitation,
    verification: Verification,
    style: Style,
    documents: SeenDocuments,
) -> tuple[str, str]:
    """Return how a quote is cited; as when it was kept where its place is not there any more."""
    try:
        written = written_reference(citation, verification, documents, style)
    except (CitewellError, KeyError):
        return quote.reference or quote.title, ""
    return written.fields["cited"], written.fields["listed"]
