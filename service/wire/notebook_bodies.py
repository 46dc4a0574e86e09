"""What is sent to the notebook."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.values.kept import MOST_CHARACTERS
from service.wire.wire import Text


class KeepBody(BaseModel):
    """An answer to keep, or one citation of it."""

    model_config = ConfigDict(extra="forbid")

    answer: Annotated[dict[str, object], Field(description="An Answer of this server.")]
    number: Annotated[
        int | None, Field(ge=1, description="The number of a citation; null for the whole answer.")
    ] = None
    note: Annotated[
        Text, Field(max_length=MOST_CHARACTERS, description="What is written beside it.")
    ] = ""


class NoteBody(BaseModel):
    """What is written in a note."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[Text, Field(max_length=MOST_CHARACTERS, description="The whole text.")]
