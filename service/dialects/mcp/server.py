"""The MCP server: `search`, `fetch`, `ask` and `find` over the engine, and documents as resources.

Over HTTP the sender's key decides what it sees, as on every route; on stdio everything is seen.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
import mcp_types as types
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError

from corpus.errors import CitewellError, NotFoundError
from corpus.ids import ChunkId, DocId
from service.access.access import EVERYTHING, Access, SeenStore
from service.dialects.mcp import translation as dialect
from service.dialects.mcp.wire import (
    AskArguments,
    FetchArguments,
    FindArguments,
    SearchArguments,
    arguments_of,
)
from service.engine.engine import Engine
from service.finding.finding import FindRequest
from service.settings.version import installed_version
from service.values.answer import Passage
from service.values.request import DEFAULT_REQUEST
from service.workload.bounded_queue import BoundedQueue

Context = ServerRequestContext[Any, Any]
Given = Mapping[str, object]
Act = Callable[[Context, Given], Awaitable[types.CallToolResult]]
RESOURCES_A_PAGE = 100

READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class McpTools:
    """What the server offers, over one engine."""

    def __init__(self, engine: Engine, desk: BoundedQueue) -> None:
        self._engine = engine
        self._desk = desk
        self._tools: dict[str, tuple[types.Tool, Act]] = {
            "search": (_search_tool(), self._search),
            "fetch": (_fetch_tool(), self._fetch),
            "ask": (_ask_tool(), self._ask),
            "find": (_find_tool(), self._find),
        }

    def server(self) -> Server[Any]:
        """Return the server."""
        return Server(
            "citewell",
            title="citewell",
            version=installed_version(),
            instructions=dialect.INSTRUCTIONS,
            on_list_tools=self.list_tools,
            on_call_tool=self.call_tool,
            on_list_resources=self.list_resources,
            on_list_resource_templates=self.list_templates,
            on_read_resource=self.read_resource,
        )

    async def list_tools(
        self, context: Context, _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """List the tools; all of them only read."""
        _access(context)
        return types.ListToolsResult(tools=[tool for tool, _ in self._tools.values()])

    async def call_tool(
        self, context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        """Call a tool. What goes wrong is told in the result, so that a model can do better."""
        if params.name not in self._tools:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name!r}.")
        _, act = self._tools[params.name]
        try:
            return await act(context, params.arguments or {})
        except CitewellError as error:
            text = types.TextContent(type="text", text=str(error))
            return types.CallToolResult(content=[text], is_error=True)

    async def list_resources(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        """List documents by id, some at a time."""
        store, after = self._store(context), (params.cursor if params else None) or ""
        found = await anyio.to_thread.run_sync(store.documents)
        rest = [document for document in found if document.doc_id > after]
        page = rest[:RESOURCES_A_PAGE]
        following = page[-1].doc_id if len(rest) > len(page) else None
        resources = [types.Resource.model_validate(dialect.resource(each)) for each in page]
        return types.ListResourcesResult(resources=resources, next_cursor=following)

    async def list_templates(
        self, context: Context, _params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """List what else may be read."""
        _access(context)
        found = [types.ResourceTemplate.model_validate(each) for each in dialect.templates()]
        return types.ListResourceTemplatesResult(resource_templates=found)

    async def read_resource(
        self, context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        """Return the text of a document or of one of its pages."""
        store, uri = self._store(context), str(params.uri)
        form = re.fullmatch(
            rf"{re.escape(dialect.URI)}(d[0-9a-f]{{16}})(?:/pages/([0-9]{{1,8}}))?", uri
        )
        try:
            if form is None:
                raise NotFoundError(f"there is no resource {uri!r}")
            numbers = [int(form[2])] if form[2] else None
            pages = await anyio.to_thread.run_sync(store.pages, DocId(form[1]), numbers)
            if not pages and numbers:
                raise NotFoundError(f"there is no resource {uri!r}")
        except NotFoundError as error:
            raise MCPError(types.INVALID_PARAMS, str(error), {"uri": uri}) from error
        text = types.TextResourceContents(
            uri=uri, mime_type="text/plain", text=dialect.document_text(pages)
        )
        return types.ReadResourceResult(contents=[text])

    async def _search(self, context: Context, given: Given) -> types.CallToolResult:
        query = arguments_of(SearchArguments, given).query
        request = _access(context).limited(DEFAULT_REQUEST)
        found = await self._desk.run(self._engine.search, query, request)
        return _both(dialect.search_result(found, self._base_url))

    async def _fetch(self, context: Context, given: Given) -> types.CallToolResult:
        wanted, store = arguments_of(FetchArguments, given).id, self._store(context)
        return _both(await anyio.to_thread.run_sync(self._fetched, store, wanted))

    async def _ask(self, context: Context, given: Given) -> types.CallToolResult:
        asked = arguments_of(AskArguments, given)
        request = _access(context).limited(asked.request())
        await context.session.report_progress(0, 2, "searching")

        def on_passages(passages: tuple[Passage, ...]) -> None:
            said = f"reading {len(passages)} passages"
            anyio.from_thread.run(context.session.report_progress, 1, 2, said)

        answer = await self._desk.run(self._engine.ask, asked.question, request, on_passages)
        await context.session.report_progress(2, 2, "done")
        text = dialect.ask_text(answer, self._base_url)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text)],
            structured_content=dialect.ask_result(answer),
        )

    async def _find(self, context: Context, given: Given) -> types.CallToolResult:
        terms = arguments_of(FindArguments, given).terms
        collections = _access(context).limited(DEFAULT_REQUEST).collections
        request = FindRequest(tuple(terms), collections=collections)
        return _both(dialect.find_result(await self._desk.run(self._engine.find, request)))

    def _fetched(self, store: SeenStore, wanted: str) -> dialect.Json:
        if re.fullmatch("d[0-9a-f]{16}", wanted):
            document = store.document(DocId(wanted))
            pages = store.pages(document.doc_id)
            return dialect.fetched_document(document, pages, self._base_url)
        chunk = store.chunks([ChunkId(wanted)]).get(ChunkId(wanted))
        if chunk is None:
            raise NotFoundError(f"there is no passage or document {wanted!r}; `search` gives ids")
        document = store.document(chunk.doc_id)
        pages = store.pages(chunk.doc_id, sorted({span.page for span in chunk.spans}))
        return dialect.fetched_passage(chunk, document, pages, self._base_url)

    def _store(self, context: Context) -> SeenStore:
        return SeenStore(self._engine.store, _access(context))

    @property
    def _base_url(self) -> str:
        return self._engine.settings.base_url


def _access(context: Context) -> Access:
    """Return what the sender may see. Raises: MCPError if it may not read."""
    if context.request is None:
        return EVERYTHING
    access = context.request.state.access
    assert isinstance(access, Access)
    try:
        access.require("read")
    except CitewellError as error:
        raise MCPError(types.INVALID_REQUEST, str(error)) from error
    return access


def _both(result: dialect.Json) -> types.CallToolResult:
    """Return a result as an object and as the same JSON in a text: older clients read only that."""
    text = types.TextContent(type="text", text=json.dumps(result, ensure_ascii=False))
    return types.CallToolResult(content=[text], structured_content=result)


def _search_tool() -> types.Tool:
    return types.Tool(
        name="search",
        title="Search the collection",
        description="Find the passages nearest to a query; `fetch` an id to read its pages.",
        input_schema=SearchArguments.model_json_schema(),
        output_schema=dialect.SEARCH_OUTPUT,
        annotations=READ_ONLY,
    )


def _fetch_tool() -> types.Tool:
    return types.Tool(
        name="fetch",
        title="Read a passage's pages or a document",
        description="Return the text of the pages that a passage stands on, or of a document.",
        input_schema=FetchArguments.model_json_schema(),
        output_schema=dialect.FETCH_OUTPUT,
        annotations=READ_ONLY,
    )


def _ask_tool() -> types.Tool:
    return types.Tool(
        name="ask",
        title="Ask the collection",
        description=(
            "Answer a question with verbatim quotes, each with its document, page, offsets and "
            "url; or say that the collection does not answer it."
        ),
        input_schema=AskArguments.model_json_schema(),
        output_schema=dialect.ASK_OUTPUT,
        annotations=READ_ONLY,
    )


def _find_tool() -> types.Tool:
    return types.Tool(
        name="find",
        title="Find every mention",
        description=(
            "Find every mention of names or words in all pages, with inflections and other names: "
            "which documents mention each, how often, where, and how much could be searched."
        ),
        input_schema=FindArguments.model_json_schema(),
        output_schema=dialect.FIND_OUTPUT,
        annotations=READ_ONLY,
    )
