"""A LangChain retriever over a collection. Only this file imports LangChain, an extra."""

from pydantic import ConfigDict

from service.client.client import Client
from service.frameworks.excerpt import absent, excerpts

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError as error:
    raise absent("langchain-core", "langchain") from error


class LangChainRetriever(BaseRetriever):
    """Gives the passages of a collection as LangChain documents, best first.

    `client` reaches the collection, over HTTP or in this process; `k` documents come back, kept to
    those that the `filters` (`collection=iscm`, `date>=2019`) let through. `k` and `filters` may
    be given to `invoke` as well. Each document's metadata has `url`, which opens the page with the
    passage marked, `page`, `page_label`, `title` and `score`. Raises: CitewellError.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    k: int = 10
    filters: tuple[str, ...] = ()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the search has no steps to tell
        k: int | None = None,
        filters: tuple[str, ...] | None = None,
    ) -> list[Document]:
        found = excerpts(
            self.client,
            query,
            passages=self.k if k is None else k,
            filters=self.filters if filters is None else tuple(filters),
        )
        return [
            Document(
                page_content=each.text,
                id=each.excerpt_id,
                metadata=each.metadata | {"score": each.score},
            )
            for each in found
        ]
