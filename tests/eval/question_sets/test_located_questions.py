"""Questions whose evidence is a place on a page, and the question sets that ship."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.document import Document, Page
from corpus.errors import InputError
from corpus.ids import Fingerprint, doc_id_of, sha256_of
from corpus.stores.memory_store import MemoryStore
from eval.question_sets.located_questions import with_quotes
from eval.question_sets.questions import read_questions

SETS = Path(__file__).parents[3] / "eval" / "questions"
TEXT = "The Forum has nine members.\nIt meets in Geneva."


def store() -> MemoryStore:
    held = MemoryStore()
    sha256 = sha256_of(b"forum")
    document = Document(
        doc_id_of(sha256), sha256, "forum.pdf", "Forum", "c", "application/pdf", Fingerprint("r"), 1
    )
    held.add(document, b"forum", [Page(1, "1", TEXT)], [])
    return held


def line(path: Path, **changed: object) -> Path:
    place = {"page": 1, "start": 0, "end": 27, "quote_sha256": sha256_of(TEXT[:27])}
    question = {
        "id": "q1",
        "question": "How many members has the Forum?",
        "answerable": True,
        "answers": ["nine"],
        "evidence": [place],
        "document_sha256": sha256_of(b"forum"),
    }
    path.write_text(json.dumps(question | changed) + "\n")
    return path


def test_the_words_are_read_from_the_stored_page(tmp_path: Path) -> None:
    file = with_quotes(read_questions(line(tmp_path / "q.jsonl")), store())
    assert file.questions[0].evidence[0].quote == "The Forum has nine members."


def test_other_evidence_may_be_in_another_document(tmp_path: Path) -> None:
    held, text = store(), "Members: nine."
    sha256 = sha256_of(b"other")
    document = Document(
        doc_id_of(sha256), sha256, "other.pdf", "Other", "c", "application/pdf", Fingerprint("r"), 1
    )
    held.add(document, b"other", [Page(1, "1", text)], [])
    place: Mapping[str, object] = {
        "page": 1,
        "start": 0,
        "end": 14,
        "quote_sha256": sha256_of(text),
        "document_sha256": sha256,
    }
    (asked,) = with_quotes(
        read_questions(line(tmp_path / "q.jsonl", also=[[place]])), held
    ).questions
    assert [[each.quote for each in way] for way in asked.ways] == [
        ["The Forum has nine members."],
        ["Members: nine."],
    ]
    elsewhere = {**place, "document_sha256": "0" * 64}
    file = read_questions(line(tmp_path / "q.jsonl", also=[[elsewhere]]))
    with pytest.raises(InputError, match="1 of the 2 documents"):
        with_quotes(file, held)


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = read_questions(line(tmp_path / "q.jsonl", document_sha256="0" * 64))
    with pytest.raises(InputError, match="1 of the 1 documents"):
        with_quotes(file, store())


def test_a_page_that_is_read_otherwise_is_named(tmp_path: Path) -> None:
    place: Mapping[str, object] = {"page": 1, "start": 1, "end": 27, "quote_sha256": "0" * 64}
    file = read_questions(line(tmp_path / "q.jsonl", evidence=[place]))
    with pytest.raises(InputError, match="page 1 of its document is read otherwise now"):
        with_quotes(file, store())


def test_evidence_without_quote_or_place_is_refused(tmp_path: Path) -> None:
    path = line(tmp_path / "q.jsonl", evidence=[{"page": 1}])
    with pytest.raises(InputError, match="line 1: found evidence without a quote"):
        read_questions(path)


def test_the_sets_share_no_document_and_hold_both_kinds_of_question() -> None:
    documents = {}
    ids: list[str] = []
    for name in ("train", "dev", "test"):
        rows = [json.loads(row) for row in (SETS / f"{name}.jsonl").read_text().splitlines()]
        documents[name] = {row["document_sha256"] for row in rows}
        ids += [row["id"] for row in rows]
        share = sum(row["answerable"] for row in rows) / len(rows)
        assert 0.4 <= share <= 0.6, name
    assert len(ids) == len(set(ids)) >= 300
    assert documents["train"].isdisjoint(documents["dev"] | documents["test"])
    assert documents["dev"].isdisjoint(documents["test"])
    assert len(set.union(*documents.values())) >= 60


@pytest.mark.parametrize("field", ["question", "scoped_question"])
def test_the_sets_can_be_asked_in_both_wordings(field: str) -> None:
    for name in ("train", "dev", "test"):
        assert read_questions(SETS / f"{name}.jsonl", field=field).questions


def test_the_sets_hold_no_words_of_a_report() -> None:
    for path in SETS.glob("*.jsonl"):
        for row in map(json.loads, path.read_text().splitlines()):
            assert all("quote" not in evidence for evidence in row["evidence"])
