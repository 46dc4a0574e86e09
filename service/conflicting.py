"""Where documents answer differently: the same count or founding year of the same body, said twice.

Only forms that leave little doubt are read: "the Forum has 12 members", "49 countries in the
Forum", "the Forum was established in 1993". Values of the same form and the same name are compared.
That two values differ does not say which one is right: documents are of different ages.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.ids import ChunkId
from corpus.store import Store
from service.answer import Answer, Citation, Conflict, ConflictSide
from service.citing import Citer

Kind = Literal["count", "date"]

# Every repetition is bounded: a passage of capitals must not take long.
_WORD = r"[A-Z0-9][\w’'+-]{1,40}"
_NAME = rf"\b{_WORD}(?: (?:(?:of|on|for|and|de|in) (?:the )?)?{_WORD}){{0,7}}"
_UNITS = {
    "members": r"(?:member|participating)\s(?:[Ss]tates|countries|governments)|members",
    "observers": r"observers?\s(?:[Ss]tates|countries|governments)|observers",
    "countries": r"[Ss]tates|countries|governments",
    "organizations": r"(?:member\s)?organi[sz]ations",
}
_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER = (
    rf"(?:\d{{1,4}}|(?:{'|'.join(_TENS)})-(?:{'|'.join(_WORDS[:9])})|{'|'.join(_WORDS[::-1])}|"
    rf"{'|'.join(_TENS)})"
)
_MORE = r"(?:(?P<more>over|more\sthan|at\sleast)\s)?"
_FOUNDED = {
    "established": r"established|founded|created|set\sup",
    "launched": r"launched",
    "began": r"began|started|dates\s(?:from|to|back\sto)",
}
_HAS = r"(?:has|have|had|comprises?|brings?\stogether|consists?\sof|includes?)"


# "The two members" are some that were named before, not all of them.
_PARTS = frozenset("the these those other its their new first original initial further".split())


def _forms() -> Iterator[tuple[Kind, str, re.Pattern[str]]]:
    for unit, form in _UNITS.items():
        counted = rf"{_MORE}(?P<value>{_NUMBER})\s(?:{form})\b(?! of staff)"
        yield "count", unit, re.compile(rf"(?P<name>{_NAME})\s{_HAS}\s{counted}")
        yield (
            "count",
            unit,
            re.compile(rf"\b{counted}\s(?:of|in|take\spart\sin)\s(?:the\s)?(?P<name>{_NAME})"),
        )
    for verb, form in _FOUNDED.items():
        yield (
            "date",
            verb,
            re.compile(
                rf"(?P<name>{_NAME})(?:\s\([^)]*\))?\s(?:was\s|were\s)?(?:{form})"
                rf"(?:\sin)?\s(?:[A-Z][a-z]+\s)?(?P<more>\b)(?P<value>(?:19|20)\d\d)\b"
            ),
        )


_FORMS = tuple(_forms())


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that a sentence gives; `more` if it is only known to be above it."""

    kind: Kind
    about: str
    what: str
    value: int
    more: bool

    def differs(self, other: "Fact") -> bool:
        """Return whether both cannot hold of one thing at one time."""
        if (self.kind, self.about.casefold(), self.what) != (
            other.kind,
            other.about.casefold(),
            other.what,
        ):
            return False
        if self.more and other.more:
            return False
        if self.more or other.more:
            least, exact = (self, other) if self.more else (other, self)
            return exact.value <= least.value
        return self.value != other.value

    @property
    def shown(self) -> str:
        """The value for reading."""
        return f"over {self.value}" if self.more else str(self.value)


def facts_of(sentence: str) -> list[Fact]:
    """Return the counts and founding years that a sentence gives, one a kind and name.

    >>> [fact.shown for fact in facts_of("The Northern Forum has over forty-six member States.")]
    ['over 46']
    """
    line = " ".join(sentence.split())
    found: dict[tuple[Kind, str, str], Fact] = {}
    for kind, what, form in _FORMS:
        for match in form.finditer(line):
            before = line[: match.start("value")].split()[-1:]
            if before and before[0].casefold() in _PARTS:
                continue
            name = re.sub(r"^(?:The|An?|In)\s", "", match["name"])
            first = match.start("name") == 0 and name == match["name"]
            if not any(c.isalpha() for c in name) or (first and name.istitle() and " " not in name):
                continue  # a number, or just the sentence's first word
            more = bool(match["more"]) and kind == "count"
            key = (kind, name.casefold(), what)
            fact = Fact(kind, name, what, _value(match["value"]), more)
            if key in found and found[key] != fact:
                return []  # it compares two values itself
            found[key] = fact
    return list(found.values())


def conflicts_among(stated: Sequence[Citation], others: Iterable[Citation]) -> tuple[Conflict, ...]:
    """Return where citations differ from what is stated, each with all its sides, newest first.

    Sides of one value in one document are one.
    """
    facts = [(fact, citation) for citation in stated for fact in facts_of(citation.quote)]
    further = [(fact, citation) for citation in others for fact in facts_of(citation.quote)]
    found: list[Conflict] = []
    for fact, citation in facts:
        if any((c.kind, c.about, c.what) == (fact.kind, fact.about, fact.what) for c in found):
            continue
        sides = [(fact, citation)]
        for other, place in [*facts, *further]:
            known = any(other.shown == f.shown and place.doc_id == c.doc_id for f, c in sides)
            if not known and any(other.differs(f) for f, _ in sides):
                sides.append((other, place))
        if len(sides) > 1:
            sides.sort(key=lambda side: side[1].metadata.get("date") or "", reverse=True)
            found.append(
                Conflict(
                    fact.kind,
                    fact.about,
                    fact.what,
                    tuple(ConflictSide(f.shown, c.metadata.get("date"), c) for f, c in sides),
                )
            )
    return tuple(found)


def with_conflicts(answer: Answer, store: Store, citer: Citer) -> Answer:
    """Return the answer with the conflicts between its quotes and the passages that were found."""
    wanted = [fact for citation in answer.citations for fact in facts_of(citation.quote)]
    if not wanted:
        return answer
    chunks = store.chunks([ChunkId(passage.passage_id) for passage in answer.passages])
    others: list[Citation] = []
    for passage in answer.passages:
        chunk = chunks.get(ChunkId(passage.passage_id))
        if chunk is None:
            continue
        for start, end in chunk.sentences:
            facts = facts_of(chunk.text[start:end])
            if any(fact.differs(each) for fact in facts for each in wanted):
                document = store.document(chunk.doc_id)
                number = len(answer.citations) + len(others) + 1
                others.append(citer.cite(number, chunk, document, start, end))
    return replace(answer, conflicts=conflicts_among(answer.citations, others))


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("-")
    if text in _WORDS:
        return _WORDS.index(text) + 1
    return (_TENS.index(tens) + 2) * 10 + (_WORDS.index(ones) + 1 if ones else 0)
