"""A conversation as the dialects send it: messages of texts, whose last question is asked."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from corpus.errors import InputError
from service.answering.conversation import Turn
from service.wire.wire import Text


class ContentPart(BaseModel):
    """A part of a message; only texts are read."""

    model_config = ConfigDict(extra="allow")
    type: str
    text: Text | None = None


Content = Text | list[ContentPart] | None


class ChatMessage(BaseModel):
    """One message of a conversation. What neither user nor assistant says is not a question."""

    model_config = ConfigDict(extra="allow")
    role: Any
    content: Content = None

    @property
    def text(self) -> str:
        """The texts of the message, joined."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


def turns_of(messages: Sequence[ChatMessage]) -> list[Turn]:
    """Return what user and assistant said, up to the user's last question.

    Raises: InputError if the user said nothing.
    """
    turns = [
        Turn("user" if message.role == "user" else "assistant", message.text)
        for message in messages
        if message.role in ("user", "assistant") and message.text.strip()
    ]
    while turns and turns[-1].role != "user":
        turns.pop()
    if not turns:
        raise InputError("messages: found no text of the role user; expected a question.")
    return turns
