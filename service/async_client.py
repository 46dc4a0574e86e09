"""The client for asyncio: the same methods, each awaited while a thread works."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from service.client import Client

if TYPE_CHECKING:
    from index.ranking import Mode
    from service.answer import Answer, Search
    from service.client_ports import OnProgress, StreamPart
    from service.deleting import DeletionReceipt
    from service.ingest_report import IngestReport
    from service.replaying import Replay
    from service.verification import VerificationReport
    from service.wire import DocumentEntry, PageEntry

T = TypeVar("T")


class AsyncClient:
    """Asks a collection without holding up the event loop. See `Client`."""

    def __init__(
        self,
        url: str | None = None,
        *,
        key: str | None = None,
        home: str | Path | None = None,
        timeout_s: float = 60.0,
        retries: int = 4,
    ) -> None:
        self._client = Client(url, key=key, home=home, timeout_s=timeout_s, retries=retries)

    async def ask(
        self,
        question: str,
        *,
        passages: int = 10,
        filters: Sequence[str] = (),
        mode: Mode = "hybrid",
        rerank: bool = True,
        as_of: str | None = None,
        max_wrong: float | None = None,
    ) -> Answer:
        """Return the answer, as `Client.ask`."""
        return await _run(
            self._client.ask,
            question,
            passages=passages,
            filters=filters,
            mode=mode,
            rerank=rerank,
            as_of=as_of,
            max_wrong=max_wrong,
        )

    async def stream(
        self, question: str, *, passages: int = 10, filters: Sequence[str] = ()
    ) -> AsyncIterator[StreamPart]:
        """Yield the parts of an answer, as `Client.stream`."""
        parts = iter(self._client.stream(question, passages=passages, filters=filters))
        while (part := await _run(next, parts, None)) is not None:
            yield part

    async def search(
        self,
        query: str,
        *,
        passages: int = 10,
        filters: Sequence[str] = (),
        mode: Mode = "hybrid",
        rerank: bool = True,
        as_of: str | None = None,
    ) -> Search:
        """Return passages, as `Client.search`."""
        search = self._client.search
        return await _run(
            search, query, passages=passages, filters=filters, mode=mode, rerank=rerank, as_of=as_of
        )

    async def verify(self, answer: Answer | Mapping[str, object]) -> VerificationReport:
        """Return what became of citations, as `Client.verify`."""
        return await _run(self._client.verify, answer)

    async def replay(self, answer: Answer | Mapping[str, object]) -> Replay:
        """Return whether an answer comes out equal, as `Client.replay`."""
        return await _run(self._client.replay, answer)

    async def ingest(
        self,
        path: str | Path,
        *,
        collection: str = "default",
        metadata: Mapping[str, str] | None = None,
        on_progress: OnProgress | None = None,
    ) -> IngestReport:
        """Add a file, as `Client.ingest`; `on_progress` is called on the working thread."""
        ingest = self._client.ingest
        return await _run(
            ingest, path, collection=collection, metadata=metadata, on_progress=on_progress
        )

    async def documents(self, *, collection: str | None = None) -> list[DocumentEntry]:
        """Return the documents, as `Client.documents`."""
        return await _run(self._client.documents, collection=collection)

    async def page(self, doc_id: str, number: int) -> PageEntry:
        """Return a page, as `Client.page`."""
        return await _run(self._client.page, doc_id, number)

    async def delete(self, doc_id: str, *, purge: bool = False) -> DeletionReceipt:
        """Delete a document, as `Client.delete`."""
        return await _run(self._client.delete, doc_id, purge=purge)

    async def close(self) -> None:
        """Release what is open."""
        await _run(self._client.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


async def _run(act: Callable[..., T], *given: Any, **named: Any) -> T:
    from anyio.to_thread import run_sync

    return await run_sync(partial(act, *given, **named))
