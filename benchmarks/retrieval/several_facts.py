"""Where is the evidence of questions that ask for several facts? All of it among the first five?

Questions of the kinds `comparison` and `multi-fact list`, and those with more than one piece of
evidence; beside them all other questions of the files. A piece of evidence is found where a passage
holds its words.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.answers.evidence import squashed
from eval.question_sets.located_questions import with_quotes
from eval.question_sets.questions import Question, joined, read_questions
from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.values.request import Request

SEVERAL = frozenset({"comparison", "multi-fact list"})
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Place:
    """The rank of the first passage with each piece of evidence; None where none has it."""

    question_id: str
    kind: str | None
    several: bool
    ranks: tuple[int | None, ...]

    def within(self, depth: int) -> bool:
        """Return whether all evidence is among the first `depth` passages."""
        return all(rank is not None and rank <= depth for rank in self.ranks)


def places(engine: Engine, questions: Sequence[Question], request: Request) -> list[Place]:
    """Return where the evidence of each answerable question is."""
    return [_place(engine, each, request) for each in questions if each.answerable]


def _place(engine: Engine, question: Question, request: Request) -> Place:
    found = engine.search(question.text, request).passages
    texts = [squashed(passage.text) for passage in found]
    ranks = tuple(
        next((n for n, text in enumerate(texts, 1) if squashed(each.quote) in text), None)
        for each in question.evidence
    )
    several = question.kind in SEVERAL or len(question.evidence) > 1
    return Place(question.question_id, question.kind, several, ranks)


def shares(found: Sequence[Place]) -> dict[str, object]:
    """Return the share of questions with all their evidence among the first passages."""
    return {
        "questions": len(found),
        **{
            f"first {depth}": round(sum(p.within(depth) for p in found) / max(1, len(found)), 3)
            for depth in (1, 3, 5, 10)
        },
    }


def main() -> int:
    """Measure and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval.several_facts")
    parser.add_argument("home", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--field", default="question")
    parser.add_argument("--no-rerank", action="store_true")
    parser.add_argument("--collection", help="search this one alone")
    parser.add_argument("--several", action="store_true", help="ask these alone, not the others")
    parser.add_argument("--places", type=Path, help="write where each question's evidence is")
    options = parser.parse_args()
    filters = (f"collection={options.collection}",) if options.collection else ()
    request = Request(DEPTH, filters, rerank=not options.no_rerank)
    with Engine.open(read_settings({}, home=options.home), read_only=True) as engine:
        asked = joined([read_questions(path, field=options.field) for path in options.questions])
        questions = with_quotes(asked, engine.store).questions
        if options.several:
            questions = tuple(q for q in questions if q.kind in SEVERAL or len(q.evidence) > 1)
        found = places(engine, questions, request)
    if options.places:
        options.places.write_text("".join(json.dumps(asdict(p)) + "\n" for p in found), "utf-8")
    several = [place for place in found if place.several]
    many = [place for place in several if len(place.ranks) > 1]
    result = {
        "several facts": shares(several),
        "of these, with more than one piece of evidence": shares(many),
        "others": shares([place for place in found if not place.several]),
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
