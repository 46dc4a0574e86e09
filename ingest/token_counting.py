"""How many tokens a text has for the model that will embed it."""

import json
from collections.abc import Sequence
from typing import Protocol

from corpus.errors import SettingsError


class TokenCounter(Protocol):
    """Texts in, numbers of tokens out: one number a text, special tokens included."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text."""
        ...


class WordCounter:
    """The offline double: a token a word, and two special tokens a text."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text, plus 2."""
        return [len(text.split()) + 2 for text in texts]


class TokenizerCounter:
    """Counts with the model's own tokenizer, nothing cut off and nothing padded.

    `tokenizer_json` is the content of a `tokenizer.json`.

    Raises: SettingsError if it is not such a content.
    """

    def __init__(self, tokenizer_json: str) -> None:
        from tokenizers import Tokenizer

        try:
            json.loads(tokenizer_json)
            self._tokenizer = Tokenizer.from_str(tokenizer_json)
        except Exception as error:  # tokenizers raises nothing narrower
            raise SettingsError(
                f"The embedder's tokenizer cannot be read ({error}). "
                "Expected the content of a tokenizer.json; install the model again."
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens included."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=True)
        return [len(encoding) for encoding in encodings]
