"""Candidates read by the models: which ones, as what, and how far.

English questions are read by the reading model; questions in another language, which it does not
read, by similarity. `Allowance` bounds both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.chunk import Chunk
from index.indexes.analysing import ENGLISH
from index.retrieval.meaning_search import Multilingual
from index.retrieval.reading_by_similarity import SimilarityReader
from index.retrieval.reranking import Allowance, ReadPassage
from index.snapshots.snapshot import Snapshot
from index.values.ports import Reranker
from index.values.retrieval_settings import RetrievalSettings


@dataclass(frozen=True, slots=True)
class PassageReader:
    """Reads passages of one snapshot; nothing without a reading model."""

    reranker: Reranker | None
    multilingual: Multilingual | None
    snapshot: Snapshot
    settings: RetrievalSettings

    def read(
        self,
        wordings: Sequence[str],
        chunks: Sequence[Chunk],
        allowance: Allowance | None,
        language: str,
    ) -> list[ReadPassage]:
        """Return what was read of the first chunks, in their order.

        `wordings` are the ways in which the question is put. The first `read_first` chunks are read
        as the first of them. While none answers, they are read as the next, then further ones.
        """
        asked, *others = wordings
        first = chunks[: self.settings.read_first]
        read = [*self.passages(asked, first, allowance, language)]
        for wording in others:
            if not self._answered(read):
                again = self.passages(wording, first, allowance, language)
                read = _best_of_each(read, [*again])
        if not self._answered(read) and len(read) == len(first):
            more = chunks[self.settings.read_first : self.settings.read_most]
            read += self.passages(asked, more, allowance, language)
        return read

    def passages(
        self,
        question: str,
        chunks: Sequence[Chunk],
        allowance: Allowance | None,
        language: str,
    ) -> Iterable[ReadPassage]:
        """Read the first chunks, as many as are allowed; none without a model or an allowance."""
        if self.reranker is None or allowance is None:
            return ()
        similar = None if language == ENGLISH else self._similar(language)
        return allowance.read_with(similar or self.reranker, question, chunks)

    def by_similarity(
        self, question: str, chunks: Sequence[Chunk], allowance: Allowance
    ) -> Iterable[ReadPassage]:
        """Read chunks for an English question by the multilingual model; none without it."""
        similar = self._similar(ENGLISH)
        return () if similar is None else allowance.read_with(similar, question, chunks)

    def _answered(self, read: Sequence[ReadPassage]) -> bool:
        return any(each.score >= self.settings.sure_score for each in read)

    def _similar(self, language: str) -> SimilarityReader | None:
        if self.multilingual is None:
            return None
        return SimilarityReader(self.multilingual, self.snapshot, language)


def _best_of_each(read: Sequence[ReadPassage], again: Sequence[ReadPassage]) -> list[ReadPassage]:
    """Return of each passage the better of two readings; fewer may have been read again."""
    better = [max(each, key=lambda one: one.score) for each in zip(read, again, strict=False)]
    return [*better, *read[len(better) :]]
