"""Does a question in the language of a report find it? Spanish questions on two Spanish reports.

Each question was written from a page; it is found where a passage of that page is among the first.
The same questions without their accents are asked too, and by each search alone.
"""

import argparse
import json
import sys
import unicodedata
from pathlib import Path

from corpus.ids import DocId
from index.values.mode import Mode
from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.values.request import Request

QUESTIONS = Path(__file__).with_name("spanish_questions.jsonl")
DEPTHS = (1, 3, 10)


def without_accents(text: str) -> str:
    """Return the text as it is typed without accents.

    >>> without_accents("¿Cuánto aumentó?")
    '¿Cuanto aumento?'
    """
    parts = unicodedata.normalize("NFD", text)
    return "".join(each for each in parts if not unicodedata.combining(each))


def study(engine: Engine, mode: Mode, *, accents: bool, rerank: bool) -> dict[str, object]:
    """Return how many questions have their page, and their report, among the first passages."""
    names: dict[str, str] = {
        each.doc_id: Path(each.source).name for each in engine.store.documents()
    }
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    pages, reports = [], []
    for each in questions:
        text = each["question"] if accents else without_accents(each["question"])
        found = engine.search(text, Request(passages=max(DEPTHS), mode=mode, rerank=rerank))
        places = [(names[DocId(p.doc_id)], {s.page for s in p.spans}) for p in found.passages]
        pages.append(
            _rank([name == each["document"] and each["page"] in on for name, on in places])
        )
        reports.append(_rank([name == each["document"] for name, _ in places]))
    return {
        "questions": len(questions),
        "page": {f"first {depth}": sum(rank <= depth for rank in pages) for depth in DEPTHS},
        "report": {f"first {depth}": sum(rank <= depth for rank in reports) for depth in DEPTHS},
    }


def _rank(good: list[bool]) -> int:
    return good.index(True) + 1 if any(good) else sys.maxsize


def main() -> int:
    """Measure and print one object a mode."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.retrieval.languages", description=__doc__
    )
    parser.add_argument("home", type=Path, help="a collection with the two reports")
    options = parser.parse_args()
    modes: tuple[tuple[Mode, bool], ...] = (
        ("lexical", False), ("dense", False), ("hybrid", False), ("hybrid", True)
    )  # fmt: skip
    with Engine.open(read_settings({}, home=options.home), read_only=True) as engine:
        for mode, rerank in modes:
            for accents in (True, False):
                found = study(engine, mode, accents=accents, rerank=rerank)
                line = {"mode": mode, "rerank": rerank, "accents": accents, **found}
                sys.stdout.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
