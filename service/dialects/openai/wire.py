"""What OpenAI's clients send: bodies of chat completions, responses, embeddings and searches.

A field that is OpenAI's and has no meaning here (temperature, say) is ignored; one that neither
OpenAI nor `Asked` knows is refused, as there.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from corpus.errors import InputError
from service.dialects.chat.options import ModelOptions
from service.dialects.chat.turns import ChatMessage, Content
from service.wire.wire import Text

_IGNORED_IN_CHAT = frozenset(
    "audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens "
    "max_tokens metadata modalities moderation parallel_tool_calls prediction presence_penalty "
    "prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort "
    "safety_identifier seed service_tier stop store temperature tool_choice tools top_logprobs "
    "top_p user verbosity web_search_options".split()
)
_IGNORED_IN_RESPONSES = frozenset(
    "background context_management conversation instructions max_output_tokens max_tool_calls "
    "metadata moderation parallel_tool_calls prompt prompt_cache_key prompt_cache_options "
    "prompt_cache_retention reasoning safety_identifier service_tier store stream_options "
    "temperature tool_choice tools top_logprobs top_p truncation user".split()
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _without(value: Any, ignored: frozenset[str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if name not in ignored}


class Message(ChatMessage):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]


class StreamOptions(BaseModel):
    """Whether the last piece of a stream tells the usage."""

    model_config = ConfigDict(extra="allow")
    include_usage: bool | None = None


class TextFormat(BaseModel):
    """The form of an answer: text. Another is refused, since a client would parse it."""

    model_config = ConfigDict(extra="allow")
    type: str = "text"

    @field_validator("type")
    @classmethod
    def _is_text(cls, value: str) -> str:
        if value != "text":
            raise ValueError(
                f"found {value!r}; answers are text with citations. Leave it out, or send 'text'; "
                "the whole Answer is in the field `citewell` of the response"
            )
        return value


class TextOptions(BaseModel):
    """How the text of a response is formed."""

    model_config = ConfigDict(extra="allow")
    format: TextFormat | None = None


class ChatBody(_Body, ModelOptions):
    """A conversation whose last question is asked."""

    messages: Annotated[list[Message], Field(min_length=1, max_length=1000)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[int | None, Field(ge=1, le=1)] = None
    response_format: TextFormat | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_what_has_no_meaning_here(cls, value: Any) -> Any:
        return _without(value, _IGNORED_IN_CHAT)


class InputItem(BaseModel):
    """One item of the input of a response; only messages are read."""

    model_config = ConfigDict(extra="allow")
    type: str | None = None
    role: Text | None = None
    content: Content = None


class ResponsesBody(_Body, ModelOptions):
    """A question, or a conversation whose last question is asked."""

    input: Text | list[InputItem]
    include: list[str] | None = None
    stream: bool | None = None
    previous_response_id: str | None = None
    text: TextOptions | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_what_has_no_meaning_here(cls, value: Any) -> Any:
        return _without(value, _IGNORED_IN_RESPONSES)

    def messages(self) -> list[Message]:
        """Return the input as messages. Raises: InputError for one that is not said by a role."""
        if self.previous_response_id is not None:
            raise InputError("previous_response_id: responses are not kept; send the whole input.")
        if isinstance(self.input, str):
            return [Message(role="user", content=self.input)]
        spoken = [item for item in self.input if item.type in (None, "message")]
        return [
            Message.model_validate({"role": item.role or "user", "content": item.content})
            for item in spoken
            if item.role in (None, "user", "assistant", "system", "developer")
        ]


class EmbeddingsBody(_Body):
    """Texts to embed."""

    model: Text
    input: Text | Annotated[list[Text], Field(min_length=1, max_length=2048)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None
    user: str | None = None

    @property
    def texts(self) -> list[str]:
        """The texts, one or more."""
        return [self.input] if isinstance(self.input, str) else self.input


class Comparison(_Body):
    """One condition on an attribute."""

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: Text
    value: Text | float | bool | list[Text | float]


class CompoundFilter(_Body):
    """Conditions of which all (`and`) or one (`or`) hold."""

    type: Literal["and", "or"]
    filters: Annotated[list["Comparison | CompoundFilter"], Field(max_length=50)]


class RankingOptions(_Body):
    """How passages are ranked: `none` leaves the reranker out."""

    ranker: Text | None = None
    score_threshold: Annotated[float | None, Field(ge=0, le=1)] = None


class VectorSearchBody(_Body):
    """A search in one collection."""

    query: Text | Annotated[list[Text], Field(min_length=1, max_length=10)]
    filters: Comparison | CompoundFilter | None = None
    max_num_results: Annotated[int, Field(ge=1, le=50)] = 10
    ranking_options: RankingOptions | None = None
    rewrite_query: bool | None = None

    @property
    def text(self) -> str:
        """The query in one line."""
        return self.query if isinstance(self.query, str) else " ".join(self.query)
