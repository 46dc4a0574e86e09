"""What every form of an answer says alike: why there is none, as of when it is, what differs."""

import calendar
import re
from collections.abc import Mapping, Sequence

from service.answering.conflicts.member_names import names_listed, names_missing
from service.values.answer import Answer, Citation, Conflict, Generation, Statement

ABSTENTIONS: Mapping[str, str] = {
    "no_evidence": "The collection does not answer this: nothing near the question was found.",
    "premise_not_in_collection": "The question assumes something that the collection does not say.",
    "unreadable_pages": "The pages that may answer this question could not be read.",
}
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
FOUNDINGS = {"established": "was established", "launched": "was launched", "began": "began"}
_REFUSALS: Mapping[str, str] = {
    "number": "a number that the quotes do not have so",
    "name": "a name that the quotes do not have so",
    "negation": "a negation that the quotes do not have so",
    "words": "words that the quotes do not have so",
}


def abstention_reason(answer: Answer) -> str:
    """Return why there is no answer, in one sentence or two."""
    if answer.reason == "no_question":
        return answer.answer
    said = ABSTENTIONS.get(answer.reason or "", "The collection does not answer this question.")
    taken = preface(answer)
    return " ".join([*([taken] if taken else []), said, *absent_notes(answer)])


def absent_notes(answer: Answer) -> list[str]:
    """Return the sentence that says which names no passage holds; none where that is not why."""
    if not answer.absent_names:
        return []
    *most, last = (f"“{name}”" for name in answer.absent_names)
    return [
        f"No passage mentions {', '.join(most)} or {last}."
        if most
        else f"No passage mentions {last}."
    ]


def unanswered_note(answer: Answer) -> str | None:
    """Return the sentence that says which parts of the question no quote answers; None for none.

    A part is a question of its own, or words of one.
    """
    if not answer.unanswered_parts:
        return None
    parts = " ".join(f"“{part}”" for part in answer.unanswered_parts)
    return f"No quote clearly answers: {parts}"


def preface(answer: Answer) -> str | None:
    """Return what goes before the quotes; None for nothing.

    How misspelt words were taken, and that the quotes are likely ones, where they are.
    """
    said = [f"“{typed}” is taken as “{taken}”." for typed, taken in _corrections(answer)]
    if answer.status == "unsure":
        sure = "" if answer.confidence is None else f" ({answer.confidence:.0%} likely)"
        said.append(f"Not sure. These quotes may answer{sure}:")
    return " ".join(said) or None


def _corrections(answer: Answer) -> list[tuple[str, str]]:
    return list(answer.understood.corrections.items())


def date_in_words(date: str) -> str:
    """Return a date as it is read; a time, or what is no date, as it is.

    >>> said_date("2025-05-12"), said_date("2025-05"), said_date("2025")
    ('12 May 2025', 'May 2025', '2025')
    """
    found = _DATE.fullmatch(date)
    if found is None:
        return date
    year, month, day = found.groups()
    return " ".join(
        [
            *([str(int(day))] if day else []),
            *([calendar.month_name[int(month)]] if month else []),
            year,
        ]
    )


def as_of_moment(answer: Answer) -> str | None:
    """Return the date or time that the answer is of, as it was asked; None where it is of now."""
    request = answer.receipt.parameters.get("request")
    when = request.get("as_of") if isinstance(request, Mapping) else None
    return when if isinstance(when, str) else None


def as_of_note(answer: Answer) -> str | None:
    """Return the moment that the answer is of, for reading; None where it is of now."""
    when = as_of_moment(answer)
    return date_in_words(when) if when is not None else None


def conflict_note(conflict: Conflict) -> str:
    """Return what it is that differs, without a full stop."""
    if conflict.kind == "date":
        founded = FOUNDINGS.get(conflict.attribute, conflict.attribute)
        return f"{conflict.subject}: the year in which it {founded} differs"
    if conflict.kind == "list":
        names = ", ".join(names_differing(conflict))
        return f"{conflict.subject}: the list of {conflict.attribute} differs ({names})"
    return f"{conflict.subject}: the number of {conflict.attribute} differs"


def names_differing(conflict: Conflict) -> list[str]:
    """Return the names that not every side's list has."""
    return _not_in_all([names_listed(side.value) for side in conflict.sides])


def _not_in_all(lists: Sequence[Sequence[str]]) -> list[str]:
    """Return the names that not every list has, each once."""
    return list(
        dict.fromkeys(
            name for one in lists for other in lists for name in names_missing(one, other)
        )
    )


def conflict_sides(conflict: Conflict) -> str:
    """Return a conflict in one line: what differs, and each value with its date and citation."""
    sides = [
        f"{side.value} ({date_in_words(side.date)}) [{side.citation.number}]"
        if side.date
        else f"{side.value} [{side.citation.number}]"
        for side in conflict.sides
    ]
    return f"{conflict_note(conflict)}: {'; '.join(sides)}"


def other_sides(answer: Answer) -> list[tuple[str, Citation]]:
    """Return the citations of conflicts that are none of the answer's, each with who says it."""
    numbers = {citation.number for citation in answer.citations}
    documents = {citation.doc_id for citation in answer.citations}
    found: dict[int, tuple[str, Citation]] = {}
    for side in (side for conflict in answer.conflicts for side in conflict.sides):
        cited = side.citation
        who = "The same document also says" if cited.doc_id in documents else "Other documents say"
        if cited.number not in numbers:
            found.setdefault(cited.number, (who, cited))
    return list(found.values())


def generation_note(generation: Generation) -> str:
    """Return what became of a generator's draft, as a sentence."""
    if generation.fallback:
        reason = generation.problem or "no sentence of its draft was proved"
        return f"These are quotes; {generation.generator} was not used: {reason}."
    return (
        f"Drafted by {generation.generator}, each sentence in its quote's words: "
        f"{generation.kept} kept, {generation.replaced} replaced by their quotes, "
        f"{generation.dropped} dropped."
    )


def replacement_note(statement: Statement) -> str | None:
    """Return why a quote stands in the place of a drafted sentence; None where it does not."""
    if statement.replaced is None:
        return None
    why = _REFUSALS[statement.replaced]
    return f"The quote stands here: the drafted sentence had {why}."
