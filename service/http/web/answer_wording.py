"""What an answer says beside its quotes, in the viewer's language."""

from service.http.web.rendering import filters
from service.http.web.viewer import viewer
from service.rendering import explanations
from service.rendering.explanations import share
from service.values.answer import Answer, Conflict, Generation, Statement


def abstention_text(answer: Answer) -> str:
    """Return why there is no answer, in one sentence or two."""
    return explanations.abstention_note(answer, viewer().language)


def taken_texts(answer: Answer) -> list[str]:
    """Return how each misspelt word was taken, a sentence each."""
    return explanations.taken_notes(answer, viewer().language)


def unsure_text(answer: Answer) -> str:
    """Return the sentence before quotes that are only likely ones."""
    return f"{explanations.unsure_note(answer, viewer().language)}."


def unanswered_text(answer: Answer) -> str:
    """Return the sentence that says which parts no quote answers; empty for none."""
    return explanations.unanswered_note(answer, viewer().language) or ""


def as_of_text(answer: Answer) -> str:
    """Return as of when the answer is; empty where it is of now."""
    return explanations.as_of_note(answer, viewer().language) or ""


def conflict_text(conflict: Conflict) -> str:
    """Return what it is that differs, as a sentence."""
    return f"{explanations.conflict_note(conflict, viewer().language)}."


def generation_text(generation: Generation) -> str:
    """Return what became of a generator's draft, as a sentence."""
    return explanations.generation_note(generation, viewer().language)


def replacement_text(statement: Statement) -> str:
    """Return why a quote stands in the place of a drafted sentence; empty where it does not."""
    return explanations.replacement_note(statement, viewer().language) or ""


filters(
    abstention_text=abstention_text,
    as_of_text=as_of_text,
    conflict_text=conflict_text,
    generation_text=generation_text,
    replacement_text=replacement_text,
    share=share,
    taken_texts=taken_texts,
    unanswered_text=unanswered_text,
    unsure_text=unsure_text,
)
