"""What routes are given: the engine, the jobs, and checked path parts.

All of it is at hand, so these are coroutines: a plain function would wait for a thread, each of
them, which is what takes time when many ask at once.
"""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response, params
from fastapi.routing import APIRoute

from corpus.errors import NotFoundError
from corpus.ids import DocId
from corpus.key import Scope
from service.access.access import Access, SeenStore
from service.collection.library import LibraryCache
from service.engine.engine import Engine
from service.workload.bounded_queue import BoundedQueue
from service.workload.drawing import Drawing
from service.workload.jobs import JobWorker
from service.workload.warming import Warming


async def engine_of(request: Request) -> Engine:
    """Return the engine that the application was made with."""
    return _engine(request)


async def jobs_of(request: Request) -> JobWorker:
    """Return the worker that the application was made with."""
    jobs = request.app.state.jobs
    assert isinstance(jobs, JobWorker)
    return jobs


async def desk_of(request: Request) -> BoundedQueue:
    """Return where questions wait their turn."""
    desk = request.app.state.desk
    assert isinstance(desk, BoundedQueue)
    return desk


async def drawing_of(request: Request) -> Drawing:
    """Return what draws pages."""
    drawing = request.app.state.drawing
    assert isinstance(drawing, Drawing)
    return drawing


async def library_of(request: Request) -> LibraryCache:
    """Return the documents as the library keeps them."""
    library = request.app.state.library
    assert isinstance(library, LibraryCache)
    return library


async def access_of(request: Request) -> Access:
    """Return what the sender of the request may do."""
    return _access(request)


async def sender_of(request: Request) -> str:
    """Return who sends the request: the id of its key, or its address."""
    address = request.client.host if request.client else ""
    return _access(request).key_id or address


def needs(scope: Scope) -> params.Depends:
    """Return the dependency of a route that needs this scope."""

    return params.Depends(_Needs(scope))


class ChecksFirst(APIRoute):
    """A route that checks what it `needs` before it reads the body.

    FastAPI alone reads and parses the body first, whoever sends it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, behind its checks."""
        handler = super().get_route_handler()
        needed = [each.dependency for each in self.dependencies]
        checks = [each for each in needed if isinstance(each, _Needs)]

        async def checked(request: Request) -> Response:
            for check in checks:
                await check(request)
            return await handler(request)

        return checked


@dataclass(frozen=True, slots=True)
class _Needs:
    scope: Scope

    async def __call__(self, request: Request) -> None:
        _access(request).require(self.scope)


async def store_of(request: Request) -> SeenStore:
    """Return the store as the sender may see it."""
    return SeenStore(_engine(request).store, _access(request))


async def warming_of(request: Request) -> Warming:
    """Return the state of the engine's warming."""
    warming = request.app.state.warming
    assert isinstance(warming, Warming)
    return warming


async def doc_id_of_path(
    doc_id: Annotated[str, Path(description="A document's id.", examples=["d0123456789abcdef"])],
) -> DocId:
    """Return the document id of the path. Raises: NotFoundError if it cannot be one."""
    if not re.fullmatch("d[0-9a-f]{16}", doc_id):
        raise NotFoundError(
            f"There is no document {doc_id!r}: ids are d and 16 hexadecimal digits."
        )
    return DocId(doc_id)


def _engine(request: Request) -> Engine:
    engine = request.app.state.engine
    assert isinstance(engine, Engine)
    return engine


def _access(request: Request) -> Access:
    access = request.state.access
    assert isinstance(access, Access)
    return access


EngineOf = Annotated[Engine, Depends(engine_of)]
JobsOf = Annotated[JobWorker, Depends(jobs_of)]
DeskOf = Annotated[BoundedQueue, Depends(desk_of)]
DrawingOf = Annotated[Drawing, Depends(drawing_of)]
AccessOf = Annotated[Access, Depends(access_of)]
LibraryOf = Annotated[LibraryCache, Depends(library_of)]
SenderOf = Annotated[str, Depends(sender_of)]
StoreOf = Annotated[SeenStore, Depends(store_of)]
WarmingOf = Annotated[Warming, Depends(warming_of)]
DocIdOf = Annotated[DocId, Depends(doc_id_of_path)]
PageNumber = Annotated[int, Path(ge=1, le=10_000_000, description="Counts from 1, as in the file.")]
