"""A pool of public questions in miniature, written as the real one is."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

PASSAGES = {
    "p1": "The Almaty Process began in 2013. It has fourteen member States. Its secretariat is in "
    "Almaty, in the country of Kazakhstan. " + "The members meet to speak of refugees and mixed "
    "migration, and they write down what they agree on. " * 3,
    "p2": "The Prague Process began in 2009. It joins fifty States. " + "Its members speak of "
    "migration, and they write down what they agree on at their meetings. " * 3,
    "p3": "Cats sleep most of the day. " * 10,
}
QUESTIONS: Sequence[Mapping[str, object]] = [
    {
        "question": "When did the Almaty Process begin?",
        "passage_id": "p1",
        "answers": [{"text": "2013", "start": 28}, {"text": "in 2013", "start": 25}],
        "source": "squad2-train",
    },
    {
        "question": "When did the Almaty Process end?",
        "passage_id": "p1",
        "answers": [],
        "source": "squad2-train",
    },
    {
        "question": "How many States does the Prague Process join?",
        "passage_id": "p2",
        "answers": [{"text": "fifty", "start": 43}],
        "source": "squad2-train",
    },
    {
        "question": "How long do cats sleep?",
        "passage_id": "p3",
        "answers": [{"text": "most of the day", "start": 11}],
        "source": "squad2-train",
    },
]


def write_pool(folder: Path, questions: Sequence[Mapping[str, object]] = QUESTIONS) -> Path:
    """Write both files into the folder and return it."""
    passages = [{"passage_id": name, "text": text} for name, text in PASSAGES.items()]
    for name, rows in {"passages": passages, "questions": questions}.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder
