"""Ollama's chat, as far as a test needs it."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from service.dialects.dialect import Dialect
from service.rendering.answer_text import answer_text
from service.routing.dependencies import ChecksFirst, DeskOf, EngineOf, needs
from service.wire.problems import Problem

router = APIRouter(route_class=ChecksFirst, tags=["ollama"], dependencies=[needs("read")])


class Message(BaseModel):
    """One message."""

    role: str
    content: str


class ChatBody(BaseModel):
    """A conversation whose last message is asked."""

    messages: list[Message]


@router.post("/api/chat")
async def chat(body: ChatBody, engine: EngineOf, desk: DeskOf) -> Any:
    """Answer the last message."""
    answer = await desk.run(engine.ask, body.messages[-1].content)
    text = answer_text(answer, engine.settings.base_url).text
    return {"message": {"role": "assistant", "content": text}, "done": True}


def error(problem: Problem) -> dict[str, object]:
    """Return an error as Ollama writes it."""
    return {"error": problem.detail}


OLLAMA = Dialect("ollama", "The same for Ollama's clients.", router, error)
