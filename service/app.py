"""The HTTP application: what it is made of, in order."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from service.engine import Engine
from service.jobs import JobWorker
from service.middleware import BodyLimit, SameSite, SecurityHeaders
from service.problems import (
    RESPONSES,
    Problem,
    add_problem_schema,
    install_handlers,
    problem_response,
)
from service.routes import asking, documents, health, jobs, snapshots, web
from service.version import installed_version
from service.warming import Warming
from service.web.pages import ASSETS, problem_page

DESCRIPTION = """\
Answers from a collection of reports. Each sentence of an answer is a verbatim quote with its
document, page, offsets and checksum; where the collection has no answer, the answer says so.
"""
TAGS = [
    {"name": "asking", "description": "Questions, searches, and checking an answer again."},
    {"name": "documents", "description": "The documents, their pages and files."},
    {"name": "jobs", "description": "What became of uploads."},
    {"name": "snapshots", "description": "Built indexes, and going back to one."},
    {"name": "health", "description": "For load balancers and monitors."},
]


class Application(FastAPI):
    """FastAPI whose description names the one shape of all errors."""

    def openapi(self) -> dict[str, object]:
        """Return the OpenAPI description, with the schema of Problem."""
        return add_problem_schema(super().openapi())


def create_app(engine: Engine, worker: JobWorker) -> FastAPI:
    """Return the application over an open engine.

    While it runs, the engine is warmed on one thread and uploads are ingested on another.
    """
    app = Application(
        title="citewell",
        version=installed_version(),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        responses=RESPONSES,
        docs_url=None,  # both load their scripts from elsewhere; see routes/web.py
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.engine = engine
    app.state.jobs = worker
    app.state.warming = Warming(engine)

    # The last one added is the first one to see a request.
    app.add_middleware(
        BodyLimit,
        uploads_path=documents.router.prefix,
        max_upload_bytes=engine.settings.max_upload_bytes,
    )
    app.add_middleware(SameSite)
    app.add_middleware(SecurityHeaders)

    install_handlers(app, _respond)

    for routes in (asking, documents, jobs, snapshots, health, web):
        app.include_router(routes.router)
    app.mount("/assets/swagger", StaticFiles(packages=[("fastapi_offline", "static")]))
    app.mount("/assets", StaticFiles(directory=ASSETS))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    worker, warming = app.state.jobs, app.state.warming
    await run_in_threadpool(worker.start)
    warming.start()
    try:
        yield
    finally:
        await run_in_threadpool(warming.stop)
        await run_in_threadpool(worker.stop)


def _respond(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    """Return a problem as a browser or a program wants it."""
    browsing = "text/html" in request.headers.get("accept", "")
    if browsing and not request.url.path.startswith("/v1/"):
        response: Response = problem_page(problem)
        response.headers.update(headers)
        return response
    return problem_response(problem, headers)
