"""Does a question in any language find what answers it, in whatever language that is, and quote it?

191 questions in six languages on two Spanish reports, on ten briefs translated by hand into
French, Spanish, Russian, Arabic and Chinese, and on English briefs and reports. Each names the
words, or the pages, that answer it.

The home holds the documents of `eval/questions/languages/documents`, the two Spanish reports, the
English ones, and the bundled briefs without those that were translated: 03, 06, 07, 08, 10, 13, 14,
18, 23, 24 and 25.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from corpus.ids import DocId
from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.values.answer import Citation, Passage
from service.values.request import Request

QUESTIONS = Path("eval/questions/languages/questions.jsonl")
DEPTHS = (1, 3, 10)


class Result(NamedTuple):
    """What became of one question: the rank of the first right passage, and what was quoted."""

    split: str
    kind: str
    rank: int
    status: str
    quoted: bool
    language_told: bool


def results(engine: Engine, questions: Iterable[dict[str, object]]) -> Iterator[Result]:
    """Yield what became of each question."""
    names = {each.doc_id: Path(each.source).name for each in engine.store.documents()}
    for each in questions:
        answer = engine.ask(str(each["question"]), Request(passages=max(DEPTHS)))
        ranks = [p.rank for p in answer.passages if _is_right(p, p.text, names, each)]
        right = [c for c in answer.citations if _is_right(c, c.quote, names, each)]
        yield Result(
            str(each["split"]),
            _kind(each),
            min(ranks, default=sys.maxsize),
            answer.status,
            bool(right),
            all(c.language == each["document_language"] for c in right),
        )


def _is_right(
    found: Passage | Citation, text: str, names: dict[DocId, str], question: dict[str, object]
) -> bool:
    if names[DocId(found.doc_id)] != question["document"]:
        return False
    if "quote" in question:
        return _one_line(str(question["quote"])) in _one_line(text)
    pages = question["pages"]
    assert isinstance(pages, list)
    return any(span.page in pages for span in found.spans)


def _kind(question: dict[str, object]) -> str:
    asked, said = question["language"], question["document_language"]
    if asked == said:
        return "same language"
    if said == "en":
        return "another to English"
    return "English to another" if asked == "en" else "another to a third"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def figures(found: list[Result]) -> dict[str, object]:
    """Return the shares of questions of one kind."""
    number = len(found)
    return {
        "questions": number,
        **{
            f"first {depth}": round(sum(each.rank <= depth for each in found) / number, 2)
            for depth in DEPTHS
        },
        "quoted": round(sum(each.quoted for each in found) / number, 2),
        "refused": round(sum(each.status == "abstained" for each in found) / number, 2),
        "language told": all(each.language_told for each in found),
    }


def main() -> int:
    """Measure and print one object a split and kind, and one for all across languages."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.retrieval.across_languages", description=__doc__
    )
    parser.add_argument("home", type=Path, help="the collection")
    options = parser.parse_args()
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    with Engine.open(read_settings({}, home=options.home), read_only=True) as engine:
        for each in results(engine, questions):
            groups[each.split, each.kind].append(each)
            groups["all", each.kind].append(each)
            if each.kind != "same language":
                groups[each.split, "across"].append(each)
                groups["all", "across"].append(each)
    for (split, kind), found in sorted(groups.items()):
        line = {"split": split, "kind": kind, **figures(found)}
        sys.stdout.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
