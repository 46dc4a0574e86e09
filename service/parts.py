"""An answer in parts: the passages as soon as they are found, then the whole."""

from collections.abc import AsyncIterator

import anyio
import anyio.from_thread

from corpus.errors import CitewellError
from service.answer import Answer, Passage
from service.desk import Desk
from service.engine import Engine
from service.request import Request

Part = tuple[Passage, ...] | Answer | CitewellError


async def parts_of_answer(
    engine: Engine, desk: Desk, question: str, request: Request
) -> AsyncIterator[Part]:
    """Yield the passages when they are found, then the answer; or the error, which is the last."""
    send, receive = anyio.create_memory_object_stream[Part](2)

    def on_passages(passages: tuple[Passage, ...]) -> None:
        anyio.from_thread.run_sync(send.send_nowait, passages)

    async def answer() -> None:
        async with send:
            try:
                await send.send(await desk.run(engine.ask, question, request, on_passages))
            except CitewellError as error:
                await send.send(error)

    async with anyio.create_task_group() as group, receive:
        group.start_soon(answer)
        async for part in receive:
            yield part
