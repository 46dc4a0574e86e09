import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from corpus.chunk import Chunk
from corpus.document import PageSpan
from corpus.ids import ChunkId, DocId
from index.ports import FoundSpan
from index.ranking import Hit, Ranking, Scores, Understood
from service.confidence_features import (
    NAMES,
    ConfidenceFeatures,
    features_of,
    rare_word_share,
    values_of,
)
from service.selection import Selected, Selection

TEXT = "In all, 46 States answered the survey. It plans a second one in 2031."


def hit(number: int, scores: Scores, *, doc_id: str = "d1", text: str = TEXT) -> Hit:
    chunk = Chunk(
        chunk_id=ChunkId(f"c{number}"),
        doc_id=DocId(doc_id),
        ordinal=number,
        spans=(PageSpan(1, 0, len(text)),),
        text=text,
        sentences=((0, 38), (39, len(text))) if text == TEXT else ((0, len(text)),),
        search_text=text,
        context="Survey of the Forum",
    )
    return Hit(chunk.chunk_id, 1.0, number, scores, chunk)


def span(start: int, end: int, *, score: float, null: float) -> FoundSpan:
    return FoundSpan(start, end, score, null, relevance=0.0, answers=score / 2)


def found(
    asked: str,
    *,
    sentence: int = 0,
    documents: tuple[str, ...] = (),
    query: str | None = None,
    aliases: Mapping[str, str] | None = None,
) -> ConfidenceFeatures:
    hits = (
        hit(1, Scores(dense=0.5, rerank=2.0)),
        hit(2, Scores(dense=0.7, rerank=3.0)),
        hit(3, Scores(rerank=-1.0), doc_id="d2", text="Only 46 answered."),
    )
    start, end = hits[0].chunk.sentences[sentence]
    quoted = Selected(hits[0].chunk, sentence, start, end, 9.0, 5.0, span(8, 10, score=4, null=1))
    spans = {
        ChunkId("c1"): span(8, 10, score=6, null=1),
        ChunkId("c3"): span(5, 7, score=1, null=-1),
    }
    named = tuple(DocId(each) for each in documents)
    ranking = Ranking(query or asked, Understood(named, asked, aliases or {}), hits)
    return features_of(ranking, Selection((quoted,), hits, spans), "Survey 2019 survey.pdf")


def test_the_scores_are_those_of_what_is_cited_first() -> None:
    features = found("How many States answered?")
    assert features.passage_logit == 3.0
    assert features.cited_logit == 2.0
    assert features.sentence_logit == 5.0
    assert features.cosine == 0.7
    assert features.document_lead == 4.0
    assert (features.margin, features.margin_lead) == (5.0, 3.0)
    assert (features.span_score, features.null_score, features.answers) == (6.0, 1.0, 3.0)
    assert features.quote_margin == 3.0


def test_the_weakest_part_counts() -> None:
    features = found("How many States answered?")
    assert (features.weakest_margin, features.weakest_quote, features.part_count) == (5.0, 3.0, 1.0)
    held = hit(1, Scores())
    strong = Selected(held.chunk, 0, 0, 38, 9.0, 5.0, span(8, 10, score=4, null=1))
    weak = Selected(held.chunk, 1, 39, 69, 2.0, 1.0, span(0, 2, score=0, null=4))
    parts = (
        Selection((strong,), (held,), {held.chunk_id: span(8, 10, score=6, null=1)}),
        Selection((weak,), (held,), {held.chunk_id: span(40, 42, score=1, null=2)}),
    )
    selection = Selection((strong, weak), (held,), parts[0].spans, parts)
    ranking = Ranking("?", Understood((), "How many, and when?"), (held,))
    features = features_of(ranking, selection)
    assert (features.margin, features.quote_margin) == (5.0, 3.0)
    assert (features.weakest_margin, features.weakest_quote) == (-1.0, -4.0)
    assert (features.part_count, features.passage_count) == (2.0, 1.0)
    other = hit(2, Scores())
    both = replace(selection, sentences=(strong, replace(weak, chunk=other.chunk)))
    assert features_of(replace(ranking, hits=(held, other)), both).passage_count == 2.0


def test_a_passage_whose_span_is_the_same_words_agrees() -> None:
    assert found("How many States answered?").agreement == 1.0


def test_a_name_a_year_and_a_number_of_the_question_are_missed() -> None:
    features = found("Did Peru and the States send 12 replies in 2019 or 2020?")
    assert features.names_missing == 0.5
    assert features.years_missing == 0.5  # 2019 is in the document's title
    assert features.years_unquoted == 1.0
    assert features.numbers_missing == 1.0


def test_a_report_that_is_named_and_not_cited_is_missed() -> None:
    asked = "how many States answered?"
    assert found(asked, query=f"Survey 2019: {asked}").source_missing == 0.0
    assert found(asked, query=f"A/80/56: {asked}").source_missing == 1.0


def test_another_name_for_what_is_asked_is_no_report_that_is_missed() -> None:
    asked, aliases = "What does the Northern Forum do?", {"NFM": "Northern Forum on Migration"}
    assert found(asked, query="What does the NFM do?").source_missing == 1.0
    assert found(asked, query="What does the NFM do?", aliases=aliases).source_missing == 0.0
    both = found(asked, query="A/80/56: What does the NFM do?", aliases=aliases)
    assert both.source_missing == 1.0


def test_a_date_that_is_asked_has_to_be_in_the_quote() -> None:
    assert found("When is the next survey?", sentence=0).type_missing == 1.0
    assert found("When is the next survey?", sentence=1).type_missing == 0.0


def test_a_plan_is_no_deed() -> None:
    assert found("Which survey was held?", sentence=1).plan_for_deed == 1.0
    assert found("Which survey is planned?", sentence=1).plan_for_deed == 0.0
    assert found("Which survey was held?", sentence=0).plan_for_deed == 0.0


def test_a_document_that_the_question_names_is_cited_or_another_is() -> None:
    there = found("How many?", documents=("d1",))
    elsewhere = found("How many?", documents=("d2",))
    neither = found("How many?")
    assert (there.named, there.elsewhere) == (1.0, 0.0)
    assert (elsewhere.named, elsewhere.elsewhere) == (0.0, 1.0)
    assert (neither.named, neither.elsewhere) == (0.0, 0.0)


def test_what_no_passage_has_is_the_lowest() -> None:
    features = features_of(Ranking("?", Understood((), "?"), ()), Selection((), ()))
    assert features.passage_logit == features.cited_logit == features.sentence_logit == -12.0
    assert features.margin == features.quote_margin == -20.0


def test_values_come_in_the_order_of_the_names() -> None:
    features = found("How many?")
    for at, name in enumerate(NAMES):
        assert values_of(replace(features, **{name: 99.0}))[at] == 99.0
    assert values_of(features, ("margin", "cosine")) == (5.0, 0.7)


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    passages = ["the Almaty Process", "the Budapest Process", "the survey"]
    common, rare = math.log(1 + 4 / 4), math.log(1 + 4 / 2)
    share = rare_word_share("The Almaty", ["almaty"], passages)
    assert share == pytest.approx(rare / (common + rare))
    assert rare_word_share("The Almaty", ["the", "ALMATY"], passages) == pytest.approx(1.0)
    assert rare_word_share("?", ["the"], passages) == 0.0
