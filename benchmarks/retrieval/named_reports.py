"""Are reports that questions name found, and their evidence? Told apart, meant, first passages."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import InputError
from eval.answers.evidence import squashed
from eval.question_sets.located_questions import with_quotes
from eval.question_sets.questions import Question, QuestionFile, read_questions
from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.values.request import Request

DEPTH = 3


@dataclass(frozen=True, slots=True)
class Named:
    """How one question was taken: `rank` of the first passage with evidence, None for none."""

    told: bool
    meant: frozenset[str]
    doc_id: str | None
    rank: int | None

    @property
    def right(self) -> bool:
        """Whether its document is among those that are meant."""
        return self.doc_id in self.meant


def ask(engine: Engine, question: Question, doc_ids: dict[str, str], request: Request) -> Named:
    """Return how a question was taken, and where its evidence is."""
    found = engine.search(question.text, request)
    texts = [squashed(passage.text) for passage in found.passages]
    quotes = [squashed(each.quote) for each in question.evidence]
    rank = next((n for n, text in enumerate(texts, 1) if any(q in text for q in quotes)), None)
    understood = found.understood
    doc_id = doc_ids.get(question.document_sha256 or "")
    told = understood.asked != found.query
    return Named(told, frozenset(understood.documents), doc_id, rank)


def placed(file: QuestionFile, question: Question, engine: Engine) -> tuple[Question, ...]:
    """Return the question with its quotes; none without an answer or on a page read otherwise."""
    if not question.answerable:
        return ()
    with suppress(InputError):
        return with_quotes(replace(file, questions=(question,)), engine.store).questions
    return ()


def shares(found: Sequence[Named]) -> dict[str, float]:
    """Return the shares of questions, 0..1."""
    counts = {
        "first": sum(each.rank == 1 for each in found),
        "first three": sum(each.rank is not None for each in found),
        "told apart": sum(each.told for each in found),
        "right": sum(each.right for each in found),
        "only": sum(each.meant == {each.doc_id} for each in found),
        "wrong": sum(bool(each.meant) and not each.right for each in found),
    }
    return {name: round(count / max(1, len(found)), 3) for name, count in counts.items()}


def main() -> int:
    """Measure and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval.named_reports")
    parser.add_argument("home", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--field", default="question")
    parser.add_argument("--rerank", action="store_true")
    options = parser.parse_args()
    request = Request(DEPTH, rerank=options.rerank)
    with Engine.open(read_settings({}, home=options.home), read_only=True) as engine:
        doc_ids: dict[str, str] = {each.sha256: each.doc_id for each in engine.store.documents()}
        file = read_questions(options.questions, field=options.field)
        asked = [question for each in file.questions for question in placed(file, each, engine)]
        found = [ask(engine, question, doc_ids, request) for question in asked]
    sys.stdout.write(json.dumps({"questions": len(found), **shares(found)}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
