"""The words of a document, which decide how its search text is written."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from ingest.text.lost_letters import lost_letters
from ingest.text.normalizing import counted_words, joined_words, search_text_of


@dataclass(frozen=True, slots=True)
class Words:
    """`vocabulary` decides on hyphens at line ends, `repairs` brings back lost letters."""

    vocabulary: AbstractSet[str]
    repairs: Mapping[str, str]

    @classmethod
    def of(cls, texts: Sequence[str], known: frozenset[str]) -> Self:
        """Return those of a document's texts; `known` are words of its language."""
        counted = counted_words(texts)
        joined = {word for text in texts for word in joined_words(text)}
        return cls(counted.keys() | (known & joined), lost_letters(counted, known))

    def search_text(self, text: str) -> str:
        """Return a text as it is searched."""
        return search_text_of(text, vocabulary=self.vocabulary, repairs=self.repairs)
