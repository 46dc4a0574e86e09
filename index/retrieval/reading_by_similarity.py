"""Passages read by similarity, where the span finder cannot tell.

The span finder reads English alone. For a question in another language, and for passages in another
language where none answers an English question, the multilingual model says how near a passage is
to the question, and which of its sentences is nearest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.chunk import Chunk
from index.retrieval.meaning_search import Multilingual
from index.retrieval.reranking import ReadPassage
from index.snapshots.snapshot import Snapshot
from index.values.ports import FloatMatrix, FloatVector, FoundSpan

# The logarithm of the odds that a passage is the right one, by its cosine: fitted on the first 20
# passages for each of the development questions in eval/questions/languages.
_WEIGHT, _INTERCEPT = 13.4, -6.6
_QUOTED = 5
_FEWEST_LETTERS = 20


@dataclass(frozen=True, slots=True)
class SimilarityReader:
    """Reads by similarity, for questions in one language."""

    multilingual: Multilingual
    snapshot: Snapshot
    language: str

    def read_chunks(self, question: str, chunks: Sequence[Chunk]) -> list[ReadPassage]:
        """Return how near each chunk is to the question; of the nearest five, their sentence."""
        asked = self.multilingual.asked(question, self.language)
        margins = _WEIGHT * (self._vectors(chunks) @ asked) + _INTERCEPT
        read = [ReadPassage(float(margin)) for margin in margins]
        for place in np.argsort(-margins, kind="stable")[:_QUOTED].tolist():
            margin = read[place].score
            span = self._nearest_sentence(asked, chunks[place], margin)
            read[place] = ReadPassage(margin, span)
        return read

    def _vectors(self, chunks: Sequence[Chunk]) -> FloatMatrix:
        """Return the vectors of passages: those that the snapshot has, and the others made now."""
        vectors = np.empty((len(chunks), self.multilingual.embedder.dimensions), dtype=np.float32)
        rows = [self.snapshot.other_row(chunk.chunk_id) for chunk in chunks]
        missing = [place for place, row in enumerate(rows) if row is None]
        made = [chunks[place].embedded_text for place in missing]
        vectors[missing] = self.multilingual.space.said(
            self.multilingual.embedder.embed_documents(made)
        )
        held = [(place, row) for place, row in enumerate(rows) if row is not None]
        if held and self.snapshot.others is not None:
            kept = self.snapshot.others.vectors(np.array([row for _, row in held]))
            vectors[[place for place, _ in held]] = kept
        return vectors

    def _nearest_sentence(self, asked: FloatVector, chunk: Chunk, margin: float) -> FoundSpan:
        whole = [s for s in chunk.sentences if s[1] - s[0] >= _FEWEST_LETTERS]
        sentences = whole or list(chunk.sentences) or [(0, len(chunk.text))]
        texts = [chunk.text[start:end] for start, end in sentences]
        vectors = self.multilingual.embedder.embed_documents(texts)
        best = int(np.argmax(self.multilingual.space.said(vectors) @ asked))
        start, end = sentences[best]
        return FoundSpan(start, end, margin, 0.0, relevance=margin, nearest=True)
