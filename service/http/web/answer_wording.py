"""What an answer says beside its quotes, in the viewer's language.

`service.rendering.explanations` says the same in English for the command line and the dialects.
"""

from collections.abc import Sequence

from service.http.web.catalogue import messages_of
from service.http.web.viewer import say, viewer
from service.http.web.wording import said_date
from service.rendering.explanations import FOUNDINGS, as_of_moment, names_differing
from service.values.answer import Answer, Conflict, Generation, Statement


def share(confidence: float) -> int:
    """Return a confidence as whole percents."""
    return round(confidence * 100)


def abstention_said(answer: Answer) -> str:
    """Return why there is no answer, in one sentence or two."""
    if answer.reason == "no_question":
        return answer.answer
    name = f"answer.{answer.reason}"
    known = name in messages_of("en").by_name
    return " ".join([say(name if known else "answer.no_answer"), *_absent(answer)])


def taken_said(answer: Answer) -> list[str]:
    """Return how each misspelt word was taken, a sentence each."""
    return [
        say("answer.taken", typed=typed, taken=taken)
        for typed, taken in answer.understood.corrections.items()
    ]


def unsure_said(answer: Answer) -> str:
    """Return the sentence before quotes that are only likely ones."""
    if answer.confidence is None:
        return say("answer.may_answer")
    return say("answer.may_answer_sure", share=share(answer.confidence))


def unanswered_said(answer: Answer) -> str:
    """Return the sentence that says which parts no quote answers; empty for none."""
    if not answer.unanswered_parts:
        return ""
    return say("answer.unanswered", parts=" ".join(f"“{part}”" for part in answer.unanswered_parts))


def as_of_said(answer: Answer) -> str:
    """Return the moment that the answer is of; empty where it is of now."""
    moment = as_of_moment(answer)
    return said_date(moment) if moment else ""


def conflict_said(conflict: Conflict) -> str:
    """Return what it is that differs, as a sentence."""
    names = ", ".join(names_differing(conflict)) if conflict.kind == "list" else ""
    what = conflict.attribute
    if viewer().language == "en":
        what = FOUNDINGS.get(what, what)
    return say(f"answer.differ_{conflict.kind}", subject=conflict.subject, what=what, names=names)


def generation_said(generation: Generation) -> str:
    """Return what became of a generator's draft, as a sentence."""
    if generation.fallback:
        reason = generation.problem or say("answer.unproved")
        return say("answer.fallback", generator=generation.generator, reason=reason)
    return say(
        "answer.drafted",
        generator=generation.generator,
        kept=generation.kept,
        replaced=generation.replaced,
        dropped=generation.dropped,
    )


def replacement_said(statement: Statement) -> str:
    """Return why a quote stands in the place of a drafted sentence; empty where it does not."""
    if statement.replaced is None:
        return ""
    return say("answer.replaced", why=say(f"answer.why_{statement.replaced}"))


def _absent(answer: Answer) -> list[str]:
    if not answer.absent_names:
        return []
    return [say("answer.absent", names=_listed([f"“{name}”" for name in answer.absent_names]))]


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return say("answer.or", most=", ".join(most), last=last) if most else last
