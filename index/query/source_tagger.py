"""Which words of a question name where to look: one span of it, chosen by a linear model.

Every run of words of a question is a candidate, and "no words" is one more. A candidate's score is
a sum of weights: of the kinds of words in it, before it and after it, and of how well the words
that identify a document cover it. The weights and the lists of words are data, in
`source_tagger.json`; `python -m training tagger` fits them.

*Source:* Sarawagi and Cohen, Semi-Markov Conditional Random Fields for Information Extraction,
NIPS 2004 (with one segment at most).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.documents.document_names import WordWeights
from index.query.question_words import LEADS, SHAPES, Word, WordClasses
from index.query.span_features import (
    DENSE,
    MARKS,
    PLACE_SHAPE,
    FloatMatrix,
    SpanFeatures,
    features_of,
)

WEIGHTS = Path(__file__).with_suffix(".json")
LONGEST_QUESTION_WORDS = 80


@dataclass(frozen=True, slots=True)
class TaggerWeights:
    """The fitted weights, one a feature; `none` is the score of naming nothing."""

    first: FloatMatrix
    last: FloatMatrix
    inside: FloatMatrix
    places: FloatMatrix
    dense: FloatMatrix
    none: float


class SourceTagger:
    """Finds the words that name a source. Made from a mapping as in `source_tagger.json`."""

    def __init__(self, classes: Mapping[str, Sequence[str]], weights: TaggerWeights) -> None:
        self._classes = WordClasses(classes)
        self.weights = weights

    @classmethod
    @cache
    def shipped(cls) -> "SourceTagger":
        """Return the tagger with the weights that come with this package."""
        return cls.from_json(WEIGHTS.read_text("utf-8"))

    @classmethod
    def from_json(cls, text: str) -> "SourceTagger":
        """Return the tagger of a weights file."""
        stored = json.loads(text)
        fields = {
            name: np.array(stored[name], dtype=np.float32)
            for name in ("first", "last", "inside", "places")
        }
        dense = np.array([stored["dense"][name] for name in DENSE], dtype=np.float32)
        return cls(stored["classes"], TaggerWeights(**fields, dense=dense, none=stored["none"]))

    @classmethod
    def untrained(cls, classes: Mapping[str, Sequence[str]]) -> "SourceTagger":
        """Return a tagger whose weights are all 0, to make the features of questions with."""
        kinds = len(classes) + len(SHAPES)

        def zeros(*shape: int) -> FloatMatrix:
            return np.zeros(shape, dtype=np.float32)

        beside = 2 * (kinds + 1) + len(MARKS)
        weights = TaggerWeights(
            zeros(beside),
            zeros(beside),
            zeros(kinds + 1),
            zeros(*PLACE_SHAPE),
            zeros(len(DENSE)),
            0,
        )
        return cls(classes, weights)

    def words(self, question: str) -> list[Word]:
        """Return the words of a question, each with its class."""
        return self._classes.words(question)

    def span(self, words: Sequence[Word], weights: WordWeights) -> tuple[int, int] | None:
        """Return the first and the last of the words that likeliest name a source.

        None where it is likelier that none do, or where nothing is asked: a statement names none.
        """
        if not _asks(words):
            return None
        likely = self.probabilities(words, weights)
        if likely.sum() < 0.5:
            return None
        first, last = divmod(int(likely.argmax()), len(words))
        goes_on = any("?" in each.after for each in words[first:last])
        return None if goes_on else (first, last)

    def probabilities(self, words: Sequence[Word], weights: WordWeights) -> FloatMatrix:
        """Return (n, n), the probability of each span by first and last word.

        What is left of 1 is the probability that no words name a source.
        """
        scores = scores_of(self.features(words, weights), self.weights)
        top = max(float(scores.max(initial=-np.inf)), self.weights.none)
        likely: FloatMatrix = np.exp(scores - top)
        likely /= likely.sum() + np.exp(self.weights.none - top)
        return likely

    def features(self, words: Sequence[Word], weights: WordWeights) -> SpanFeatures:
        """Return what is known of each span of the words."""
        return features_of(words, weights, self._classes.number)


def scores_of(features: SpanFeatures, weights: TaggerWeights) -> FloatMatrix:
    """Return (n, n), the score of each span; minus infinity where the last is before the first."""
    inside = np.concatenate([[0.0], np.cumsum(features.inside @ weights.inside)])
    scores = np.tensordot(weights.dense, features.dense, axes=1)
    scores += (features.first @ weights.first - inside[:-1])[:, None]
    scores += (features.last @ weights.last + inside[1:])[None, :]
    scores += weights.places[features.first_place][:, features.last_place]
    scores[np.tril_indices(len(scores), -1)] = -np.inf
    found: FloatMatrix = scores
    return found


def _asks(words: Sequence[Word]) -> bool:
    """Return whether words are a question or a request: by a mark, or by a clause's first word."""
    if any("?" in each.after for each in words):
        return True
    marks = ",:" if words[0].word_class in LEADS else ":"
    clauses = [two for one, two in pairwise(words) if any(mark in one.after for mark in marks)]
    return any(each.word_class == "asks" for each in (words[0], *clauses))
