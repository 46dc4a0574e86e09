"""From a query to a ranking."""

from collections.abc import Callable

import pytest

from corpus.errors import FilterError, InputError, QuestionError, SettingsError
from index.documents.filters import Filters
from index.retrieval.retrieving import RetrievalSettings, Retriever
from index.snapshots.snapshot import Snapshot
from index.span_finders.fake import OverlapSpanFinder
from index.values.mode import Mode
from tests.index.conftest import BuiltHome

MODES: tuple[Mode, ...] = ("hybrid", "dense", "lexical")


@pytest.fixture
def retriever(built: BuiltHome) -> Retriever:
    snapshot = Snapshot.open(built.folder, embedder=built.embedder.fingerprint)
    return Retriever(snapshot, built.store, built.embedder, OverlapSpanFinder())


@pytest.mark.parametrize("rerank", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_the_passage_that_answers_comes_first(
    retriever: Retriever, mode: Mode, rerank: bool
) -> None:
    ranking = retriever.retrieve(
        "How many States sent the questionnaire?", mode=mode, rerank=rerank
    )
    assert ranking.hits[0].chunk.text == "Forty-six States sent back the questionnaire."
    assert [hit.rank for hit in ranking.hits] == list(range(1, len(ranking.hits) + 1))
    scores = [hit.score for hit in ranking.hits]
    assert scores == sorted(scores, reverse=True)


def test_the_same_query_gives_the_same_ranking(retriever: Retriever) -> None:
    first, second = (retriever.retrieve("secretariat of the process") for _ in range(2))
    assert first.hits == second.hits


def test_the_parts_of_a_score_are_given_where_they_were_computed(retriever: Retriever) -> None:
    hybrid = retriever.retrieve("cats sleep").hits[0].scores
    assert None not in (hybrid.dense, hybrid.lexical, hybrid.fused, hybrid.rerank)
    lexical = retriever.retrieve("cats sleep", mode="lexical", rerank=False).hits[0].scores
    assert lexical.lexical is not None
    assert (lexical.dense, lexical.fused, lexical.rerank) == (None, None, None)


def test_no_more_than_k_hits_are_returned(retriever: Retriever) -> None:
    assert len(retriever.retrieve("the process", k=2).hits) == 2
    assert len(retriever.retrieve("the process", k=500).hits) == 8


@pytest.mark.parametrize("k", [0, -3])
def test_a_k_below_one_is_refused(retriever: Retriever, k: int) -> None:
    with pytest.raises(InputError, match="expected 1 or more"):
        retriever.retrieve("the process", k=k)


@pytest.mark.parametrize("query", ["", "  \n"])
def test_an_empty_query_is_refused(retriever: Retriever, query: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        retriever.retrieve(query)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("query", ["🎉", "AND (", '"'])
def test_any_characters_can_be_asked(retriever: Retriever, query: str, mode: Mode) -> None:
    assert retriever.retrieve(query, mode=mode).query == query


@pytest.mark.parametrize("mode", MODES)
def test_a_filter_keeps_the_search_to_its_documents(retriever: Retriever, mode: Mode) -> None:
    filters = Filters.parse(["title=Colombo Process review"])
    ranking = retriever.retrieve("secretariat of the Almaty Process", mode=mode, filters=filters)
    assert ranking.hits
    assert {hit.chunk.context for hit in ranking.hits} == {"Colombo Process review"}


def test_a_filter_on_a_key_that_no_document_has_is_refused(retriever: Retriever) -> None:
    with pytest.raises(FilterError, match="known: collection, date"):
        retriever.retrieve("cats", filters=Filters.parse(["colour=red"]))


def test_the_words_that_no_passage_holds_are_told(retriever: Retriever) -> None:
    words = ("Budapest", "Xanadu", "questionnaires", "Kathmandu")
    assert retriever.absent(words) == ("Xanadu",)
    assert retriever.absent(words, collections=["no such collection"]) == words


def test_a_chunk_deleted_since_the_build_is_not_returned(
    retriever: Retriever, built: BuiltHome
) -> None:
    before = retriever.retrieve("cats sleep").hits[0]
    built.store.delete(before.chunk.doc_id)
    after = retriever.retrieve("cats sleep").hits
    assert after
    assert before.chunk.doc_id not in {hit.chunk.doc_id for hit in after}


def test_ranks_can_be_fused_instead_of_scores(built: BuiltHome) -> None:
    retriever = Retriever(
        Snapshot.open(built.folder),
        built.store,
        built.embedder,
        settings=RetrievalSettings(fusion="ranks"),
    )
    assert retriever.retrieve("cats sleep").hits[0].chunk.text == "Cats sleep most of the day."


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RetrievalSettings(candidates=0), "candidates is 0, expected 1"),
        (lambda: RetrievalSettings(read_first=-1), "read_first is -1 and"),
        (lambda: RetrievalSettings(read_first=9, read_most=8), "9 and read_most 8, expected 0"),
        (lambda: RetrievalSettings(read_for_part=-1), "read_for_part is -1"),
        (lambda: RetrievalSettings(distinct=-1), "distinct -1"),
        (lambda: RetrievalSettings(rerank_scale=0.0), "rerank_scale is 0.0, expected above 0"),
        (lambda: RetrievalSettings(dense_weight=1.5), "dense_weight is 1.5, expected 0 to 1"),
        (lambda: RetrievalSettings(rerank_weight=-0.1), "rerank_weight is -0.1"),
        (lambda: RetrievalSettings(source_weight=-1.0), "source_weight -1.0, expected 0"),
    ],
)
def test_a_setting_out_of_range_is_refused_with_the_range(
    make: Callable[[], RetrievalSettings], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        make()
