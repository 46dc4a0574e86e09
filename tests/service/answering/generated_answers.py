"""Answers of quotes for the tests of generators, and what must hold of a generated one."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from corpus.ids import sha256_of
from service.values.answer import Answer, Citation, QueryInterpretation, Receipt, Span, Statement

QUOTES = (
    "However, the Forum (founded in Rome), which has a secretariat, plans to cooperate with the "
    "Panel and the Board; it is hosted by Italy.",
    "In 2019, forty-six States, 12 of them in Asia, did not sign the declaration.",
    "According to the Panel, no member may leave unless 30 per cent of the others agree.",
    "The Board reported that the Forum invited the Panel, including its chair, to Geneva.",
)


def answer_of(quotes: Sequence[str] = QUOTES) -> Answer:
    """Return the extractive answer that these quotes make."""
    citations = tuple(
        Citation(
            number=number,
            passage_id=f"c{number}",
            doc_id=f"d{number}",
            title=f"Report {number}",
            source=f"{number}.pdf",
            collection="default",
            metadata={},
            section=(),
            spans=(Span(1, "1", 0, len(quote)),),
            quote=quote,
            quote_sha256=sha256_of(quote),
            document_sha256=sha256_of(str(number)),
            url=f"http://x/documents/d{number}/pages/1",
        )
        for number, quote in enumerate(quotes, start=1)
    )
    statements = tuple(Statement(c.quote, (c.number,)) for c in citations)
    question = "What does the Forum plan?"
    return Answer(
        question=question,
        understood=QueryInterpretation((), question),
        status="answered",
        reason=None,
        confidence=None,
        answer=" ".join(f"{s.text} [{s.citations[0]}]" for s in statements),
        statements=statements,
        citations=citations,
        passages=(),
        receipt=Receipt("a1", "s1", "e", None, "extractive/1", {}, "now"),
    )


def faults_of(answer: Answer, before: Answer) -> list[str]:
    """Return what is wrong with a generated answer; judged without the code that proved it.

    A statement must be its quote, whole; and nothing else may have changed.
    """
    faults = []
    quotes = {c.number: " ".join(c.quote.split()) for c in before.citations}
    for statement in answer.statements:
        if not statement.citations or not set(statement.citations) <= quotes.keys():
            faults.append(f"invented citation: {statement}")
            continue
        for number in statement.citations:
            fault = _fault_of(statement.text, quotes[number])
            if fault:
                faults.append(f"{fault}: {statement.text!r} of {quotes[number]!r}")
    said = " ".join(
        s.text + " " + "".join(f"[{n}]" for n in s.citations) for s in answer.statements
    )
    if answer.answer != said:
        faults.append("the answer is not its statements")
    if not answer.statements:
        faults.append("no statement")
    changed = ("answer", "statements", "generation", "timings_ms", "receipt")
    kept = {k: v for k, v in asdict(answer).items() if k not in changed}
    if kept != {k: v for k, v in asdict(before).items() if k not in changed}:
        faults.append("something else changed")
    return faults


def _fault_of(text: str, quote: str) -> str | None:
    return None if text == quote else "not the whole quote"


def json_text(answer: Answer) -> str:
    """Return all that a caller can see."""
    return json.dumps(asdict(answer), ensure_ascii=False)
