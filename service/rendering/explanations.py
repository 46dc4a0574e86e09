"""What every form of an answer says alike: why there is none, as of when it is, what differs.

Each sentence is a message of `service.messages`, in English where no other language is asked for.
"""

from collections.abc import Mapping, Sequence

from service.answering.conflicts.member_names import names_listed, names_missing
from service.messages.catalogue import DEFAULT, messages_of
from service.rendering.dates import date_in_words
from service.values.answer import Answer, Citation, Conflict, Generation, Statement

ABSTENTIONS = ("no_evidence", "premise_not_in_collection", "unreadable_pages")
_FOUNDINGS = ("established", "launched", "began")


def abstention_reason(answer: Answer) -> str:
    """Return how misspelt words were taken, and why there is no answer."""
    taken = [] if answer.reason == "no_question" else taken_notes(answer)
    return " ".join([*taken, abstention_note(answer)])


def abstention_note(answer: Answer, language: str = DEFAULT) -> str:
    """Return why there is no answer, in one sentence or two."""
    if answer.reason == "no_question":
        return answer.answer
    name = answer.reason if answer.reason in ABSTENTIONS else "no_answer"
    said = messages_of(language).say(f"answer.{name}")
    return " ".join([said, *absent_notes(answer, language)])


def absent_notes(answer: Answer, language: str = DEFAULT) -> list[str]:
    """Return the sentence that says which names no passage holds; none where that is not why."""
    if not answer.absent_names:
        return []
    messages = messages_of(language)
    *most, last = (f"“{name}”" for name in answer.absent_names)
    names = messages.say("answer.or", most=", ".join(most), last=last) if most else last
    return [messages.say("answer.absent", names=names)]


def unanswered_note(answer: Answer, language: str = DEFAULT) -> str | None:
    """Return the sentence that says which parts of the question no quote answers; None for none.

    A part is a question of its own, or words of one.
    """
    if not answer.unanswered_parts:
        return None
    parts = " ".join(f"“{part}”" for part in answer.unanswered_parts)
    return messages_of(language).say("answer.unanswered", parts=parts)


def preface(answer: Answer) -> str | None:
    """Return what goes before the quotes; None for nothing.

    How misspelt words were taken, and that the quotes are likely ones, where they are.
    """
    said = taken_notes(answer)
    if answer.status == "unsure":
        said.append(f"{messages_of(DEFAULT).say('answer.unsure')}. {unsure_note(answer)}:")
    return " ".join(said) or None


def taken_notes(answer: Answer, language: str = DEFAULT) -> list[str]:
    """Return how each misspelt word was taken, a sentence each."""
    messages = messages_of(language)
    return [
        messages.say("answer.taken", typed=typed, taken=taken)
        for typed, taken in answer.understood.corrections.items()
    ]


def unsure_note(answer: Answer, language: str = DEFAULT) -> str:
    """Return that the quotes are likely ones, without a full stop."""
    messages = messages_of(language)
    if answer.confidence is None:
        return messages.say("answer.may_answer")
    return messages.say("answer.may_answer_sure", share=share(answer.confidence))


def share(confidence: float) -> int:
    """Return a confidence as whole percents."""
    return round(100 * confidence)


def as_of_moment(answer: Answer) -> str | None:
    """Return the date or time that the answer is of, as it was asked; None where it is of now."""
    request = answer.receipt.parameters.get("request")
    when = request.get("as_of") if isinstance(request, Mapping) else None
    return when if isinstance(when, str) else None


def as_of_note(answer: Answer, language: str = DEFAULT) -> str | None:
    """Return as of when the answer is, without a full stop; None where it is of now."""
    date = as_of_date(answer, language)
    return None if date is None else messages_of(language).say("answer.as_of", date=date)


def as_of_date(answer: Answer, language: str = DEFAULT) -> str | None:
    """Return the moment that the answer is of, for reading; None where it is of now."""
    when = as_of_moment(answer)
    return None if when is None else date_in_words(when, language)


def conflict_note(conflict: Conflict, language: str = DEFAULT) -> str:
    """Return what it is that differs, without a full stop."""
    messages = messages_of(language)
    what = conflict.attribute
    if conflict.kind == "date" and what in _FOUNDINGS:
        what = messages.say(f"answer.founded_{what}")
    return messages.say(
        f"answer.differ_{conflict.kind}",
        subject=conflict.subject,
        what=what,
        names=", ".join(names_differing(conflict)) if conflict.kind == "list" else "",
    )


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


def disagreement() -> str:
    """Return the words before what sources give differently, without a full stop."""
    return messages_of(DEFAULT).say("answer.disagree")


def other_sides(answer: Answer) -> list[tuple[str, Citation]]:
    """Return the citations of conflicts that are none of the answer's, each with who says it."""
    numbers = {citation.number for citation in answer.citations}
    documents = {citation.doc_id for citation in answer.citations}
    found: dict[int, tuple[str, Citation]] = {}
    for side in (side for conflict in answer.conflicts for side in conflict.sides):
        cited = side.citation
        who = "answer.same_says" if cited.doc_id in documents else "answer.others_say"
        if cited.number not in numbers:
            found.setdefault(cited.number, (messages_of(DEFAULT).say(who), cited))
    return list(found.values())


def generation_note(generation: Generation, language: str = DEFAULT) -> str:
    """Return what became of a generator's draft, as a sentence."""
    messages = messages_of(language)
    if generation.fallback:
        reason = generation.problem or messages.say("answer.unproved")
        return messages.say("answer.fallback", generator=generation.generator, reason=reason)
    return messages.say(
        "answer.drafted",
        generator=generation.generator,
        kept=generation.kept,
        replaced=generation.replaced,
        dropped=generation.dropped,
    )


def replacement_note(statement: Statement, language: str = DEFAULT) -> str | None:
    """Return why a quote stands in the place of a drafted sentence; None where it does not."""
    if statement.replaced is None:
        return None
    messages = messages_of(language)
    return messages.say("answer.replaced", why=messages.say(f"answer.why_{statement.replaced}"))
