"""The LangChain retriever: LangChain's own standard tests, and a chain."""

from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests

import citewell
from corpus.errors import InputError, QuestionError
from service.frameworks.langchain import LangChainRetriever
from tests.service.live import READABLE, Live, marked_text
from tests.service.small_collection import COOPERATION, QUESTION


@pytest.mark.anyio
class TestStandard(RetrieversIntegrationTests):
    """What LangChain asks of every retriever."""

    @pytest.fixture(autouse=True)
    def _reach(self, client: citewell.Client) -> None:
        self.client = client

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return LangChainRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"client": self.client}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_a_chain_reads_the_passage_and_its_url_opens_the_page(
    client: citewell.Client, live: Live
) -> None:
    seen: list[Document] = []

    def joined(documents: list[Document]) -> str:
        seen.extend(documents)
        return "\n".join(document.page_content for document in documents)

    prompt = ChatPromptTemplate.from_template("Quotes:\n{context}\nQuestion: {question}")
    chain = (
        {
            "context": LangChainRetriever(client=client, k=2) | joined,
            "question": RunnablePassthrough(),
        }
        | prompt
        | FakeListChatModel(responses=["done"])
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "done"
    first = seen[0]
    assert COOPERATION in first.page_content
    assert READABLE in marked_text(live, first.metadata["url"])
    assert first.metadata["page"] == 1
    assert first.metadata["page_label"] == "i"
    assert first.metadata["title"] == "Almaty & co"
    assert 0 <= first.metadata["score"] <= 1
    assert first.id == first.metadata["passage_id"]


def test_filters_keep_a_search_to_what_they_let_through(client: citewell.Client) -> None:
    retriever = LangChainRetriever(client=client, filters=("title=Budapest",))
    assert {each.metadata["title"] for each in retriever.invoke(QUESTION)} == {"Budapest"}
    other = retriever.invoke(QUESTION, None, filters=("title=Colombo",))
    assert {each.metadata["title"] for each in other} == {"Colombo"}


def test_errors_are_our_own(client: citewell.Client) -> None:
    retriever = LangChainRetriever(client=client)
    with pytest.raises(QuestionError):
        retriever.invoke(" ")
    with pytest.raises(InputError, match="passages"):
        retriever.invoke(QUESTION, None, k=0)
