"""What MCP's tools take: each schema is made of a model, which also checks what is given.

`search` and `fetch` take exactly what ChatGPT's connectors send. Docstrings go into the schemas.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import InputError
from service.dialects.chat.options import AskOptions
from service.finding.finding import MOST_TERMS
from service.wire.problems import field_errors, fields_said
from service.wire.wire import Text


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SearchArguments(_Arguments):
    """Words to search for."""

    query: Annotated[Text, Field(description="Words or a question.")]


class FetchArguments(_Arguments):
    """What to read."""

    id: Annotated[Text, Field(description="An id that `search` gave, or a doc_id.")]


class AskArguments(_Arguments, AskOptions):
    """A question, as of when to answer it, and how sure to be."""

    question: Annotated[Text, Field(description="A question in plain words.")]


class FindArguments(_Arguments):
    """Names to find."""

    terms: Annotated[
        list[Text], Field(min_length=1, max_length=MOST_TERMS, description="Names or words.")
    ]


Arguments = TypeVar("Arguments", bound=BaseModel)


def arguments_of(kind: type[Arguments], given: Mapping[str, object]) -> Arguments:
    """Return the arguments of a tool. Raises: InputError, in the words of our own routes."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise InputError(fields_said(field_errors(error))) from error
