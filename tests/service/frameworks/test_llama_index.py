"""The LlamaIndex retriever in a query engine of LlamaIndex."""

import pytest

import citewell
from corpus.errors import QuestionError
from tests.service.live import READABLE, Live, marked_text
from tests.service.small_collection import COOPERATION, QUESTION

pytest.importorskip("llama_index.core", reason="llama-index-core is not installed")

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore

from service.frameworks.llama_index import LlamaIndexRetriever


def assert_almaty(found: list[NodeWithScore], live: Live) -> None:
    first = found[0]
    assert COOPERATION in first.node.get_content()
    assert READABLE in marked_text(live, first.node.metadata["url"])
    assert first.node.metadata["page_label"] == "i"
    assert first.score is not None
    assert 0 <= first.score <= 1
    assert [each.score for each in found] == sorted((e.score or 0 for e in found), reverse=True)


def test_a_query_engine_gives_the_passages_as_its_sources(
    client: citewell.Client, live: Live
) -> None:
    retriever = LlamaIndexRetriever(client, similarity_top_k=3)
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    answer = engine.query(QUESTION)
    assert len(answer.source_nodes) == 3
    assert_almaty(answer.source_nodes, live)
    assert COOPERATION in str(answer)  # the mock repeats its prompt


def test_a_model_reads_the_title_and_not_the_address(client: citewell.Client) -> None:
    node = LlamaIndexRetriever(client, similarity_top_k=1).retrieve(QUESTION)[0].node
    read = node.get_content(metadata_mode=MetadataMode.LLM)
    assert "Almaty & co" in read
    assert "http" not in read
    assert node.get_content(metadata_mode=MetadataMode.EMBED) == node.get_content()


@pytest.mark.anyio
async def test_waiting_for_nodes_gives_the_same(client: citewell.Client, live: Live) -> None:
    retriever = LlamaIndexRetriever(client, similarity_top_k=2)
    awaited = await retriever.aretrieve(QUESTION)
    assert awaited == retriever.retrieve(QUESTION)
    assert_almaty(awaited, live)


def test_filters_and_errors_are_those_of_the_collection(client: citewell.Client) -> None:
    found = LlamaIndexRetriever(client, filters=["title=Budapest"]).retrieve(QUESTION)
    assert {each.node.metadata["title"] for each in found} == {"Budapest"}
    with pytest.raises(QuestionError):
        LlamaIndexRetriever(client).retrieve(" ")
