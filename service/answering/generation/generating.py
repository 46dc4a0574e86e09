"""From a generator's draft to an answer that is proved: each sentence in its quote's words.

The draft is read sentence by sentence while it comes. A sentence that one of its quotes proves
(`service.answering.generation.proving`) is kept, as the quote has it; one that none does is
replaced by the quote that it cites, or dropped where it cites none. Nothing else of the draft
reaches the caller. A quote that does not name its subject stands after the one that it follows
among the quotes, or not at all. Citations that do not exist are removed. With no sentence kept,
or a generator that fails, the answer is the quotes, and says so.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Literal

from corpus.errors import ModelError
from ingest.text.sentences import sentence_spans
from service.answering.generation.generator import Generator, Quote
from service.answering.generation.proving import proved, refusal
from service.answering.generation.referring import names_in, names_its_subject
from service.citations.quote_text import as_one_line
from service.values.answer import Answer, Citation, Generation, Refusal, Statement

logger = logging.getLogger(__name__)

PROBLEM = "the generator failed; the log says how"
MOST_CHARACTERS = 20_000
MOST_SENTENCES = 60
OnStatement = Callable[[Statement], None]

_MARKER = re.compile(r"\[\s*(\d{1,6}(?:\s*[,;–-]\s*\d{1,6})*)\s*\]")
_MARKERS_AFTER = re.compile(r"([.!?…]+[\"'”’)]*)\s*((?:\[[\d\s,;–-]+\]\s*)+)")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+", re.MULTILINE)
_ENOUGH = 40  # characters after a sentence before it is taken to be whole


def generated(
    answer: Answer, generator: Generator, on_statement: OnStatement | None = None
) -> Answer:
    """Return the answer in the order and shortness of the generator's draft.

    An abstention is returned as it is: a generator is not asked what the collection does not say.
    `on_statement` is told each statement as soon as it is proved.
    """
    if answer.status == "abstained" or not answer.citations:
        return answer
    began = perf_counter()
    draft = _Draft(answer.citations, on_statement)
    problem = None
    try:
        draft.read(generator.write(answer.question, [_quote(c) for c in answer.citations]))
    except ModelError as error:
        # What it said is for the log: a caller is shown nothing that a generator wrote.
        logger.warning("answered with quotes: %s", error)
        problem = PROBLEM
    timings = dict(answer.timings_ms) | {"generate": (perf_counter() - began) * 1000}
    account = draft.account(generator.name, problem)
    if account.fallback:
        return replace(answer, generation=account, timings_ms=timings)
    return replace(
        answer,
        answer=" ".join(f"{s.text} {_markers(s.citations)}" for s in draft.statements),
        statements=tuple(draft.statements),
        receipt=replace(answer.receipt, generator=generator.name),
        generation=account,
        timings_ms=timings,
    )


def still_proved(text: str, quotes: Sequence[str]) -> bool:
    """Return whether one of its quotes proves a generated statement, word for word."""
    return any(proved(text, as_one_line(quote)) == text for quote in quotes)


def sentences_of(draft: str) -> list[str]:
    """Return a draft's sentences, each with its markers; list marks are left out.

    >>> sentences_of("- It meets in Geneva. [1]\\n- It has members [2].")
    ['It meets in Geneva [1].', 'It has members [2].']
    """
    text = _MARKERS_AFTER.sub(
        lambda match: f" {match[2].strip()}{match[1]} ", _BULLET.sub("", draft)
    )
    return [
        " ".join(text_of_line.split())
        for line in text.splitlines()
        for start, end in sentence_spans(line)
        if (text_of_line := line[start:end].strip())
    ]


@dataclass(slots=True)
class _Draft:
    """Reads a draft, and keeps what is proved of it."""

    citations: Sequence[Citation]
    tell: OnStatement | None
    statements: list[Statement] = field(default_factory=list)
    refusals: Counter[Refusal | Literal["order"]] = field(default_factory=Counter)
    kept: int = 0
    replaced: int = 0
    dropped: int = 0
    citations_removed: int = 0
    _quotes: dict[int, str] = field(default_factory=dict)
    _names: frozenset[str] = frozenset()
    _taken: list[Statement] = field(default_factory=list)
    _waiting: list[Statement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._quotes = {c.number: " ".join(as_one_line(c.quote).split()) for c in self.citations}
        self._names = names_in(self._quotes.values())

    def read(self, pieces: Iterable[str]) -> None:
        """Take in the draft, piece by piece, up to a length that no honest one has."""
        for sentence in _as_they_end(pieces):
            self._take(sentence)
            if self.kept + self.replaced + self.dropped >= MOST_SENTENCES:
                return

    def account(self, name: str, problem: str | None) -> Generation:
        """Return what became of the draft."""
        self._drop_waiting()
        return Generation(
            generator=name,
            kept=self.kept,
            replaced=self.replaced,
            dropped=self.dropped,
            citations_removed=self.citations_removed,
            refusals={str(reason): count for reason, count in sorted(self.refusals.items())},
            fallback=self.kept == 0,
            problem=problem,
        )

    def _take(self, sentence: str) -> None:
        numbers = [number for match in _MARKER.findall(sentence) for number in _numbers(match)]
        text = _MARKER.sub(" ", sentence)
        cited = [number for number in dict.fromkeys(numbers) if number in self._quotes]
        proofs = {n: p for n in cited if (p := proved(text, self._quotes[n]))}
        if not proofs:  # small models cite the wrong one, or none
            found = next(((n, p) for n, q in self._quotes.items() if (p := proved(text, q))), None)
            proofs = dict([found]) if found else {}
        self.citations_removed += len({*numbers} - proofs.keys())
        if proofs:
            first = next(iter(proofs.values()))
            same = tuple(number for number, proof in proofs.items() if proof == first)
            self._keep(Statement(first, same, generated=True))
            return
        if not any(character.isalnum() for character in text):
            return
        quotes = [self._quotes[number] for number in cited] or list(self._quotes.values())
        reason = refusal(text, " ".join(quotes))
        self.refusals[reason] += 1
        if cited:
            self._replace(cited[0], reason)
        else:
            self.dropped += 1

    def _keep(self, statement: Statement) -> None:
        if self._place(statement):
            self.kept += 1

    def _replace(self, number: int, reason: Refusal) -> None:
        statement = Statement(self._quotes[number], (number,), replaced=reason)
        if self._place(statement):
            self.replaced += 1

    def _place(self, statement: Statement) -> bool:
        """Say a statement, or keep it for its place; return whether it will be said if that comes.

        One that could be taken for another's here waits for the quote that it follows.
        """
        if any(_covers(said.text, statement.text) for said in self._taken):
            self.dropped += 1
            return False
        self._taken.append(statement)
        self._waiting.append(statement)
        while ready := next((each for each in self._waiting if self._may_stand(each)), None):
            self._waiting.remove(ready)
            self._say(ready)
        return True

    def _drop_waiting(self) -> None:
        """Leave out what waits for a quote that did not come."""
        for statement in self._waiting:
            self.kept -= statement.generated
            self.replaced -= not statement.generated
            self.dropped += 1
            self.refusals["order"] += 1
        self._waiting.clear()

    def _may_stand(self, statement: Statement) -> bool:
        first = statement.text[slice(*sentence_spans(statement.text)[0])]
        return names_its_subject(first, self._names) or self._in_order(statement)

    def _in_order(self, statement: Statement) -> bool:
        """Return whether a statement follows what it follows among the quotes."""
        before = [each for each in self._quotes if each < statement.citations[0]]
        if not before or not self.statements:
            return not before and not self.statements
        return self.statements[-1].text == self._quotes[max(before)]

    def _say(self, statement: Statement) -> None:
        self.statements.append(statement)
        if self.tell is not None:
            self.tell(statement)


def _as_they_end(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a draft as soon as each is whole, with the markers behind it."""
    text, length = "", 0
    for piece in pieces:
        text, length = text + piece, length + len(piece)
        found = sentences_of(text)
        if len(found) > 1 and len(found[-1]) >= _ENOUGH:
            yield from found[:-1]
            text = found[-1]
        if length > MOST_CHARACTERS:
            break
    yield from sentences_of(text)


def _quote(citation: Citation) -> Quote:
    flagged = "instruction_like" in citation.flags
    return Quote(citation.number, as_one_line(citation.quote), citation.title, flagged)


def _numbers(marker: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", marker)]


def _markers(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _covers(said: str, text: str) -> bool:
    return text.casefold().rstrip(".") in said.casefold()
