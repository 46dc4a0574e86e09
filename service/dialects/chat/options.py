"""What every dialect takes beside what is said: a model, and options of `/v1/ask`."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from service.dialects.chat.models import collections_of
from service.values.request import Request
from service.wire.wire import OptionsBody, Text, with_options


@with_options("as_of", "max_wrong")
class AskOptions(OptionsBody):
    """The options of `/v1/ask` that are no matter of a dialect: as of when, and how sure."""


class ModelOptions(AskOptions):
    """The options, where what is asked is a model."""

    model: Annotated[
        Text,
        Field(
            examples=["citewell"],
            description="`citewell`, or one collection: `citewell/COLLECTION`.",
        ),
    ]

    def request(self) -> Request:
        """Return the options, for the model's collection. Raises: NotFoundError for no model."""
        return replace(super().request(), collections=collections_of(self.model))
