"""Search by meaning in passages of all languages, with a question in any.

Every passage has a vector by the English model, and those in other languages one by the
multilingual model too. An English question searches both, the second only once nothing near was
read. A question in another language searches the second by itself, and the first turned into the
English model's space.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.embedders.language_space import LanguageSpace, shipped_space
from index.indexes.analysing import ENGLISH
from index.snapshots.snapshot import Snapshot
from index.values.ports import Embedder, FloatVector, RowMask, Rows

# Cosines of a question and any passage, over 6,187 passages: mean and standard deviation by the
# English model, by the multilingual one, and between a question that was turned and the English
# vectors. A cosine is moved to the scale of others by what stands out of the mean.
_ENGLISH_MEAN, _ENGLISH_DEVIATION = 0.471, 0.054
_SHARED_DEVIATION = 0.085
_TURNED_MEAN, _TURNED_DEVIATION = 0.088, 0.062


@dataclass(frozen=True, slots=True)
class Multilingual:
    """The multilingual model, and the space that its vectors are compared in."""

    embedder: Embedder
    space: LanguageSpace

    @classmethod
    def of(cls, embedder: Embedder | None) -> "Multilingual | None":
        """Return the model with the space that comes with citewell; None without a model."""
        return None if embedder is None else cls(embedder, shipped_space())

    def asked(self, question: str, language: str) -> FloatVector:
        """Return the vector of a question in a language."""
        return self.space.question(self.embedder.embed_queries([question])[0], language)


@dataclass(frozen=True, slots=True)
class MeaningSearch:
    """One search by meaning: `limit` rows of each of the scopes."""

    snapshot: Snapshot
    embedder: Embedder
    multilingual: Multilingual | None
    language: str
    limit: int
    scopes: Sequence[RowMask | None]

    def search(self, text: str) -> dict[int, float]:
        """Return the rows that are nearest to a text, and their cosines."""
        if self.multilingual is None:
            return self._in_english(text)
        if self.language == ENGLISH:
            found = self._in_english(text)
            if self.snapshot.others is None:
                return found
            others = self._others(self.multilingual.asked(text, ENGLISH))
            scale = _ENGLISH_DEVIATION / _SHARED_DEVIATION
            moved = {row: _ENGLISH_MEAN + scale * score for row, score in others.items()}
            return {**found, **{row: max(s, found.get(row, s)) for row, s in moved.items()}}
        asked = self.multilingual.asked(text, self.language)
        turned = self._nearest(self.multilingual.space.in_english(asked))
        scale = _SHARED_DEVIATION / _TURNED_DEVIATION
        return {
            row: scale * (score - _TURNED_MEAN)
            for row, score in turned.items()
            if self.snapshot.others is None or not self.snapshot.others.holds(row)
        } | self._others(asked)

    def _in_english(self, text: str) -> dict[int, float]:
        return self._nearest(self.embedder.embed_queries([text])[0])

    def _nearest(self, vector: FloatVector) -> dict[int, float]:
        search = self.snapshot.vectors.search
        return by_row(search(vector, self.limit, each) for each in self.scopes)

    def _others(self, vector: FloatVector) -> dict[int, float]:
        others = self.snapshot.others
        if others is None:
            return {}
        return by_row(others.search(vector, self.limit, each) for each in self.scopes)


def by_row(found: Iterable[tuple[Rows, FloatVector]]) -> dict[int, float]:
    """Return what searches found as row → score."""
    return {
        int(row): float(score)
        for rows, scores in found
        for row, score in zip(rows, scores, strict=True)
    }
