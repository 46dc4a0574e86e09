"""A span finder for tests: the sentence that shares the most words with the question."""

import re
from collections.abc import Sequence

import numpy as np

from corpus.ids import Fingerprint, fingerprint_of
from index.values.ports import FloatVector, FoundSpan

_SENTENCE = re.compile(r"\w[^.!?]*")
# Margins on the scale of the real one: 10 for all words of the question, -10 for none.
_SCALE = 20.0
_HALF = 0.5


class OverlapSpanFinder:
    """Finds the sentence with the largest share of the question's words. No model, no download.

    The score is that share, 0..20; "not here" always scores a half of it.
    """

    @property
    def name(self) -> str:
        """`overlap`."""
        return "overlap"

    @property
    def fingerprint(self) -> Fingerprint:
        """Always the same: there are no settings."""
        return fingerprint_of({"name": self.name})

    def warm(self) -> None:
        """Nothing to load."""

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        """Return (n,) margins, -10..10."""
        return np.array([found.margin for found in self.find(query, texts)], dtype=np.float32)

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        """Return one sentence a passage, the first of equal ones."""
        wanted = _words(question)
        return [_best(wanted, passage) for passage in passages]


def _best(wanted: frozenset[str], passage: str) -> FoundSpan:
    found = [
        (_share(wanted, match[0]), match.start(), match.start() + len(match[0].rstrip()))
        for match in _SENTENCE.finditer(passage)
    ]
    share, start, end = max(found, key=lambda each: (each[0], -each[1]), default=(0.0, 0, 0))
    return FoundSpan(start, end, _SCALE * share, _SCALE * _HALF, relevance=_share(wanted, passage))


def _share(wanted: frozenset[str], text: str) -> float:
    return len(wanted & _words(text)) / len(wanted) if wanted else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))
