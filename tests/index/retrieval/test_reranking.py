"""How many candidates are read, of which questions, and what becomes of what is read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.chunk import Chunk
from corpus.home import Home
from corpus.ids import Fingerprint
from corpus.stores.memory_store import MemoryStore
from index.embedders.fake import HashEmbedder
from index.embedding.vector_cache import VectorCache
from index.query.query_plan import QueryPlan
from index.retrieval.gathering import gather
from index.retrieval.reranking import Allowance, Deadline, Pace
from index.retrieval.retrieving import RetrievalSettings, Retriever
from index.snapshots.building import build
from index.snapshots.publishing import snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.span_finders.fake import OverlapSpanFinder
from index.values.ports import FloatVector, FoundSpan, Reranker
from index.values.ranking import Hit, Ranking, Reranked
from tests.index.samples import sample_chunks, sample_document, sample_store

ASKED = "How many ports has the region?"
IN_PARTS = "How many ports has Northland or Southland?"
PARTS = ("How many ports has Northland?", "How many ports has Southland?")
NEVER = -5.0

Told = Callable[[str, str], float]
"""A question and a passage to a margin."""


class Model(OverlapSpanFinder):
    """Finds the first word of each passage, with the margin that it is told; keeps what it read."""

    def __init__(self, told: Told = lambda *_: NEVER) -> None:
        self._told = told
        self.read: list[tuple[str, str]] = []

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        self.read += [(question, text) for text in passages]
        return [
            FoundSpan(0, len(text.split()[0]), self._told(question, text), 0.0, relevance=0.0)
            for text in passages
        ]

    def texts(self, question: str) -> list[str]:
        """Return the passages that were read for a question, in order."""
        return [text for asked, text in self.read if asked == question]


class Slow(Model):
    """Moves a clock by 10 ms a call."""

    now_s = 0.0

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        self.now_s += 0.01
        return super().find(question, passages)


class CrossEncoder:
    """Orders passages, and marks no words."""

    name, fingerprint = "cross", Fingerprint("cross")

    def __init__(self) -> None:
        self.read: list[str] = []

    def warm(self) -> None:
        """Nothing to load."""

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        self.read += texts
        return np.array([float("nine" in text) for text in texts], dtype=np.float32)


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return sample_store(
        {
            "Northland review": [
                f"Ports of the region and Northland are many, says part {'one ' * n}of {n}."
                for n in range(30)
            ],
            "Southland review": [
                f"Ports of the region and Southland are few, says part {'two ' * n}of {n}."
                for n in range(30)
            ],
        }
    )


@pytest.fixture(scope="module")
def snapshot(store: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return built(store, tmp_path_factory.mktemp("reading"))


def built(store: MemoryStore, folder: Path) -> Snapshot:
    home = Home(folder)
    with VectorCache.open(home.vectors) as cache:
        snapshot_id = build(store, cache, HashEmbedder(), home)
    return Snapshot.open(snapshot_folder(home, snapshot_id))


Asks = Callable[..., Retriever]


@pytest.fixture
def retriever(snapshot: Snapshot, store: MemoryStore) -> Asks:
    def make(model: Reranker | None, **settings: float) -> Retriever:
        made = RetrievalSettings(**settings)  # type: ignore[arg-type]
        return Retriever(snapshot, store, HashEmbedder(), model, made)

    return make


def fused(retriever: Asks, question: str = ASKED) -> list[str]:
    """Return all passages by their fused scores, best first."""
    found = retriever(None, distinct=0).retrieve(question, k=100).readings[0].hits
    return [hit.chunk.text for hit in found]


def read_hits(ranking: Ranking) -> list[Hit]:
    return [hit for hit in ranking.hits if hit.span is not None]


def test_the_first_ten_are_read_where_one_of_them_answers(retriever: Asks) -> None:
    first = fused(retriever)[:10]
    model = Model(lambda _, text: 0.0 if text == first[9] else NEVER)
    ranking = retriever(model).retrieve(ASKED)
    assert model.texts(ASKED) == first
    assert ranking.reranked == Reranked(10, 10)


def test_thirty_more_are_read_while_none_answers(retriever: Asks) -> None:
    model = Model()
    ranking = retriever(model).retrieve(ASKED)
    assert model.texts(ASKED) == fused(retriever)[:40]
    assert ranking.reranked == Reranked(40, 40)


HERON = {"Heron brief": ["Reeds, lakes and ports."], "Other notes": ["Who chairs the lakes?"]}
IN_BRIEF = "Heron brief: who chairs the lakes?"


@pytest.mark.parametrize(("margin", "wordings"), [(0.0, 1), (-1.0, 2)])
def test_the_whole_question_is_read_where_what_is_asked_is_not_answered(
    tmp_path: Path, margin: float, wordings: int
) -> None:
    store = sample_store(HERON)
    model = Model(lambda question, _: margin + (question == IN_BRIEF))
    ranking = Retriever(built(store, tmp_path), store, HashEmbedder(), model).retrieve(IN_BRIEF)
    both = ("who chairs the lakes?", IN_BRIEF)
    assert [len(model.texts(each)) for each in both] == [2, 2 * (wordings - 1)]
    assert {hit.scores.rerank for hit in ranking.hits} == {0.0}


def test_a_margin_just_below_zero_does_not_answer(retriever: Asks) -> None:
    model = Model(lambda *_: -0.01)
    retriever(model).retrieve(ASKED)
    assert len(model.read) == 40


def test_the_settings_say_how_many_are_read_and_what_answers(retriever: Asks) -> None:
    settings = {"read_first": 3, "read_most": 5}
    for sure_score, expected in ((NEVER, 3), (NEVER + 1, 5)):
        model = Model()
        retriever(model, **settings, sure_score=sure_score).retrieve(ASKED)
        assert model.texts(ASKED) == fused(retriever)[:expected]


def test_where_there_are_fewer_candidates_each_is_read_once(tmp_path: Path) -> None:
    small = sample_store()
    model = Model()
    ranking = Retriever(built(small, tmp_path), small, HashEmbedder(), model).retrieve("cats")
    assert len(model.read) == len(set(model.read)) == 8
    assert ranking.reranked == Reranked(8, 8)


def test_a_passage_that_answers_comes_first_with_its_span(retriever: Asks) -> None:
    best = fused(retriever)[17]
    ranking = retriever(Model(lambda _, text: 9.0 if text == best else NEVER)).retrieve(ASKED)
    first = ranking.hits[0]
    assert (first.rank, first.chunk.text, first.scores.rerank) == (1, best, 9.0)
    assert first.span is not None
    assert first.span.margin == 9.0


def test_what_was_not_read_has_neither_span_nor_score(retriever: Asks) -> None:
    hits = retriever(Model(lambda *_: 1.0), distinct=0).retrieve(ASKED, k=60).hits
    assert len([hit for hit in hits if hit.span is None]) == len(hits) - 10
    assert all((hit.span is None) is (hit.scores.rerank is None) for hit in hits)


def test_a_model_that_marks_no_words_orders_passages_by_text_and_context(
    store: MemoryStore, snapshot: Snapshot
) -> None:
    model = CrossEncoder()
    ranking = Retriever(snapshot, store, HashEmbedder(), model).retrieve(ASKED)
    assert all("review" in text for text in model.read)
    assert read_hits(ranking) == []
    assert ranking.reranked == Reranked(10, 10)


@pytest.mark.parametrize(("wanted", "expected"), [(0, 0), (3, 3), (20, 20), (27, 27), (99, 40)])
def test_no_more_are_read_than_are_asked_for(retriever: Asks, wanted: int, expected: int) -> None:
    model = Model()
    ranking = retriever(model).retrieve(ASKED, rerank=wanted)
    assert model.texts(ASKED) == fused(retriever)[:expected]
    assert ranking.reranked is not None
    assert ranking.reranked.scored == expected


def test_without_reading_nothing_is_counted(retriever: Asks) -> None:
    model = Model()
    assert retriever(model).retrieve(ASKED, rerank=False).reranked is None
    assert retriever(None).retrieve(ASKED).reranked is None
    assert model.read == []


def test_the_first_ten_of_each_part_are_read_for_that_part(retriever: Asks) -> None:
    model = Model(lambda *_: 1.0)
    ranking = retriever(model).retrieve(IN_PARTS)
    assert ranking.understood.parts == PARTS
    assert [len(model.texts(each)) for each in (IN_PARTS, *PARTS)] == [10, 10, 10]
    for part in PARTS:
        assert model.texts(part) == fused(retriever, part)[:10]
    assert ranking.reranked == Reranked(30, 30)


def test_a_part_that_nothing_answers_is_not_read_further(retriever: Asks) -> None:
    model = Model()
    retriever(model).retrieve(IN_PARTS)
    assert [len(model.texts(each)) for each in (IN_PARTS, *PARTS)] == [40, 10, 10]


def test_the_ranking_says_what_was_found_for_what_is_asked_and_for_each_part(
    retriever: Asks,
) -> None:
    ranking = retriever(Model(lambda question, _: float(len(question)))).retrieve(IN_PARTS)
    assert [each.question for each in ranking.readings] == [IN_PARTS, *PARTS]
    for each in ranking.readings:
        margins = {hit.span.margin for hit in each.hits if hit.span}
        assert margins == {float(len(each.question))}
        assert [hit.score for hit in each.hits] == sorted(
            (hit.score for hit in each.hits), reverse=True
        )


def test_a_passage_stands_where_the_part_that_it_answers_best_puts_it(retriever: Asks) -> None:
    south = PARTS[1]
    best = fused(retriever, south)[0]
    told: Told = lambda question, text: 9.0 if (question, text) == (south, best) else NEVER  # noqa: E731
    ranking = retriever(Model(told)).retrieve(IN_PARTS)
    assert ranking.hits[0].chunk.text == best
    assert ranking.hits[0].scores.rerank == 9.0
    assert len({hit.chunk_id for hit in ranking.hits}) == len(ranking.hits)


def test_parts_are_left_alone_where_the_settings_read_none_for_them(retriever: Asks) -> None:
    model = Model(lambda *_: 1.0)
    ranking = retriever(model, read_for_part=0).retrieve(IN_PARTS)
    assert ranking.understood.parts == ()
    assert len(model.read) == 10


def test_candidates_come_from_what_is_asked_and_from_the_whole_question(tmp_path: Path) -> None:
    snapshot = built(
        sample_store({"Heron brief": ["Reeds and lakes."], "Other notes": ["Who chairs it?"]}),
        tmp_path,
    )
    plan = QueryPlan.of(
        "Heron brief: who chairs it?", snapshot, MemoryStore(), RetrievalSettings(), k=10
    )
    assert plan.asked == "who chairs it?"
    plan = replace(plan, mode="lexical")

    def lexical(text: str) -> set[str]:
        scopes = [snapshot.lexical.search(text, 10, each) for each in plan.scopes]
        return {snapshot.chunk_id(int(row)) for rows, _ in scopes for row in rows}

    (found,) = gather(plan, snapshot, HashEmbedder(), RetrievalSettings())
    ids = [each.chunk_id for each in found]
    assert len(lexical(plan.asked)) == 1
    assert sorted(ids) == sorted(lexical(plan.query))
    assert [each.base for each in found] == sorted((each.base for each in found), reverse=True)


def test_a_candidate_of_both_wordings_has_the_better_of_its_scores(tmp_path: Path) -> None:
    snapshot = built(sample_store(), tmp_path)
    asked = "Almaty Process summary: who hosts the secretariat?"
    plan = QueryPlan.of(asked, snapshot, MemoryStore(), RetrievalSettings(), k=10)

    def bases(of: QueryPlan) -> dict[str, float]:
        (found,) = gather(of, snapshot, HashEmbedder(), RetrievalSettings())
        return {each.chunk_id: each.base for each in found}

    as_asked = bases(replace(plan, query=plan.asked))
    as_typed = bases(replace(plan, asked=plan.query))
    assert as_asked != as_typed
    assert bases(plan) == {
        chunk_id: max(as_asked[chunk_id], as_typed[chunk_id]) for chunk_id in as_asked
    }


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    model = Slow()
    monkeypatch.setattr("index.retrieval.reranking.perf_counter", lambda: model.now_s)
    return model


def some_chunks(count: int, words: int = 2) -> list[Chunk]:
    texts = [f"{'text ' * words}{number}" for number in range(count)]
    return sample_chunks(sample_document("A report"), texts)[1]


def test_passages_are_read_in_order_two_at_a_time_until_the_time_is_spent(slow: Slow) -> None:
    chunks = some_chunks(12)
    allowance = Allowance(deadline=Deadline.after(45))
    found = list(allowance.read_with(slow, ASKED, chunks))
    assert slow.texts(ASKED) == [chunk.text for chunk in chunks[:8]]
    assert (len(found), allowance.read, allowance.wanted) == (8, 8, 12)


def test_nothing_is_begun_after_the_deadline_and_all_is_read_without_one(slow: Slow) -> None:
    chunks = some_chunks(12)
    assert list(Allowance(deadline=Deadline.after(0)).read_with(slow, ASKED, chunks)) == []
    assert len(list(Allowance().read_with(slow, ASKED, chunks))) == 12


def test_once_the_time_is_spent_nothing_else_is_read_however_short(slow: Slow) -> None:
    allowance = Allowance(deadline=Deadline.after(45))
    assert len(list(allowance.read_with(slow, ASKED, some_chunks(12, words=40)))) == 8
    assert list(allowance.read_with(slow, PARTS[0], some_chunks(2, words=1))) == []
    assert (allowance.read, allowance.wanted) == (8, 14)


def test_a_pace_is_slow_at_once_and_fast_little_by_little() -> None:
    pace = Pace()
    pace.saw(2.0)
    assert pace.ms_a_character == 2.0
    pace.saw(0.5)
    assert 0.5 < pace.ms_a_character < 2.0
    for _ in range(200):
        pace.saw(0.0)
    assert 0.0 < pace.ms_a_character < 0.5


@pytest.mark.parametrize("question", [ASKED, IN_PARTS])
@pytest.mark.parametrize("budget_ms", [0, 45, 105, 150, 215, 255, 290, 100_000])
def test_as_many_as_were_read_in_time_give_the_same_ranking_again(
    retriever: Asks, slow: Slow, question: str, budget_ms: float
) -> None:
    first = retriever(slow).retrieve(question, budget_ms=budget_ms)
    assert first.reranked is not None
    again = retriever(Model()).retrieve(question, rerank=first.reranked.scored)
    assert again.hits == first.hits
    assert again.readings == first.readings
    assert again.reranked == first.reranked


def test_without_a_limit_in_time_the_ranking_is_that_of_all_the_time(retriever: Asks) -> None:
    unhurried = retriever(Model()).retrieve(IN_PARTS, budget_ms=100_000)
    assert unhurried.hits == retriever(Model()).retrieve(IN_PARTS).hits
