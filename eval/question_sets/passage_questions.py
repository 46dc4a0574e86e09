"""Questions that bring the documents they are asked of."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.data_sets.data_sets import BeirDocument
from eval.question_sets.questions import QuestionFile, joined


@dataclass(frozen=True, slots=True)
class PassageQuestions:
    """Questions and the documents that answer them, or look as if they did."""

    file: QuestionFile
    documents: tuple[BeirDocument, ...]


def joined_passages(parts: Sequence[PassageQuestions]) -> PassageQuestions:
    """Return several files as one; a document that is in two of them is there once.

    Raises: InputError for an id in two files.
    """
    documents = {document.doc_id: document for part in parts for document in part.documents}
    return PassageQuestions(joined([part.file for part in parts]), tuple(documents.values()))
