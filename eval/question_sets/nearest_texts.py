"""Texts nearest to a question by their words: BM25 as one sparse product."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from index.indexes.analysing import analyse

_K1, _B = 1.2, 0.75


class NearestTexts:
    """Ranks a fixed list of texts by BM25.

    *Source:* Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(analyse(text)) for text in texts]
        self._columns = {word: i for i, word in enumerate(sorted(set().union(*counts)))}
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        holding = Counter(word for count in counts for word in count)
        mean = lengths.mean() or 1.0
        rows, columns, weights = [], [], []
        for row, count in enumerate(counts):
            norm = _K1 * (1 - _B + _B * lengths[row] / mean)
            for word, times in count.items():
                rarity = np.log1p((len(texts) - holding[word] + 0.5) / (holding[word] + 0.5))
                rows.append(row)
                columns.append(self._columns[word])
                weights.append(rarity * times / (times + norm))
        shape = (len(texts), len(self._columns))
        self._weights = csr_matrix((weights, (rows, columns)), shape=shape)

    def nearest(self, question: str, limit: int) -> list[int]:
        """Return the rows of the nearest texts that share a word, best first, ties by row."""
        asked = np.zeros(len(self._columns))
        for word in analyse(question):
            if word in self._columns:
                asked[self._columns[word]] += 1
        scores: npt.NDArray[np.float64] = self._weights @ asked
        order = np.argsort(-scores, kind="stable")[:limit]
        return [int(row) for row in order if scores[row] > 0]
