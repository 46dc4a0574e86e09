"""Questions whose evidence is a place: the words are read from the stored page.

A question set on reports of others holds no text of theirs: document checksum, page, offsets and
the checksum of the words.
"""

from collections.abc import Mapping
from dataclasses import replace

from corpus.document import Document, Page
from corpus.errors import InputError
from corpus.ids import sha256_of
from corpus.store import Store
from eval.question_sets.questions import Evidence, Question, QuestionFile


def with_quotes(file: QuestionFile, store: Store) -> QuestionFile:
    """Return the questions with the words of their evidence.

    Raises: InputError if a document is not in the store, or its page holds other words there.
    """
    if not any(_lacks_quote(question) for question in file.questions):
        return file
    documents: dict[str, Document] = {document.sha256: document for document in store.documents()}
    named = {sha256 for question in file.questions for sha256 in _documents_of(question)}
    missing = sorted(named - documents.keys())
    if missing:
        raise InputError(
            f"{len(missing)} of the {len(named)} documents of {file.name} are not in the "
            f"collection, first the one with SHA-256 {missing[0]}; ingest them first."
        )
    pages = {sha256: store.pages(documents[sha256].doc_id) for sha256 in sorted(named)}
    return replace(file, questions=tuple(_quoted(q, pages) for q in file.questions))


def _pieces(question: Question) -> list[Evidence]:
    return [each for way in question.ways for each in way]


def _documents_of(question: Question) -> set[str]:
    found = {each.document_sha256 for each in _pieces(question)} | {question.document_sha256}
    return {sha256 for sha256 in found if sha256 is not None}


def _lacks_quote(question: Question) -> bool:
    return any(not evidence.quote for evidence in _pieces(question))


def _quoted(question: Question, pages: Mapping[str, Mapping[int, Page]]) -> Question:
    if not _lacks_quote(question):
        return question
    evidence, *also = (tuple(_read(each, pages, question) for each in way) for way in question.ways)
    return replace(question, evidence=evidence, also=tuple(also))


def _read(
    evidence: Evidence, pages: Mapping[str, Mapping[int, Page]], question: Question
) -> Evidence:
    document = evidence.document_sha256 or question.document_sha256
    if evidence.quote or document is None:
        return evidence
    page = pages[document].get(evidence.page or 0)
    quote = page.text[evidence.start : evidence.end] if page else ""
    if sha256_of(quote) != evidence.quote_sha256:
        raise InputError(
            f"Question {question.question_id}: page {evidence.page} of its document is read "
            f"otherwise now; found {quote[:40]!r} at {evidence.start}:{evidence.end}. Place the "
            "evidence again."
        )
    return replace(evidence, quote=quote)
