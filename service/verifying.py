"""What became of the citations of an answer that was saved earlier."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.chunk import text_at
from corpus.document import Document, Page, PageSpan
from corpus.errors import InputError, NotFoundError
from corpus.ids import DocId, sha256_of
from service.answer import Span, Verification, VerificationReport
from service.citing import labelled


class _SavedSpan(BaseModel):
    model_config = ConfigDict(extra="ignore")
    page: int
    start: int
    end: int


class _SavedCitation(BaseModel):
    model_config = ConfigDict(extra="ignore")
    number: int
    doc_id: str
    source: str = ""
    spans: list[_SavedSpan]
    quote: str
    quote_sha256: str
    document_sha256: str


class _SavedReceipt(BaseModel):
    model_config = ConfigDict(extra="ignore")
    answer_id: str | None = None


class _SavedAnswer(BaseModel):
    model_config = ConfigDict(extra="ignore")
    citations: list[_SavedCitation]
    receipt: _SavedReceipt = _SavedReceipt()


class Documents(Protocol):
    """Where citations are looked up: a store, or the part of it that may be seen."""

    def documents(self) -> list[Document]:
        """Return the current documents."""
        ...

    def document(self, doc_id: DocId) -> Document:
        """Return one document. Raises: NotFoundError."""
        ...

    def pages(self, doc_id: DocId) -> dict[int, Page]:
        """Return the pages by number. Raises: NotFoundError."""
        ...


def read_answer(file: Path) -> dict[str, object]:
    """Return the JSON object in a file. Raises: InputError."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read {file}: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"{file} is not JSON: {error}. Expected a saved Answer.") from error
    if not isinstance(found, dict):
        raise InputError(f"{file} holds a {type(found).__name__}; expected a saved Answer.")
    return found


def verify(answer: Mapping[str, object], store: Documents) -> VerificationReport:
    """Return one verdict a citation of the saved answer.

    Raises: InputError if `answer` is not an Answer in JSON.
    """
    try:
        saved = _SavedAnswer.model_validate(answer)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the top"
        raise InputError(
            f"Not a saved Answer: at {place}, {first['msg'].lower()}. Expected the JSON that "
            "`citewell ask --json` prints."
        ) from error
    verdicts = tuple(_verdict(citation, store) for citation in saved.citations)
    everything_ok = all(verdict.verdict == "ok" for verdict in verdicts)
    return VerificationReport(saved.receipt.answer_id, everything_ok, verdicts)


def _verdict(citation: _SavedCitation, store: Documents) -> Verification:
    number = citation.number
    if sha256_of(citation.quote) != citation.quote_sha256:
        return Verification(number, "altered", "The quote does not fit its own checksum.")
    try:
        document = store.document(DocId(citation.doc_id))
    except NotFoundError:
        return _in_other_edition(citation, store)
    if document.sha256 != citation.document_sha256:
        return Verification(number, "altered", "The document's checksum is another one.")
    pages = store.pages(document.doc_id)
    if _stands(citation, pages):
        return Verification(number, "ok", "The quote stands where it was cited.")
    return _elsewhere(citation, document, pages)


def _stands(citation: _SavedCitation, pages: Mapping[int, Page]) -> bool:
    try:
        spans = tuple(PageSpan(s.page, s.start, s.end) for s in citation.spans)
        return bool(spans) and text_at(spans, pages) == citation.quote
    except (KeyError, ValueError):
        return False


def _in_other_edition(citation: _SavedCitation, store: Documents) -> Verification:
    editions = [d for d in store.documents() if citation.source and d.source == citation.source]
    if not editions:
        return Verification(citation.number, "gone", "The document is not in the store.")
    return _elsewhere(citation, editions[0], store.pages(editions[0].doc_id))


def _elsewhere(
    citation: _SavedCitation, document: Document, pages: Mapping[int, Page]
) -> Verification:
    place = find_words(citation.quote, pages)
    if place is None:
        return Verification(
            citation.number,
            "altered",
            f"{document.title!r} is in the store, these words are not in it.",
            now_doc_id=document.doc_id,
        )
    now: tuple[Span, ...] = labelled(place, pages)
    detail = f"The same words stand on page {now[0].page} of {document.title!r}."
    return Verification(citation.number, "moved", detail, now, document.doc_id)


def find_words(quote: str, pages: Mapping[int, Page]) -> tuple[PageSpan, ...] | None:
    """Return where the quote's words stand, in order, whatever the space between them.

    The words may begin on one page and end on the next ones. The first place wins.
    """
    wanted = quote.split()
    words = _words(pages)
    if not wanted:
        return None
    starts = (i for i, word in enumerate(words) if word.text == wanted[0])
    for i in starts:
        run = words[i : i + len(wanted)]
        if [word.text for word in run] == wanted:
            return _spans(run)
    return None


@dataclass(frozen=True, slots=True)
class _Word:
    page: int
    start: int
    end: int
    text: str


def _words(pages: Mapping[int, Page]) -> list[_Word]:
    found: list[_Word] = []
    for number in sorted(pages):
        text, at = pages[number].text, 0
        for word in text.split():
            at = text.index(word, at)
            found.append(_Word(number, at, at + len(word), word))
            at += len(word)
    return found


def _spans(words: Sequence[_Word]) -> tuple[PageSpan, ...]:
    numbers = dict.fromkeys(word.page for word in words)
    return tuple(
        PageSpan(
            number,
            min(word.start for word in words if word.page == number),
            max(word.end for word in words if word.page == number),
        )
        for number in numbers
    )
