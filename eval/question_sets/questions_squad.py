"""Questions in the format of SQuAD 2.0: articles, paragraphs, and questions on each paragraph.

*Source:* Rajpurkar, Jia and Liang 2018, Know what you don't know: unanswerable questions for
SQuAD.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import InputError
from corpus.ids import sha256_of
from eval.data_sets.data_sets import BeirDocument
from eval.question_sets.passage_questions import PassageQuestions
from eval.question_sets.questions import Evidence, Question, QuestionFile, read_text
from ingest.text.sentences import sentence_spans

BETWEEN = "\n\n"


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Span(_Model):
    text: Annotated[str, Field(min_length=1)]
    answer_start: Annotated[int, Field(ge=0)]


class _Asked(_Model):
    id: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=1)]
    answers: list[_Span] = []
    is_impossible: bool = False


class _Paragraph(_Model):
    context: str
    qas: list[_Asked]


class _Article(_Model):
    title: str
    paragraphs: list[_Paragraph]


class _Saved(_Model):
    data: list[_Article]


@dataclass(frozen=True, slots=True)
class GoldParagraph:
    """A question, the paragraph it was written on, and every answer marked in it; none if none."""

    question_id: str
    question: str
    paragraph: str
    answers: tuple[str, ...]


def gold_paragraphs(path: Path) -> Iterator[GoldParagraph]:
    """Yield each question of a SQuAD 2.0 file with its paragraph. Raises: InputError."""
    for article in _saved(path, read_text(path)[1]).data:
        for paragraph in article.paragraphs:
            for asked in paragraph.qas:
                answers = () if asked.is_impossible else tuple(a.text for a in asked.answers)
                yield GoldParagraph(asked.id, asked.question, paragraph.context, answers)


def read_squad(path: Path) -> PassageQuestions:
    """Return the questions of a SQuAD 2.0 file and its articles, each article one document.

    An article's paragraphs are parted by a blank line. Of several answers the one given most often
    counts, the shortest of those; its evidence is the sentence or sentences that it stands in,
    with offsets in the article's text.

    Raises: InputError if the file cannot be read, or an answer does not stand where it says.
    """
    raw, content = read_text(path)
    saved = _saved(path, content)
    questions: dict[str, Question] = {}
    for question in _questions(saved, path):
        if question.question_id in questions:
            raise InputError(f"{path}: found the id {question.question_id!r} again.")
        questions[question.question_id] = question
    if not questions:
        raise InputError(f"{path}: found no question; expected `data`, `paragraphs` and `qas`.")
    file = QuestionFile(path.name, sha256_of(raw), "question", tuple(questions.values()))
    return PassageQuestions(file, tuple(_document(article) for article in saved.data))


def _saved(path: Path, content: str) -> _Saved:
    try:
        return _Saved.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the top"
        raise InputError(
            f"{path}: found {first['input']!r:.60} at {where}; expected: {first['msg']}."
        ) from error


def _document(article: _Article) -> BeirDocument:
    text = BETWEEN.join(paragraph.context for paragraph in article.paragraphs)
    return BeirDocument(article.title, article.title.replace("_", " "), text)


def _questions(saved: _Saved, path: Path) -> Iterator[Question]:
    for article in saved.data:
        before = 0
        for paragraph in article.paragraphs:
            sentences = sentence_spans(paragraph.context)
            for asked in paragraph.qas:
                yield _question(asked, paragraph.context, sentences, before, path)
            before += len(paragraph.context) + len(BETWEEN)


def _question(
    asked: _Asked, context: str, sentences: list[tuple[int, int]], before: int, path: Path
) -> Question:
    if asked.is_impossible or not asked.answers:
        return Question(asked.id, asked.question, answerable=False)
    counts = Counter(asked.answers)
    answer = min(counts, key=lambda span: (-counts[span], len(span.text), span.answer_start))
    start, end = answer.answer_start, answer.answer_start + len(answer.text)
    if context[start:end] != answer.text:
        raise InputError(
            f"{path}, question {asked.id}: found {context[start:end]!r:.60} at {start}; expected "
            f"the answer {answer.text!r:.60} there."
        )
    around = [(low, high) for low, high in sentences if low < end and start < high]
    low, high = (around[0][0], around[-1][1]) if around else (start, end)
    evidence = Evidence(context[low:high], before + low, before + high)
    return Question(asked.id, asked.question, True, (answer.text,), (evidence,))
