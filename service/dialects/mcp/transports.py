"""How MCP clients reach the server: streamable HTTP beside the API, or stdio."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from service.dialects.mcp.server import McpTools
from service.engine.engine import Engine
from service.settings.settings import Settings
from service.workload.bounded_queue import BoundedQueue


class McpOverHttp:
    """Streamable HTTP as an ASGI application; without sessions, so any server answers any request.

    Who may come in is decided before (`Admission`, `Origins`), as for every route.
    """

    def __init__(self, engine: Engine, desk: BoundedQueue) -> None:
        self._server = McpTools(engine, desk).server()
        self._sessions: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take requests for as long as this is entered."""
        self._sessions = StreamableHTTPSessionManager(self._server, stateless=True)
        async with self._sessions.run():
            yield
        self._sessions = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert self._sessions is not None, "the application has not started"
        await self._sessions.handle_request(scope, receive, send)


def serve_stdio(settings: Settings) -> None:
    """Answer a client on stdin and stdout until it goes. Raises: StoreError, ModelError."""
    with Engine.open(settings, read_only=True) as engine:
        asyncio.run(_on_stdio(engine))


async def _on_stdio(engine: Engine) -> None:
    desk = BoundedQueue(at_once=1, waiting=64)
    server = McpTools(engine, desk).server()
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
