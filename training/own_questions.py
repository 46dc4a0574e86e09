"""Our own questions on reports as examples: each on the passages of its report nearest to it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.store import Store
from eval.located_questions import with_quotes
from eval.question_passages import QuestionPassages, with_passages
from eval.questions import Question, read_questions
from index.understanding import tell_apart
from training.examples import Example

NEAR_MISSES, NEAR_ANSWERED = 5, 2


def own_examples(path: Path, store: Store) -> Iterator[Example]:
    """Yield the examples of a question file: answers, and near passages that do not hold them.

    Each question comes bare and, where that is another wording, as the scoped one without the
    name of its report.
    """
    bare = with_quotes(read_questions(path, field="question"), store).questions
    scoped = with_quotes(read_questions(path, field="scoped_question"), store).questions
    wordings: list[Question] = []
    for question, named in zip(bare, scoped, strict=True):
        wordings.append(question)
        sourced = tell_apart(named.text)
        if sourced is not None and sourced.asked != question.text:
            wordings.append(replace(named, text=sourced.asked))
    for each in with_passages(wordings, store):
        yield from _examples(each)


def _examples(each: QuestionPassages) -> Iterator[Example]:
    text = each.question.text
    if each.evidence is not None:
        chunk = each.evidence.chunk
        yield Example(text, chunk.text, each.evidence.start, each.evidence.end, "answer.own")
    for chunk in each.others[: NEAR_ANSWERED if each.evidence else NEAR_MISSES]:
        kind = "own near passage" if each.evidence else "own near miss"
        yield Example(text, chunk.text, None, None, kind)
