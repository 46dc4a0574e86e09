"""A Haystack component over a collection. Only this file imports Haystack, an extra."""

import asyncio
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from service.client.client import Client
from service.frameworks.excerpt import absent, excerpts

try:
    from haystack import Document, component, default_from_dict, default_to_dict
    from haystack.core.serialization import allow_deserialization_module
    from haystack.utils import Secret
except ImportError as error:
    raise absent("haystack-ai", "haystack") from error

# Haystack loads saved pipelines whose components are in modules that were allowed. Who imports this
# one allows it, and no other.
allow_deserialization_module(__name__)


@component
class HaystackRetriever:
    """Gives the passages of a collection as Haystack documents with scores, best first.

    `url` and `api_key` name a server, or `home` a folder on this machine; `top_k` documents come
    back, kept to those that the `filters` (`collection=iscm`) let through. A document's `meta` has
    `url`, which opens the page with the passage marked, `page`, `page_label` and `title`. Pipelines
    that hold it can be saved, and loaded where it was imported: a key is kept as the name of its
    variable.
    `run` raises CitewellError.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: Secret | None = None,
        home: str | None = None,
        top_k: int = 10,
        filters: Sequence[str] = (),
    ) -> None:
        self.url = url
        self.api_key = api_key
        self.home = home
        self.top_k = top_k
        self.filters = list(filters)

    @cached_property
    def _client(self) -> Client:
        key = self.api_key.resolve_value() if self.api_key else None
        return Client(self.url, key=key, home=self.home)

    def warm_up(self) -> None:
        """Open the connection or the collection. Raises: CitewellError."""
        _ = self._client

    def close(self) -> None:
        """Release what `warm_up` opened; a later run opens it again."""
        if "_client" in self.__dict__:
            self.__dict__.pop("_client").close()

    def to_dict(self) -> dict[str, Any]:
        """Return what `from_dict` makes the component of again, without any key."""
        made: dict[str, Any] = default_to_dict(
            self,
            url=self.url,
            api_key=self.api_key.to_dict() if self.api_key else None,
            home=self.home,
            top_k=self.top_k,
            filters=self.filters,
        )
        return made

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "HaystackRetriever":
        """Return the component that `to_dict` was called on."""
        given = data["init_parameters"]
        if given.get("api_key"):
            given["api_key"] = Secret.from_dict(given["api_key"])
        made: HaystackRetriever = default_from_dict(cls, data)
        return made

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, top_k: int | None = None, filters: list[str] | None = None
    ) -> dict[str, list[Document]]:
        """Return `documents`. What is given here wins over what the component was made with."""
        found = excerpts(
            self._client,
            query,
            passages=self.top_k if top_k is None else top_k,
            filters=tuple(self.filters if filters is None else filters),
        )
        documents = [
            Document(id=each.excerpt_id, content=each.text, meta=each.metadata, score=each.score)
            for each in found
        ]
        return {"documents": documents}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, top_k: int | None = None, filters: list[str] | None = None
    ) -> dict[str, list[Document]]:
        """Return `documents`, as `run`, without holding up the event loop."""
        return await asyncio.to_thread(self.run, query, top_k, filters)
