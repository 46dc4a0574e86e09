"""Judged passages as examples: those that the store has word for word, with the answer's place."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.home import Home
from corpus.ids import sha256_of
from corpus.stores.sql_store import SqlStore
from service.collection.publishing import IngestRequest, publish
from service.settings.environment import read_settings
from training.examples import Example
from training.judged_passages import judged_examples

TEXT = "In all, 46 States answered the survey."


def test_judged_passages_of_the_store_are_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("CITEWELL_HOME", str(home))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    report = tmp_path / "report.txt"
    report.write_text(f"{TEXT}\n", encoding="utf-8")
    publish(IngestRequest([str(report)]), read_settings())
    asked = "How many States answered, and who paid?"
    question = {"id": "q", "question": asked, "answerable": False}
    questions = _file(tmp_path / "questions.jsonl", [question])
    with SqlStore.open(Home(home).store_url, read_only=True) as store:
        (chunk,) = store.current_chunks()
        start, passage = chunk.text.index("46"), sha256_of(chunk.text)
        judged = [
            {"question": "q", "passage_sha256": passage},
            {"question": "q", "passage_sha256": passage, "start": start, "end": start + 2,
             "part": "How many States answered?"},
            {"question": "q", "passage_sha256": passage, "asked": "How many replied?"},
            {"question": "q", "passage_sha256": sha256_of("a passage of before")},
            {"question": "gone", "passage_sha256": passage},
        ]  # fmt: skip
        found = list(judged_examples(_file(tmp_path / "judged.jsonl", judged), questions, store))
    assert found == [
        Example(asked, chunk.text, None, None, "judged negative"),
        Example("How many States answered?", chunk.text, start, start + 2, "answer.part"),
        Example("How many replied?", chunk.text, None, None, "judged negative"),
    ]


def _file(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
