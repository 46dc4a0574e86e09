"""A chunking benchmark of two texts and three questions."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

TEXTS = {
    "almaty": "The Almaty Process was established in 2013. It is about refugee protection.\n\n"
    "Kazakhstan hosts the secretariat in Almaty. Ministers meet every year.\n",
    "colombo": "The Colombo Process gathers countries of origin in Asia.\n\n"
    "Its members send workers abroad. Ethical recruitment is one of its themes.\n",
}
QUESTIONS = (
    ("When was the process about refugee protection established?", "almaty", ["in 2013"]),
    ("Who hosts the secretariat in Almaty?", "almaty", ["Kazakhstan hosts the secretariat"]),
    ("Which themes does recruitment of workers have?", "colombo", ["Ethical recruitment"]),
)


def write_chunking(
    folder: Path, questions: Sequence[tuple[str, str, Sequence[str]]] = QUESTIONS
) -> Path:
    """Write the benchmark and return its folder."""
    (folder / "corpora").mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / "corpora" / f"{name}.md").write_text(text, encoding="utf-8")
    with (folder / "questions_df.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "references", "corpus_id"])
        for question, name, contents in questions:
            places = [(each, TEXTS[name].find(each)) for each in contents]
            references = [
                {"content": each, "start_index": at, "end_index": at + len(each)}
                for each, at in places
            ]
            writer.writerow([question, json.dumps(references), name])
    return folder
