"""What a question asks, told apart from where it says to look.

"According to the 2019 survey of IOM, how many States answered?" names a report and asks something
of it. Left in the query, the name drowns the question: title pages and summaries, which hold its
words, come first. So the name is searched for by itself, to find the documents that it means, and
passages are ranked by the rest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.indexed_document import IndexedDocument
from index.ports import FloatVector, LexicalIndex, RowMask

_KIND = (
    r"assessment|audit|brief|chapter|declaration|document|evaluation|findings|guidelines?|handbook|"
    r"minutes|note|page|paper|profile|publication|report|resolution|review|statement|strategy|"
    r"study|summary|survey"
)
_ASKS = (
    r"(?:(?:at|by|for|from|in|of|on|to|under|with|within) )?"
    r"(?:how|what|when|where|which|who|whom|whose|why)|"
    r"are|can|could|describe|did|do|does|explain|give|had|has|have|is|list|name|should|state|was|"
    r"were|will|would"
)
_SAYS = r"according to|as (?:described|found|mentioned|noted|reported|set out|stated) (?:by|in)"
# A part of one sentence: a stop or a question mark inside would begin another.
_NAME = r"(?:(?![.?!]\s)[^?]){2,200}?"

# Each form names the source and what is asked of it. The last two take "in" and "of" only before
# a kind of document: "in 2019, …" and "in Asia, …" are part of what is asked.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<named>{_NAME}):\s+(?P<asked>\S.*)",
        rf"(?:{_SAYS}|per)\s+(?P<named>{_NAME}),\s+(?P<asked>(?:{_ASKS})\b.*)",
        rf"(?P<asked>.+?),?\s+(?:{_SAYS})\s+(?P<named>{_NAME})\s*[?.]?",
        rf"(?:from|in|under)\s+(?P<named>{_NAME}),\s+(?P<asked>(?:{_ASKS})\b.*)",
        rf"(?P<asked>.+?),?\s+(?:by|from|in|of)\s+(?P<named>the\s{_NAME})\s*[?.]?",
    )
)
_NEEDS_KIND = frozenset(_FORMS[3:])
_HAS_KIND = re.compile(rf"\b(?:{_KIND})\b", re.IGNORECASE)
_IS_ASKED = re.compile(rf"(?:{_ASKS})\b.*", re.IGNORECASE)
_LONGEST_QUESTION = 400
_WORDS_OF_A_NAME = 4
_CANDIDATE_ROWS = 500
_BEST_PASSAGES = 5
_NAMED_SHARE = 0.8
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Sourced:
    """A question in two: `named` is where to look, `asked` what is asked."""

    named: str
    asked: str


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """How well each document answers to a name: (documents,), 0..1, the best one 1.

    `meant` is (documents,), True for the few that stand out; none where many are as good.
    """

    match: FloatVector
    meant: RowMask


def tell_apart(question: str) -> Sourced | None:
    """Return the source that a question names and what it asks of it; None if it names none.

    Before a colon a name has a capital letter or a digit after its first letter, so that
    "In short: …" is none; elsewhere it may have four words instead, so that "the report" is none.
    And something must be asked: a statement with a colon in it names nothing.
    """
    text = " ".join(question.split())
    if len(text) > _LONGEST_QUESTION:
        return None
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is None or not _is_name(found["named"], colon=form is _FORMS[0]):
            continue
        if form in _NEEDS_KIND and not _HAS_KIND.search(found["named"]):
            continue
        if text.endswith("?") or _IS_ASKED.fullmatch(found["asked"]):
            return Sourced(found["named"], found["asked"])
    return None


def documents_named(
    named: str,
    lexical: LexicalIndex,
    document_rows: npt.NDArray[np.int32],
    documents: Sequence[IndexedDocument],
    permitted: RowMask | None = None,
) -> NamedDocuments | None:
    """Return how well documents answer to a name; None if none does.

    A document's match is the mean score of its best five passages (of all, where it has fewer):
    its title is part of every passage, while a mention in another document is in one. `permitted`
    is (n,), True for the rows that may be looked at.
    """
    rows, scores = lexical.search(named, _CANDIDATE_ROWS, permitted)
    if not len(rows):
        return None
    best: dict[int, list[float]] = {}
    for document, score in zip(document_rows[rows].tolist(), scores.tolist(), strict=True):
        best.setdefault(document, []).append(score)
    passages = np.bincount(document_rows, minlength=len(documents))
    match = np.zeros(len(documents), dtype=np.float32)
    for document, found in best.items():
        counted = min(_BEST_PASSAGES, int(passages[document]))
        match[document] = sum(found[:counted]) / counted
    match /= match.max()
    meant = match >= _NAMED_SHARE
    if np.count_nonzero(meant) > _MOST_NAMED:
        meant = np.zeros_like(meant)
    return NamedDocuments(match, meant)


def _is_name(text: str, *, colon: bool) -> bool:
    if any(character.isupper() or character.isdigit() for character in text[1:]):
        return True
    return not colon and len(text.split()) >= _WORDS_OF_A_NAME
