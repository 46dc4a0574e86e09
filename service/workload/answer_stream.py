"""An answer in parts: the passages as soon as they are found, then the whole."""

import math
from collections.abc import AsyncIterator

import anyio
import anyio.from_thread

from corpus.errors import CitewellError
from service.engine.engine import Engine
from service.values.answer import Answer, Passage, Statement
from service.values.request import Request
from service.workload.bounded_queue import BoundedQueue

Part = tuple[Passage, ...] | Statement | Answer | CitewellError


async def parts_of_answer(
    engine: Engine, desk: BoundedQueue, question: str, request: Request
) -> AsyncIterator[Part]:
    """Yield the passages when they are found, then the answer; or the error, which is the last.

    Statements come between, where a generator drafts the answer, as each is proved.
    """
    send, receive = anyio.create_memory_object_stream[Part](math.inf)

    def on_part(part: Part) -> None:
        anyio.from_thread.run_sync(send.send_nowait, part)

    async def answer() -> None:
        async with send:
            try:
                await send.send(await desk.run(engine.ask, question, request, on_part, on_part))
            except CitewellError as error:
                await send.send(error)

    async with anyio.create_task_group() as group, receive:
        group.start_soon(answer)
        async for part in receive:
            yield part
