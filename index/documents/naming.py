"""Which documents a name means: by what identifies them, and by what their passages say.

The symbol of a document ("A/79/352", "10-P-0154") is certain, and the search stays within that
document. Words are not: a name is matched with title, publisher, date and metadata of each
document, and with its passages, and the documents that stand out are meant.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.documents.document_names import DocumentNames
from index.values.ports import FloatVector, LexicalIndex, RowMask

_CANDIDATE_ROWS = 500
_BEST_PASSAGES = 5
_NAMED_SHARE = 0.8
_MOST_NAMED = 5
_IDENTITY_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """How well each document answers to a name: (documents,), 0..1, the best one 1.

    `meant` is (documents,), True for the few that stand out; none where many are as good.
    `certain` tells that they bear a symbol of the name: the others need not be searched.
    """

    match: FloatVector
    meant: RowMask
    certain: bool = False


def documents_named(
    named: str,
    names: DocumentNames,
    lexical: LexicalIndex,
    document_rows: npt.NDArray[np.int32],
    allowed: RowMask | None = None,
) -> NamedDocuments | None:
    """Return how well documents answer to a name; None if none does.

    A document's match in its passages is the mean score of its best five (of all, where it has
    fewer): its title is part of every passage, while a mention in another document is in one.
    `allowed` is (n,): documents without an allowed row are as if they were not there.
    """
    looked_at = document_rows if allowed is None else document_rows[allowed]
    passages = np.bincount(looked_at, minlength=len(names))
    permitted: RowMask = passages > 0
    bearing = names.bearing(named, permitted)
    if bearing is not None:
        return NamedDocuments(bearing.astype(np.float32), bearing, certain=True)
    match = _said(named, lexical, document_rows, passages, allowed)
    if match is None:
        return None
    match += _IDENTITY_WEIGHT * names.identified(named, permitted)
    match /= match.max()
    meant: RowMask = match >= _NAMED_SHARE
    if np.count_nonzero(meant) > _MOST_NAMED:
        meant = np.zeros_like(meant)
    whole = names.with_family(named, meant, permitted)
    match[meant & ~whole] *= _NAMED_SHARE  # another part of the same report is named
    meant = whole
    match[meant] = 1.0
    return NamedDocuments(match, meant)


def _said(
    named: str,
    lexical: LexicalIndex,
    document_rows: npt.NDArray[np.int32],
    passages: npt.NDArray[np.int64],
    allowed: RowMask | None,
) -> FloatVector | None:
    """Return how well the passages of each document answer to a name, the best one 1."""
    rows, scores = lexical.search(named, _CANDIDATE_ROWS, allowed)
    if not len(rows):
        return None
    best: dict[int, list[float]] = {}
    for document, score in zip(document_rows[rows].tolist(), scores.tolist(), strict=True):
        best.setdefault(document, []).append(score)
    match = np.zeros(len(passages), dtype=np.float32)
    for document, found in best.items():
        counted = min(_BEST_PASSAGES, int(passages[document]))
        match[document] = sum(found[:counted]) / counted
    said: FloatVector = match / match.max()
    return said
