"""The client for asyncio: the same methods, each awaited while a thread works."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import partial, wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from service.client.client import Client

if TYPE_CHECKING:
    from service.values.answer import Passage

P = ParamSpec("P")
T = TypeVar("T")


def _awaited(
    method: Callable[Concatenate[Client, P], T],
) -> Callable[Concatenate[AsyncClient, P], Coroutine[Any, Any, T]]:
    """Return a method of the client as one to await, with its signature and documentation."""

    @wraps(method)
    async def awaited(self: AsyncClient, /, *given: P.args, **named: P.kwargs) -> T:
        return await _run(method, self._client, *given, **named)

    return awaited


def _streamed(
    method: Callable[Concatenate[Client, P], Iterator[T]],
) -> Callable[Concatenate[AsyncClient, P], AsyncIterator[T]]:
    """Return a method of the client that yields as one to iterate over asynchronously."""

    @wraps(method)
    async def streamed(self: AsyncClient, /, *given: P.args, **named: P.kwargs) -> AsyncIterator[T]:
        parts = iter(method(self._client, *given, **named))
        while (part := await _run(next, parts, None)) is not None:
            yield part

    return streamed


class AsyncClient:
    """Asks a collection without holding up the event loop. See `Client`.

    `on_progress` of `ingest` is called on the working thread.
    """

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

    ask = _awaited(Client.ask)
    stream = _streamed(Client.stream)
    search = _awaited(Client.search)
    find = _awaited(Client.find)
    explain = _awaited(Client.explain)
    verify = _awaited(Client.verify)
    cite = _awaited(Client.cite)
    replay = _awaited(Client.replay)
    ingest = _awaited(Client.ingest)
    documents = _awaited(Client.documents)
    document = _awaited(Client.document)
    edit = _awaited(Client.edit)
    quality = _awaited(Client.quality)
    page = _awaited(Client.page)
    delete = _awaited(Client.delete)
    snapshots = _awaited(Client.snapshots)
    roll_back = _awaited(Client.roll_back)
    close = _awaited(Client.close)

    def url_of(self, passage: Passage) -> str:
        """Return the address of a passage, as `Client.url_of`; there is nothing to await."""
        return self._client.url_of(passage)

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
