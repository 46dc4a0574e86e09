"""Tokens of OpenAI's cl100k_base vocabulary, in which published chunk sizes are counted."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import Protocol, cast

from corpus.errors import ModelError

VOCABULARY = "cl100k_base"
_PACKAGE = "bpe-openai"


class _Encoding(Protocol):
    def encode_ordinary(self, text: str) -> list[int]: ...

    def decode_tokens_bytes(self, tokens: list[int]) -> list[bytes]: ...


class Cl100k:
    """Counts and places tokens. The vocabulary comes with the package, nothing is downloaded.

    Raises: ModelError at first use where the package is not installed.
    """

    def count(self, text: str) -> int:
        """Return the number of tokens of a text."""
        return len(self._encoding.encode_ordinary(text))

    def ends(self, text: str) -> list[int]:
        """Return where each token ends, in code points of the text.

        A token that ends inside a character ends before it.
        """
        tokens = self._encoding.encode_ordinary(text)
        lengths = map(len, self._encoding.decode_tokens_bytes(tokens))
        places = _characters_by_byte(text)
        return [places[end] for end in accumulate(lengths)]

    @cached_property
    def _encoding(self) -> _Encoding:
        try:
            from bpe_openai import get_encoding
        except ImportError as error:
            raise ModelError(
                f"Chunk sizes in {VOCABULARY} tokens need the package {_PACKAGE}, which is not "
                "installed. Install it with: pip install 'citewell[chunking]'"
            ) from error
        return cast(_Encoding, get_encoding(VOCABULARY))


def _characters_by_byte(text: str) -> list[int]:
    """Return, for each byte of the UTF-8 form and its end, how many characters end before it."""
    places: list[int] = []
    for number, character in enumerate(text):
        places += [number] * len(character.encode("utf-8", "surrogatepass"))
    return [*places, len(text)]
