"""A reranker for tests: the share of the query's words that a text holds."""

import re
from collections.abc import Sequence

import numpy as np

from corpus.ids import Fingerprint, fingerprint_of
from index.ports import FloatVector


class OverlapReranker:
    """Scores a text by the share of the query's words in it, 0..1. No model, no download."""

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
        """Return (n,) shares."""
        wanted = _words(query)
        shares = [len(wanted & _words(text)) / len(wanted) if wanted else 0.0 for text in texts]
        return np.array(shares, dtype=np.float32)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))
