"""Our own questions on reports as examples: each on the passages nearest to it, of all reports."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.chunk import Chunk
from corpus.store import Store
from eval.question_sets.located_questions import with_quotes
from eval.question_sets.nearest_texts import NearestTexts
from eval.question_sets.question_passages import QuestionPassages, holds_item, with_passages
from eval.question_sets.questions import Question, read_questions
from index.documents.document_names import DocumentNames
from index.query.query_analysis import split_source
from index.query.splitting import parts_of
from training.examples import Example

NEAR_MISSES, NEAR_ANSWERED, ELSEWHERE = 5, 2, 3
_NEAREST = 12


def own_examples(path: Path, store: Store) -> Iterator[Example]:
    """Yield the examples of a question file: answers, and near passages that do not hold them.

    Each question comes bare and, where that is another wording, as the scoped one without the
    name of its report. Questions in parts are left out: a passage that answers one of them is
    neither an answer nor none.
    """
    bare = with_quotes(read_questions(path, field="question"), store).questions
    scoped = with_quotes(read_questions(path, field="scoped_question"), store).questions
    names = DocumentNames.of(store.documents())
    wordings: list[Question] = []
    for question, named in zip(bare, scoped, strict=True):
        wordings.append(question)
        found = split_source(named.text, names)
        if found is not None and found[1] != question.text:
            wordings.append(replace(named, text=found[1]))
    elsewhere = _OtherReports(store)
    wordings = [each for each in wordings if not parts_of(each.text)]
    for each in with_passages(wordings, store):
        yield from _examples(each)
        for chunk in elsewhere.nearest(each.question)[:ELSEWHERE]:
            yield Example(each.question.text, chunk.text, None, None, "other report")


def _examples(each: QuestionPassages) -> Iterator[Example]:
    text = each.question.text
    if each.evidence is not None:
        chunk = each.evidence.chunk
        yield Example(text, chunk.text, each.evidence.start, each.evidence.end, "answer.own")
    for chunk in each.others[: NEAR_ANSWERED if each.evidence else NEAR_MISSES]:
        kind = "own near passage" if each.evidence else "own near miss"
        yield Example(text, chunk.text, None, None, kind)


class _OtherReports:
    """The passages of all reports, to ask for those of others than a question's own."""

    def __init__(self, store: Store) -> None:
        self._chunks = list(store.current_chunks())
        self._report_of = {each.doc_id: each.sha256 for each in store.documents()}
        self._texts = NearestTexts([chunk.search_text for chunk in self._chunks])

    def nearest(self, question: Question) -> list[Chunk]:
        """Return the passages nearest by their words, without those that hold an answer's words."""
        near = [self._chunks[row] for row in self._texts.nearest(question.text, _NEAREST)]
        return [
            chunk
            for chunk in near
            if self._report_of[chunk.doc_id] != question.document_sha256
            and not holds_item(chunk.text, question.answers)
        ]
