"""Asking as HTML: the form, the thread, and the answer with each quote once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse

from service.citations.quote_text import as_one_line
from service.confidence.basis import ConfidenceBasis
from service.http.web.narrowing import Narrowing, address
from service.http.web.rendering import filters, fragment, html
from service.values.answer import Answer, Citation, RepeatedPassage, Span, Statement
from service.values.request import Request
from service.wire.problems import Problem

MOST_EARLIER = 20  # questions of a thread that the address keeps


@dataclass(frozen=True, slots=True)
class AskForm:
    """What the form for questions holds.

    `earlier` are the questions of the thread before this one, as they were understood; `said` is
    how a follow-up was typed. `options` are values to choose from by facet, `titles` those of
    documents by id, `examples` are titles that a first question can be about.
    """

    question: str = ""
    narrowing: Narrowing = field(default_factory=Narrowing)
    as_of: str = ""
    earlier: Sequence[str] = ()
    said: str = ""
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    examples: Sequence[str] = ()
    collections: Sequence[str] = ()
    is_empty: bool = False
    basis: ConfidenceBasis | None = None

    @property
    def request(self) -> Request:
        """What is asked beside the question."""
        return Request(filters=self.narrowing.filters(), as_of=self.as_of or None)

    def narrowed(self) -> list[tuple[str, str]]:
        """Return what narrows the question, as it stands in an address."""
        return [*self.narrowing.pairs(), ("as_of", self.as_of)]

    def address_of(self, question: str, earlier: Sequence[str] = (), said: str = "") -> str:
        """Return the address of a question, narrowed as this one is."""
        thread = [("after", each) for each in earlier[-MOST_EARLIER:]]
        return address("/", [("q", question)], self.narrowed(), thread, [("said", said)])

    def why(self, passage_id: str) -> str:
        """Return the address that says why a passage is shown for the question."""
        return address(
            "/explain", [("q", self.question)], [("passage", passage_id)], self.narrowed()
        )

    def thread(self) -> list[tuple[str, str]]:
        """Return the earlier questions with their addresses."""
        return [
            (each, self.address_of(each, self.earlier[:number]))
            for number, each in enumerate(self.earlier)
        ]


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement and the citations that are shown with it, each citation with one statement.

    `is_quote`: the statement is the quote of its one citation, so it is shown as that alone.
    """

    statement: Statement
    citations: tuple[Citation, ...]
    is_quote: bool


@dataclass(frozen=True, slots=True)
class Column:
    """What an answer says of one side of a comparison."""

    name: str
    statements: tuple[ShownStatement, ...]


def ask_page(
    form: AskForm, *, answer: Answer | None = None, problem: Problem | None = None
) -> HTMLResponse:
    """Return the form, and below it the answer or what went wrong."""
    status = problem.status if problem else 200
    return html("ask.html", status=status, **_values(form, answer, problem))


def ask_result(
    form: AskForm, *, answer: Answer | None = None, problem: Problem | None = None
) -> str:
    """Return what `ask_page` shows below the form, alone."""
    return fragment("ask-result.html", **_values(form, answer, problem))


def _values(form: AskForm, answer: Answer | None, problem: Problem | None) -> dict[str, object]:
    shown = shown_statements(answer) if answer else ()
    return {
        "form": form,
        "answer": answer,
        "problem": problem,
        "shown": shown,
        "columns": columns_of(answer, shown) if answer else (),
    }


def shown_statements(answer: Answer) -> tuple[ShownStatement, ...]:
    """Return the statements, each citation with the first one that names it."""
    by_number = {citation.number: citation for citation in answer.citations}
    seen: set[int] = set()
    found: list[ShownStatement] = []
    for statement in answer.statements:
        new = [n for n in statement.citations if n in by_number and n not in seen]
        seen.update(new)
        citations = tuple(by_number[number] for number in new)
        is_quote = len(citations) == len(statement.citations) == 1 and as_one_line(
            citations[0].quote
        ) == as_one_line(statement.text)
        found.append(ShownStatement(statement, citations, is_quote))
    return tuple(found)


def columns_of(answer: Answer, shown: Sequence[ShownStatement]) -> tuple[Column, ...]:
    """Return the sides of a comparison, if the answer is one; none where a side has no quote.

    A side is named by the words of its part of the question that no other part has. A statement
    goes to the first side whose words its documents' titles hold, else its quotes.
    """
    names = _own_words(answer.understood.parts)
    if len(names) != 2 or not all(names):
        return ()
    sides: list[list[ShownStatement]] = [[] for _ in names]
    for each in shown:
        titles = " ".join(citation.title for citation in each.citations)
        quotes = " ".join(citation.quote for citation in each.citations)
        for text in (titles, quotes):
            of = [number for number, name in enumerate(names) if _holds(text, name)]
            if len(of) == 1:
                sides[of[0]].append(each)
                break
        else:
            return ()
    if not all(sides):
        return ()
    return tuple(Column(name, tuple(side)) for name, side in zip(names, sides, strict=True))


def _own_words(parts: Sequence[str]) -> list[str]:
    """Return of each part the words that no other part has.

    >>> _own_words(["What does Utah spend?", "What does New Mexico spend?"])
    ['Utah', 'New Mexico']
    """
    words = [re.findall(r"[\w’'–-]+", part) for part in parts]
    known = [{word.casefold() for word in each} for each in words]
    return [
        " ".join(
            word
            for word in each
            if not any(word.casefold() in other for n, other in enumerate(known) if n != number)
        )
        for number, each in enumerate(words)
    ]


def _holds(text: str, name: str) -> bool:
    found = set(re.findall(r"[\w’'–-]+", text.casefold()))
    return all(word in found for word in name.casefold().split())


def marks(cited: Citation | RepeatedPassage) -> str:
    """Return where a quote stands, for the reader beside the answer: `6:10-200 7:0-50`."""
    return " ".join(_mark(span) for span in cited.spans)


def _mark(span: Span) -> str:
    return f"{span.page}:{span.start}-{span.end}"


filters(marks=marks)
