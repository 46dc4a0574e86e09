"""A LlamaIndex retriever over a collection. Only this file imports LlamaIndex, an extra."""

import asyncio
from collections.abc import Sequence

from service.client.client import Client
from service.frameworks.excerpt import Excerpt, absent, excerpts

try:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
except ImportError as error:
    raise absent("llama-index-core", "llama-index") from error

# A language model reads these with the text; the others only lead back to the passage.
READ_BY_MODELS = frozenset({"title", "section", "page_label", "flags"})


class LlamaIndexRetriever(BaseRetriever):
    """Gives the passages of a collection as LlamaIndex nodes with scores, best first.

    `client` reaches the collection, over HTTP or in this process; `similarity_top_k` nodes come
    back, kept to those that the `filters` (`collection=iscm`) let through. A node's metadata has
    `url`, which opens the page with the passage marked, `page`, `page_label` and `title`.
    `retrieve` raises CitewellError.
    """

    def __init__(
        self, client: Client, *, similarity_top_k: int = 10, filters: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._client = client
        self._top_k = similarity_top_k
        self._filters = tuple(filters)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query, filters = query_bundle.query_str, self._filters
        found = excerpts(self._client, query, passages=self._top_k, filters=filters)
        return [_node(each) for each in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _node(excerpt: Excerpt) -> NodeWithScore:
    kept = [name for name in excerpt.metadata if name not in READ_BY_MODELS]
    node = TextNode(
        id_=excerpt.excerpt_id,
        text=excerpt.text,
        metadata=excerpt.metadata,
        excluded_llm_metadata_keys=kept,
        excluded_embed_metadata_keys=list(excerpt.metadata),
    )
    return NodeWithScore(node=node, score=excerpt.score)
