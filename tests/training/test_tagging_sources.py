"""The source tagger, fitted on a few questions."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from corpus.ids import DocId
from index.documents.document_names import DocumentNames
from index.documents.indexed_document import IndexedDocument
from index.query.source_tagger import WEIGHTS, SourceTagger, scores_of
from training.source_spans import read_spans
from training.tagging_sources import TaggedQuestion, _Spans, as_json, fit_tagger

CLASSES = {
    "in": ["in"],
    "kind": ["report"],
    "asks": ["who", "how", "where"],
    "determiner": ["the"],
    **{name: [] for name in ("according", "of", "from", "by", "as", "on", "at", "to", "with")},
    **{name: [] for name in ("auxiliary", "tells", "part", "function", "month")},
}
NAMES = DocumentNames([IndexedDocument(DocId("d1"), "Fisheries report", "default")])


def _tagged(question: str, span: tuple[int, int] | None) -> TaggedQuestion:
    tagger = SourceTagger.untrained(CLASSES)
    words = tagger.words(question)
    weights = NAMES.word_weights([each.text for each in words])
    return TaggedQuestion(tagger.features(words, weights), span)


QUESTIONS = [
    _tagged("In the Fisheries report, who pays?", (0, 3)),
    _tagged("In the Forest report, how many pay?", (0, 3)),
    _tagged("Who pays in Lagos?", None),
    _tagged("Where do ships wait in August?", None),
]


def test_the_gradient_of_the_loss_is_that_of_its_differences() -> None:
    data = _Spans.of(QUESTIONS)
    at = np.random.default_rng(1).normal(size=data.size) / 3
    error = check_grad(lambda x: data.loss(x, 0.5)[0], lambda x: data.loss(x, 0.5)[1], at)
    assert error < 1e-3 * np.linalg.norm(data.loss(at, 0.5)[1])


def test_a_fitted_tagger_finds_the_span_and_comes_back_from_its_file() -> None:
    weights, loss = fit_tagger(QUESTIONS, ridge=0.01)
    assert loss < 0.1
    tagger = SourceTagger.from_json(as_json(CLASSES, weights))
    for question, span in (
        ("In the Harbour report, who sails?", (0, 3)),
        ("Who sails in Oslo?", None),
    ):
        words = tagger.words(question)
        held = NAMES.word_weights([each.text for each in words])
        assert tagger.span(words, held) == span


def test_a_span_scores_the_sum_of_the_weights_of_its_features() -> None:
    weights, _ = fit_tagger(QUESTIONS)
    features = QUESTIONS[0].features
    expected = (
        features.first[1] @ weights.first
        + features.last[3] @ weights.last
        + features.inside[1:4].sum(0) @ weights.inside
        + weights.places[features.first_place[1], features.last_place[3]]
        + features.dense[:, 1, 3] @ weights.dense
    )
    assert scores_of(features, weights)[1, 3] == pytest.approx(float(expected), abs=1e-4)


def test_every_marked_span_is_words_of_its_question() -> None:
    for each in read_spans():
        assert each.names in each.question


def test_the_weights_are_a_small_file() -> None:
    assert WEIGHTS.stat().st_size < 30_000
