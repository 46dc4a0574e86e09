"""The HTTP application: what it is made of, in order."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from service.collection.library import LibraryCache
from service.dialects.mcp.transports import McpOverHttp
from service.dialects.registry import DIALECTS
from service.dialects.webhooks import routes as integrations
from service.dialects.webhooks.replying import Integrations
from service.engine.engine import Engine
from service.http.admission.admission import Admission
from service.http.admission.hosts import Hosts
from service.http.middleware import BodyLimit, Origins, SecurityHeaders, Viewing
from service.http.request_log import RequestLog
from service.http.responses.responding import respond
from service.http.routes import (
    admin_page,
    ask_page,
    asking,
    documents,
    explain_page,
    find_page,
    finding,
    health,
    jobs,
    library,
    metrics,
    notebook,
    notebook_page,
    quality,
    receipts,
    signing_in,
    snapshots,
    web,
)
from service.http.web.pages import ASSETS
from service.observing.observer import Observer, Observers
from service.observing.opening_traces import open_traces
from service.settings.version import installed_version
from service.wire.problems import RESPONSES, Problem, add_problem_schema, install_handlers
from service.workload.bounded_queue import BoundedQueue
from service.workload.drawing import Drawing
from service.workload.embedding_texts import TextEmbedder
from service.workload.jobs import JobWorker
from service.workload.warming import Warming

DESCRIPTION = """\
Answers from a collection of reports. Each sentence of an answer is a verbatim quote with its
document, page, offsets and checksum; where the collection has no answer, the answer says so.
"""
TAGS = [
    {"name": "asking", "description": "Questions, searches, and checking an answer again."},
    {"name": "notebook", "description": "Kept answers and quotes, and whether they still stand."},
    {"name": "documents", "description": "The documents, their pages and files."},
    {"name": "jobs", "description": "What became of uploads."},
    {"name": "snapshots", "description": "Built indexes, and going back to one."},
    *({"name": each.name, "description": each.description} for each in DIALECTS),
    {"name": "health", "description": "For load balancers and monitors."},
]


class Application(FastAPI):
    """FastAPI whose description names the one shape of all errors, and that tells of requests."""

    _description: bytes | None = None

    def build_middleware_stack(self) -> ASGIApp:
        """Return all that a request goes through; the outermost sees what becomes of it."""
        return RequestLog(super().build_middleware_stack(), self.state.observer)

    async def described(self, _: Request) -> Response:
        """Send the OpenAPI description; its JSON is made once."""
        if self._description is None:
            self._description = json.dumps(self.openapi(), ensure_ascii=False).encode()
        return Response(self._description, media_type="application/json")

    def openapi(self) -> dict[str, object]:
        """Return the OpenAPI description, with the schema of Problem and what a key is."""
        description = add_problem_schema(super().openapi())
        components = description["components"]
        assert isinstance(components, dict)
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        description["security"] = [{"key": []}, {}]
        return description


def create_app(
    engine: Engine, worker: JobWorker, *, open_to_all: bool = False, hosts: Hosts | None = None
) -> FastAPI:
    """Return the application over an open engine.

    While it runs, the engine is warmed on one thread and uploads are ingested on another.
    `open_to_all` lets everybody read, without a key. `hosts` are the server's names; by default
    those of one that listens on 127.0.0.1.
    """
    settings = engine.settings
    app = Application(
        title="citewell",
        version=installed_version(),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        responses=RESPONSES,
        openapi_url=None,  # `described` sends it
        docs_url=None,  # both load their scripts from elsewhere; see routes/web.py
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.engine = engine
    app.state.jobs = worker
    app.state.warming = Warming(engine)
    app.state.library = LibraryCache()
    app.state.text_embedder = TextEmbedder(engine)
    app.state.desk = BoundedQueue(at_once=settings.asking_at_once, waiting=settings.asking_waiting)

    _observe(app)

    # The last one added is the first one to see a request.
    app.add_middleware(
        BodyLimit,
        uploads_path=documents.router.prefix,
        max_upload_bytes=settings.max_upload_bytes,
    )
    app.add_middleware(
        Admission,
        store=engine.store,
        settings=settings,
        open_to_all=open_to_all,
        hosts=hosts or Hosts.of(settings),
    )
    app.add_middleware(Origins, allowed=settings.origins, embedding=settings.embedding_origins)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Viewing)

    install_handlers(app, _respond)

    for routes in (
        asking,
        receipts,
        notebook,
        finding,
        documents,
        quality,
        jobs,
        snapshots,
        integrations,
        health,
        metrics,
        signing_in,
        library,
        admin_page,
        ask_page,
        explain_page,
        find_page,
        notebook_page,
        web,
    ):
        app.include_router(routes.router)
    app.include_router(receipts.public)
    for dialect in DIALECTS:
        app.include_router(dialect.router)
    app.state.integrations = Integrations(engine, app.state.desk)
    app.state.mcp = McpOverHttp(engine, app.state.desk)
    app.add_route("/openapi.json", app.described, include_in_schema=False)
    app.router.routes.append(Route("/mcp", endpoint=app.state.mcp))
    app.mount("/assets/swagger", StaticFiles(packages=[("fastapi_offline", "static")]))
    app.mount("/assets", StaticFiles(directory=ASSETS))
    return app


def _observe(app: Application) -> None:
    """Let what the settings say watch requests, questions and uploads."""
    state, settings = app.state, app.state.engine.settings
    observers: list[Observer] = [state.engine.observer]
    state.metrics = state.state_metrics = None
    if settings.metrics:
        from service.observing.metrics import Metrics
        from service.workload.state_metrics import StateMetrics

        state.metrics = Metrics()
        state.state_metrics = StateMetrics(state.engine, state.warming)
        state.desk.on_change = state.metrics.asking_changed
        observers.append(state.metrics)
    state.traces = None
    if settings.traces:
        state.traces = open_traces(texts=settings.trace_texts)
        observers.append(state.traces)
    state.observer = state.engine.observer = state.jobs.observer = Observers(observers)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    worker, warming = app.state.jobs, app.state.warming
    app.state.drawing = Drawing(app.state.engine.settings)
    await run_in_threadpool(worker.start)
    warming.start()
    try:
        async with app.state.mcp.running():
            yield
    finally:
        await run_in_threadpool(warming.stop)
        await run_in_threadpool(worker.stop)
        await run_in_threadpool(app.state.drawing.close)
        if app.state.traces is not None:
            await run_in_threadpool(app.state.traces.close)


def _respond(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    """Return a problem as a browser or a program wants it."""
    return respond(request.url.path, request.headers.get("accept", ""), problem, headers)
