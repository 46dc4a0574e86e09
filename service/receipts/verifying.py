"""What became of the citations of an answer that was saved earlier."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.chunk import text_at
from corpus.document import Document, Page, PageSpan
from corpus.errors import InputError, NotFoundError
from corpus.ids import DocId, sha256_of
from corpus.source_name import source_name
from service.citations.citing import labelled
from service.citations.receipt_signing import PublicKey, check_signature, is_deletion
from service.receipts.locating_words import find_similar, find_words
from service.values.verification import Cause, Verification, VerificationReport


class _SavedSpan(BaseModel):
    model_config = ConfigDict(extra="ignore")
    page: int
    start: int
    end: int


class SavedCitation(BaseModel):
    """A citation as it was saved; of the rest nothing is needed."""

    model_config = ConfigDict(extra="ignore")
    number: int
    doc_id: str
    title: str = ""
    source: str = ""
    collection: str | None = None
    url: str = ""
    reference: str = ""
    language: str | None = None
    spans: list[_SavedSpan]
    quote: str
    quote_sha256: str
    document_sha256: str


class _SavedSide(BaseModel):
    model_config = ConfigDict(extra="ignore")
    citation: SavedCitation


class _SavedConflict(BaseModel):
    model_config = ConfigDict(extra="ignore")
    sides: list[_SavedSide] = []


class _SavedReceipt(BaseModel):
    model_config = ConfigDict(extra="ignore")
    answer_id: str | None = None


class SavedAnswer(BaseModel):
    """An answer as it was saved."""

    model_config = ConfigDict(extra="ignore")
    citations: list[SavedCitation]
    conflicts: list[_SavedConflict] = []
    receipt: _SavedReceipt = _SavedReceipt()

    @property
    def proofs(self) -> list[SavedCitation]:
        """The citations of the answer, then those of conflicts that are not among them."""
        found = list(self.citations)
        for citation in (side.citation for each in self.conflicts for side in each.sides):
            if citation not in found:
                found.append(citation)
        return found


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


def verify(
    answer: Mapping[str, object], store: Documents, keys: Sequence[PublicKey] = ()
) -> VerificationReport:
    """Return one verdict a citation of the saved answer, and whether one of `keys` signed it.

    Citations of conflicts are among them. The receipt of a deletion has no citations: it is ok if
    its signature is valid. Raises: InputError if `answer` is not an Answer in JSON.
    """
    if is_deletion(answer):
        return verify_deletion(answer, keys)
    saved = saved_answer(answer)
    signature = check_signature(answer, keys)
    checker = _Checker(store, {document.source: document for document in store.documents()})
    verdicts = tuple(checker.verdict(citation) for citation in saved.proofs)
    everything_ok = all(v.verdict == "ok" for v in verdicts) and signature != "invalid"
    return VerificationReport(saved.receipt.answer_id, everything_ok, verdicts, signature)


def verify_deletion(receipt: Mapping[str, object], keys: Sequence[PublicKey]) -> VerificationReport:
    """Return whether one of the keys signed the receipt of a deletion; it has no citations."""
    signature = check_signature(receipt, keys)
    return VerificationReport(None, signature == "valid", (), signature)


def saved_answer(answer: Mapping[str, object]) -> SavedAnswer:
    """Return an answer's citations. Raises: InputError if `answer` is not an Answer in JSON."""
    try:
        return SavedAnswer.model_validate(answer)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the top"
        raise InputError(
            f"Not a saved Answer: at {place}, {first['msg'].lower()}. Expected the JSON that "
            "`citewell ask --json` prints."
        ) from error


def verdict_of(citation: SavedCitation, store: Documents) -> Verification:
    """Return what became of one citation."""
    newest = {document.source: document for document in store.documents()}
    return _Checker(store, newest).verdict(citation)


@dataclass(frozen=True, slots=True)
class _Checker:
    """Looks citations up; `newest` is the document that answers now, by source."""

    store: Documents
    newest: Mapping[str, Document]

    def verdict(self, citation: SavedCitation) -> Verification:
        """Return what became of one citation."""
        if sha256_of(citation.quote) != citation.quote_sha256:
            return _altered(citation, "The quote does not fit its own checksum.", "checksum")
        try:
            document = self.store.document(DocId(citation.doc_id))
        except NotFoundError:
            return self._without_document(citation)
        if document.sha256 != citation.document_sha256:
            return _altered(citation, "The document's checksum is another one.", "checksum")
        pages = self.store.pages(document.doc_id)
        if _stands(citation, pages):
            found = Verification(citation.number, "ok", "The quote stands where it was cited.")
        else:
            found = _elsewhere(citation, document, pages, "reading")
        return self._beside_newer(found, citation, document)

    def _without_document(self, citation: SavedCitation) -> Verification:
        newer = self._successor(citation)
        if newer is None:
            detail = "The document is not in the store, nor a newer one of its source."
            return Verification(citation.number, "gone", detail, cause="deleted")
        return _elsewhere(citation, newer, self.store.pages(newer.doc_id), "edition")

    def _successor(self, citation: SavedCitation) -> Document | None:
        """Return the document that answers now for a source, if only one has its name.

        Answers give a file's name, older ones its path.
        """
        if not citation.source or citation.source in self.newest:
            return self.newest.get(citation.source)
        named = [
            document
            for source, document in self.newest.items()
            if source_name(source) == citation.source
            and citation.collection in (None, document.collection)
        ]
        return named[0] if len(named) == 1 else None

    def _beside_newer(
        self, found: Verification, citation: SavedCitation, document: Document
    ) -> Verification:
        """Return the verdict, and what the edition says that has taken the document's place."""
        newer = self.newest.get(document.source)
        if newer is None or newer.doc_id == document.doc_id:
            return found
        holds = find_words(citation.quote, self.store.pages(newer.doc_id)) is not None
        says = "has the same words" if holds else "does not have these words"
        detail = f"{found.detail} A newer edition answers now; it {says}."
        return replace(found, detail=detail, newer_doc_id=newer.doc_id, newer_has_quote=holds)


def _altered(citation: SavedCitation, detail: str, cause: Cause) -> Verification:
    return Verification(citation.number, "altered", detail, cause=cause)


def _stands(citation: SavedCitation, pages: Mapping[int, Page]) -> bool:
    try:
        spans = tuple(PageSpan(s.page, s.start, s.end) for s in citation.spans)
        return bool(spans) and text_at(spans, pages) == citation.quote
    except (KeyError, ValueError):
        return False


_WHERE: Mapping[Cause, str] = {
    "reading": "in the same file, which was read anew",
    "edition": "in a newer edition",
}


def _elsewhere(
    citation: SavedCitation, document: Document, pages: Mapping[int, Page], cause: Cause
) -> Verification:
    place = find_words(citation.quote, pages)
    if place is not None:
        now = labelled(place, pages)
        detail = (
            f"The same words stand on page {now[0].page} of {document.title!r}, {_WHERE[cause]}."
        )
        return Verification(citation.number, "moved", detail, now, document.doc_id, cause)
    near = find_similar(citation.quote, pages)
    detail = f"{document.title!r} is in the store, these words are not {_WHERE[cause]}."
    if near is None:
        return replace(_altered(citation, detail, cause), found_doc_id=document.doc_id)
    return Verification(
        citation.number,
        "altered",
        f"{detail} Nearest, on page {near.spans[0].page}: “{near.text}”",
        labelled(near.spans, pages),
        document.doc_id,
        cause,
        near.text,
        near.similarity,
    )
