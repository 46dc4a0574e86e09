"""How many tokens a text has for the model that will embed it."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from corpus.errors import SettingsError

_BEGINS = ("\u2581", "\u0120")
_FEWEST_LETTERS = 4


class TokenCounter(Protocol):
    """Texts in, numbers of tokens out: one number a text, special tokens included.

    `words` are the whole words that the model knows, in lower case.
    """

    @property
    def words(self) -> frozenset[str]:
        """The whole words that the model knows."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text."""
        ...


class WordCounter:
    """The offline double: a token a word, and two special tokens a text; it knows `words`."""

    def __init__(self, words: frozenset[str] = frozenset()) -> None:
        self._words = words

    @property
    def words(self) -> frozenset[str]:
        """The words given."""
        return self._words

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

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the vocabulary that are one token, pieces of words left out.

        Word pieces mark what goes on (`##ing`); sentence pieces and byte pairs mark what begins.
        """
        pieces = self._tokenizer.get_vocab(with_added_tokens=False)
        begun = [p[1:] for p in pieces if p[:1] in _BEGINS] or [
            piece for piece in pieces if not piece.startswith("##")
        ]
        return frozenset(
            piece.lower() for piece in begun if piece.isalpha() and len(piece) >= _FEWEST_LETTERS
        )

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens included."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=True)
        return [len(encoding) for encoding in encodings]
