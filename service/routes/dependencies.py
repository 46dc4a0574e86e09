"""What routes are given: the engine, the jobs, and checked path parts."""

import re
from typing import Annotated

from fastapi import Depends, Path, Request, params

from corpus.errors import NotFoundError
from corpus.ids import DocId
from corpus.key import Scope
from service.access import Access, SeenStore
from service.desk import Desk
from service.engine import Engine
from service.jobs import JobWorker
from service.warming import Warming


def engine_of(request: Request) -> Engine:
    """Return the engine that the application was made with."""
    engine = request.app.state.engine
    assert isinstance(engine, Engine)
    return engine


def jobs_of(request: Request) -> JobWorker:
    """Return the worker that the application was made with."""
    jobs = request.app.state.jobs
    assert isinstance(jobs, JobWorker)
    return jobs


def desk_of(request: Request) -> Desk:
    """Return where questions wait their turn."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def access_of(request: Request) -> Access:
    """Return what the sender of the request may do."""
    access = request.state.access
    assert isinstance(access, Access)
    return access


def needs(scope: Scope) -> params.Depends:
    """Return the dependency of a route that needs this scope."""

    def check(request: Request) -> None:
        access_of(request).require(scope)

    return params.Depends(check)


def store_of(request: Request) -> SeenStore:
    """Return the store as the sender may see it."""
    return SeenStore(engine_of(request).store, access_of(request))


def warming_of(request: Request) -> Warming:
    """Return the state of the engine's warming."""
    warming = request.app.state.warming
    assert isinstance(warming, Warming)
    return warming


def doc_id_of_path(
    doc_id: Annotated[str, Path(description="A document's id.", examples=["d0123456789abcdef"])],
) -> DocId:
    """Return the document id of the path. Raises: NotFoundError if it cannot be one."""
    if not re.fullmatch("d[0-9a-f]{16}", doc_id):
        raise NotFoundError(
            f"There is no document {doc_id!r}: ids are d and 16 hexadecimal digits."
        )
    return DocId(doc_id)


EngineOf = Annotated[Engine, Depends(engine_of)]
JobsOf = Annotated[JobWorker, Depends(jobs_of)]
DeskOf = Annotated[Desk, Depends(desk_of)]
AccessOf = Annotated[Access, Depends(access_of)]
StoreOf = Annotated[SeenStore, Depends(store_of)]
WarmingOf = Annotated[Warming, Depends(warming_of)]
DocIdOf = Annotated[DocId, Depends(doc_id_of_path)]
PageNumber = Annotated[int, Path(ge=1, le=10_000_000, description="Counts from 1, as in the file.")]
