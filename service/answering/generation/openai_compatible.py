"""A generator behind any server that speaks OpenAI's chat completions, streamed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx2

from corpus.errors import ModelError
from service.answering.generation.generator import Quote
from service.answering.generation.prompt import VERSION, messages

MOST_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class OpenAICompatible:
    """Posts to `<url>/chat/completions`; `timeout_s` is for the whole draft."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0

    @property
    def name(self) -> str:
        """The model, and the version of what it is told."""
        return f"openai-compatible/{VERSION}:{self.model}"

    def write(self, question: str, quotes: Sequence[Quote]) -> Iterator[str]:
        """Yield the draft as it comes. Raises: ModelError naming the address and what it said."""
        address = f"{self.url.rstrip('/')}/chat/completions"
        body = {
            "model": self.model,
            "messages": messages(question, quotes),
            "temperature": 0,
            "seed": 0,
            "max_tokens": MOST_TOKENS,
            "stream": True,
        }
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        until = monotonic() + self.timeout_s
        try:
            with (
                httpx2.Client(timeout=self.timeout_s, headers=headers) as client,
                client.stream("POST", address, json=body) as response,
            ):
                if not response.is_success:
                    response.read()
                    raise ModelError(
                        f"the generator at {address} said {response.status_code}: "
                        f"{response.text[:200]}"
                    )
                for piece in _pieces(response):
                    if monotonic() > until:
                        raise ModelError(
                            f"the generator at {address} wrote for more than {self.timeout_s:g} s"
                        )
                    yield piece
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ModelError(f"the generator at {address} cannot be used: {error!r}") from error
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise ModelError(
                f"the generator at {address} did not answer as a chat completion: {error!r}"
            ) from error


def _pieces(response: httpx2.Response) -> Iterator[str]:
    """Yield the text of each event; of a server that does not stream, the whole."""
    if "json" in response.headers.get("content-type", ""):
        response.read()
        yield _text(response.json()["choices"][0]["message"].get("content"))
        return
    for line in response.iter_lines():
        if not line.startswith("data:"):
            continue
        data = line[5:].strip()
        if data == "[DONE]":
            return
        event: dict[str, Any] = json.loads(data)
        if "error" in event:
            raise ModelError(f"the generator said: {str(event['error'])[:200]}")
        for choice in event.get("choices", [])[:1]:
            yield _text(choice.get("delta", {}).get("content"))


def _text(content: object) -> str:
    if content is None:
        return ""
    if not isinstance(content, str):
        raise ModelError(f"the generator's content is a {type(content).__name__}; expected a text")
    return content
