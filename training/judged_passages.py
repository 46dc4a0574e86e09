"""Passages that were found for our own questions and judged by reading: does it answer, and where.

They are those that an earlier span finder took for answers, or nearly: the hardest there are.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from corpus.ids import sha256_of
from corpus.store import Store
from eval.question_sets.questions import read_questions
from training.examples import Example


class _Judgement(BaseModel):
    question: str
    asked: str | None = None
    part: str | None = None
    passage_sha256: str
    start: int | None = None
    end: int | None = None


def judged_examples(judgements: Path, questions: Path, store: Store) -> Iterator[Example]:
    """Yield an example for each judgement on a passage that the store has word for word.

    `start` and `end` of a judgement are half-open code points of the passage, none where it does
    not answer. `asked` is the question as it was read, where it was not worded as `question` is;
    `part` the part of a question in parts that was judged, as it is read.
    """
    asked = {each.question_id: each.text for each in read_questions(questions).questions}
    texts = {str(sha256_of(chunk.text)): chunk.text for chunk in store.current_chunks()}
    with judgements.open(encoding="utf-8") as file:
        for line in file:
            judged = _Judgement.model_validate_json(line)
            question = asked.get(judged.question)
            passage = texts.get(judged.passage_sha256)
            if question is not None and passage is not None:
                what = "judged" if judged.part is None else "part"
                kind = f"{what} negative" if judged.start is None else f"answer.{what}"
                asks = judged.part or judged.asked or question
                yield Example(asks, passage, judged.start, judged.end, kind)
