"""Texts that ask nothing of the documents: greetings, thanks, and questions about citewell."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from corpus.document import Document

_WORDS = Path(__file__).with_name("small_talk.txt")
_WORD = re.compile(r"[^\W\d_]+")
_STOP_WORDS = frozenset(
    "a an the i you me my your it this that these what whats who how can could do does did is are "
    "am was be in on of to for with and or about there im youre whos".split()
)
_LONGEST = 12  # words
_TITLES = 5


def is_small_talk(text: str) -> bool:
    """Return whether a text asks nothing of the documents.

    >>> is_small_talk("Thanks, that's all!"), is_small_talk("What do you have on Peru?")
    (True, False)
    """
    words = _WORD.findall(text.replace("’", "").replace("'", "").casefold())
    if not 0 < len(words) <= _LONGEST or any(character.isdigit() for character in text):
        return False
    return _STOP_WORDS.issuperset(set(words) - _courtesies())


def said_of(documents: Sequence[Document]) -> str:
    """Return what the collection holds, in two sentences: how much, and the first titles."""
    if not documents:
        return "The collection is empty: ingest documents, then ask a question about them."
    titles = sorted(document.title for document in documents)
    named = "; ".join(f"“{title}”" for title in titles[:_TITLES])
    more = f", and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
    count = "1 document" if len(titles) == 1 else f"{len(titles)} documents"
    return (
        f"Ask a question, and quotes from the documents answer it. The collection holds {count}: "
        f"{named}{more}."
    )


@cache
def _courtesies() -> frozenset[str]:
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
