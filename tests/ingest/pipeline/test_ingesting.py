"""Files in, documents in the store, one outcome a file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.chunk import text_at
from corpus.stores.memory_store import MemoryStore
from ingest.chunking.chunking import ChunkingSettings
from ingest.pipeline.ingesting import ingest, outdated, reread
from ingest.pipeline.settings import IngestSettings, reading_fingerprint
from ingest.sources.listing import find_sources
from ingest.sources.source import Fields, Outcome, Source
from tests.ingest.pdf_files import encrypted, pdf_of, scanned_pdf
from tests.ingest.samples import WINDOW_TOKENS, tokenizer_json

pytestmark = pytest.mark.models  # the tokenizer comes with the model

PDF = pdf_of([["One sentence here.", "Another follows."]], title="A report on reports")
OTHER = pdf_of([["Something else entirely."]])


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def run(
    store: MemoryStore, *paths: Path | Source | Outcome, settings: IngestSettings | None = None
) -> list[Outcome]:
    found: list[Source | Outcome] = []
    for path in paths:
        found.extend(find_sources([path]) if isinstance(path, Path) else [path])
    return list(
        ingest(
            found,
            store,
            settings or IngestSettings(),
            tokenizer_json=tokenizer_json(),
            window_tokens=WINDOW_TOKENS,
        )
    )


def statuses(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(Path(outcome.source).name, outcome.status) for outcome in outcomes]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def written(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return written


Write = Callable[[str, bytes], Path]


def test_a_file_becomes_a_document_with_pages_and_chunks(store: MemoryStore, write: Write) -> None:
    path = write("report.pdf", PDF)
    (outcome,) = run(store, path, settings=IngestSettings(collection="c", metadata={"k": "v"}))
    assert (outcome.status, outcome.pages, outcome.reason) == ("added", 1, None)
    (document,) = store.documents()
    assert document.doc_id == outcome.doc_id
    assert document.source == path.resolve().as_posix()
    assert document.title == "A report on reports"
    assert (document.collection, document.metadata["k"]) == ("c", "v")
    assert store.content(document.doc_id) == PDF
    pages = store.pages(document.doc_id)
    for chunk in store.current_chunks():
        assert chunk.text == text_at(chunk.spans, pages)
        assert chunk.context == "A report on reports"
    assert {chunk.chunk_id for chunk in outcome.chunks} == set(store.current_chunk_ids())


def test_the_same_file_again_is_unchanged(store: MemoryStore, write: Write) -> None:
    path = write("report.pdf", PDF)
    run(store, path)
    (outcome,) = run(store, path)
    assert (outcome.status, outcome.pages, outcome.reason) == ("unchanged", 1, None)


def test_new_bytes_replace_and_the_old_edition_stays_citable(
    store: MemoryStore, write: Write
) -> None:
    (first,) = run(store, write("report.pdf", PDF))
    (second,) = run(store, write("report.pdf", OTHER))
    assert second.status == "replaced"
    assert [d.doc_id for d in store.documents()] == [second.doc_id]
    assert len(store.documents(current_only=False)) == 2
    assert first.doc_id is not None
    assert store.pages(first.doc_id)


def test_going_back_to_old_bytes_makes_them_current_again(store: MemoryStore, write: Write) -> None:
    (first,) = run(store, write("report.pdf", PDF))
    run(store, write("report.pdf", OTHER))
    (third,) = run(store, write("report.pdf", PDF))
    assert (third.status, third.doc_id) == ("replaced", first.doc_id)
    assert [d.doc_id for d in store.documents()] == [first.doc_id]


def test_equal_bytes_twice_are_kept_once_and_the_first_is_named(
    store: MemoryStore, write: Write
) -> None:
    first, second = write("a.pdf", PDF), write("b.pdf", PDF)
    outcomes = run(store, first, second)
    assert statuses(outcomes) == [("a.pdf", "added"), ("b.pdf", "unchanged")]
    assert outcomes[1].reason == f"the same bytes as {first.resolve().as_posix()}"
    assert statuses(run(store, first, second)) == [("a.pdf", "unchanged"), ("b.pdf", "unchanged")]


def test_two_files_that_swap_names_lose_nothing(store: MemoryStore, write: Write) -> None:
    run(store, write("a.pdf", PDF))
    outcomes = run(store, write("0.pdf", PDF), write("a.pdf", OTHER))
    assert statuses(outcomes) == [("0.pdf", "unchanged"), ("a.pdf", "replaced"), ("0.pdf", "added")]
    assert {Path(d.source).name for d in store.documents()} == {"0.pdf", "a.pdf"}


def test_rejected_files_say_why_and_the_rest_is_done(store: MemoryStore, write: Write) -> None:
    outcomes = run(
        store,
        write("empty.pdf", b""),
        write("half.pdf", PDF[: len(PDF) // 2]),
        write("garbage.pdf", b"\x00\x01garbage"),
        write("locked.pdf", encrypted(PDF, user="x", owner="y")),
        write("good.pdf", PDF),
        write("binary.txt", bytes(range(256)) * 20),
    )
    assert statuses(outcomes) == [
        ("empty.pdf", "rejected"),
        ("half.pdf", "rejected"),
        ("garbage.pdf", "rejected"),
        ("locked.pdf", "rejected"),
        ("good.pdf", "added"),
        ("binary.txt", "rejected"),
    ]
    assert all(o.reason for o in outcomes if o.status == "rejected")
    assert "password" in str(outcomes[3].reason)


def test_a_broken_new_edition_leaves_the_old_one(store: MemoryStore, write: Write) -> None:
    (first,) = run(store, write("a.pdf", PDF))
    (second,) = run(store, write("a.pdf", PDF[:200]))
    assert second.status == "rejected"
    assert [d.doc_id for d in store.documents()] == [first.doc_id]


def test_a_password_opens_an_encrypted_file(store: MemoryStore, write: Write) -> None:
    path = write("locked.pdf", encrypted(PDF, user="sesame", owner="y"))
    (outcome,) = run(store, path, settings=IngestSettings(password="sesame"))
    assert outcome.status == "added"


def test_a_scan_is_kept_and_said_to_have_no_text(store: MemoryStore, write: Write) -> None:
    (outcome,) = run(store, write("scan.pdf", scanned_pdf(2)))
    assert (outcome.status, outcome.pages, outcome.chunks) == ("added", 2, ())
    assert outcome.reason == "no text on any of 2 pages (scanned?)"


def test_a_file_over_the_limit_is_rejected(store: MemoryStore, write: Write) -> None:
    (outcome,) = run(store, write("a.pdf", PDF), settings=IngestSettings(max_bytes=10))
    assert outcome.status == "rejected"
    assert "at most 10" in str(outcome.reason)


def test_a_file_gone_since_it_was_found_is_rejected(store: MemoryStore, write: Write) -> None:
    path = write("a.pdf", PDF)
    found = list(find_sources([path]))
    path.unlink()
    (outcome,) = run(store, *found)
    assert "No such file" in str(outcome.reason)


def test_uploaded_bytes_need_no_path(store: MemoryStore) -> None:
    source = Source("upload:note.md", "note.md", content=b"# A note\n\nIt says something.\n")
    (outcome,) = run(store, source)
    assert outcome.status == "added"
    assert store.documents()[0].title == "A note"


def test_other_fields_for_the_same_bytes_are_taken_over(store: MemoryStore, write: Write) -> None:
    path = write("a.pdf", PDF)
    run(store, path)
    settings = IngestSettings(collection="other", metadata={"publisher": "IOM"})
    (outcome,) = run(store, path, settings=settings)
    assert outcome.status == "replaced"
    assert (store.documents()[0].collection, store.documents()[0].publisher) == ("other", "IOM")
    assert run(store, path, settings=settings)[0].status == "unchanged"


def test_documents_read_otherwise_are_outdated_and_read_again(
    store: MemoryStore, write: Write
) -> None:
    path = write("a.pdf", PDF)
    run(store, path, settings=IngestSettings(collection="c"))
    changed = IngestSettings(chunking=ChunkingSettings(chunk_tokens=50))
    tokenizer = tokenizer_json()
    reading = reading_fingerprint(changed, tokenizer_json=tokenizer, window_tokens=WINDOW_TOKENS)
    documents = outdated(store, reading)
    assert [d.source for d in documents] == [path.resolve().as_posix()]
    path.unlink()
    (outcome,) = reread(
        documents, store, changed, tokenizer_json=tokenizer, window_tokens=WINDOW_TOKENS
    )
    assert outcome.status == "replaced"
    assert outdated(store, reading) == []
    assert store.documents()[0].collection == "c"


def test_texts_that_no_store_can_keep_are_made_readable(store: MemoryStore) -> None:
    fields = Fields(title="A \ud800 title", metadata={"k\x00": "v\ud800"})
    source = Source("upload:x.txt", "x.txt", content=b"Words are here.\n", fields=fields)
    assert run(store, source)[0].status == "added"
    assert store.documents()[0].title == "A \ufffd title"


def test_a_very_long_line_is_ingested(store: MemoryStore, write: Write) -> None:
    (outcome,) = run(store, write("line.txt", b"word " * 60_000))
    assert outcome.status == "added"
    assert len(outcome.chunks) > 100
