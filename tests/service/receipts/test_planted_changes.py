"""The table of planted changes: each is done to a document, and a citation of before is checked."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageQuality, PageSpan
from corpus.ids import ChunkId, DocId, Fingerprint, doc_id_of, sha256_of
from corpus.stores.memory_store import MemoryStore
from service.citations.citing import Citer
from service.receipts.verifying import verify
from service.values.verification import Verification

SENTENCE = (
    "In 2019 the Forum co-operated with forty-six States on “mixed migration” and re-\n"
    "turn of migrants."
)
BEFORE = ("Preface of the Forum.", f"Cooperation.\n{SENTENCE}\nThe end.", "Annex: members.")


def document(content: str, title: str = "The Forum") -> Document:
    sha256 = sha256_of(content)
    return Document(
        doc_id=doc_id_of(sha256),
        sha256=sha256,
        source="forum.pdf",
        title=title,
        collection="iscm",
        media_type="application/pdf",
        reading=Fingerprint("r1"),
        pages=3,
    )


def keep(store: MemoryStore, content: str, texts: tuple[str, ...], source: str = "layer") -> DocId:
    quality = PageQuality(source="ocr" if source == "ocr" else "layer")
    pages = [Page(n, f"p{n}", text, quality) for n, text in enumerate(texts, start=1)]
    kept = document(content)
    store.add(kept, content.encode(), pages, [])
    return kept.doc_id


def cited(store: MemoryStore) -> dict[str, Any]:
    """Return a saved answer with one citation of the sentence on page 2."""
    doc_id = keep(store, "first", BEFORE)
    start = BEFORE[1].index(SENTENCE)
    span = PageSpan(2, start, start + len(SENTENCE))
    whole = ((0, len(SENTENCE)),)
    chunk = Chunk(ChunkId("c1"), doc_id, 0, (span,), SENTENCE, whole, SENTENCE, "", ())
    citer = Citer(store, "http://x")
    citation = citer.cite(1, chunk, store.document(doc_id), 0, len(SENTENCE))
    saved: dict[str, Any] = {"citations": [json.loads(json.dumps(asdict(citation)))], "receipt": {}}
    return saved


Plant = Callable[[MemoryStore, dict[str, Any]], None]


def edition(*texts: str, keep_old: bool) -> Plant:
    """A newer edition takes the place of the document, which is kept or deleted."""

    def plant(store: MemoryStore, answer: dict[str, Any]) -> None:
        old = DocId(answer["citations"][0]["doc_id"])
        keep(store, "second", texts)
        if not keep_old:
            store.delete(old)

    return plant


def reread(*texts: str, source: str = "layer") -> Plant:
    """The same file is read again, by another version or by OCR."""
    return lambda store, _: void(keep(store, "first", texts, source))


def void(_: object) -> None:
    return None


def deleted(store: MemoryStore, answer: dict[str, Any]) -> None:
    store.delete(DocId(answer["citations"][0]["doc_id"]))


def moved_file(store: MemoryStore, answer: dict[str, Any]) -> None:
    store.rename(DocId(answer["citations"][0]["doc_id"]), "archive/forum.pdf")


def other_source(store: MemoryStore, answer: dict[str, Any]) -> None:
    """The document goes; the same words stand in a document of another source."""
    deleted(store, answer)
    other = replace(document("second"), source="elsewhere.pdf")
    store.add(other, b"second", [Page(1, "1", BEFORE[1])], [])


def say(field: str, value: object, *, checksum: bool = False) -> Plant:
    """The saved file is changed by hand."""

    def plant(store: MemoryStore, answer: dict[str, Any]) -> None:
        answer["citations"][0][field] = value
        if checksum:
            answer["citations"][0]["quote_sha256"] = sha256_of(str(value))

    return plant


ALTERED = SENTENCE.replace("forty-six", "forty-seven")
INSERTED = (BEFORE[0], "A page that is new.", *BEFORE[1:])
CHANGED = (BEFORE[0], BEFORE[1].replace(SENTENCE, ALTERED), BEFORE[2])
REFLOWED = (
    "Preface of the Forum.\n\nCooperation.",
    SENTENCE.replace("re-\nturn", "return").replace("co-operated", "co\u00adoperated"),
    "The end.",
)
QUOTED = (BEFORE[0], BEFORE[1].replace("“", '"').replace("”", '"'), BEFORE[2])
SPLIT = (
    BEFORE[0] + "\nCooperation.\nIn 2019 the Forum co-operated",
    SENTENCE[SENTENCE.index("with") :],
    "",
)
OCR = (BEFORE[0], BEFORE[1].replace("migration", "rnigration").replace("States", "5tates"), "")
BLANK = ("", "", "")

# Name, what is done, verdict, cause, page where the words are now (of similar words in brackets),
# whether a newer edition is named and has the words.
TABLE: list[tuple[str, Plant, str, str | None, int | None, bool | None]] = [
    ("nothing", lambda *_: None, "ok", None, None, None),
    ("read anew, the same", reread(*BEFORE), "ok", None, None, None),
    ("file moved", moved_file, "ok", None, None, None),
    ("page inserted, old kept", edition(*INSERTED, keep_old=True), "ok", None, None, True),
    ("page inserted, old gone", edition(*INSERTED, keep_old=False), "moved", "edition", 3, None),
    ("sentence altered, old kept", edition(*CHANGED, keep_old=True), "ok", None, None, False),
    (
        "sentence altered, old gone",
        edition(*CHANGED, keep_old=False),
        "altered",
        "edition",
        2,
        None,
    ),
    ("all else, old gone", edition("Other.", keep_old=False), "altered", "edition", None, None),
    ("deleted", deleted, "gone", "deleted", None, None),
    ("deleted, words elsewhere", other_source, "gone", "deleted", None, None),
    ("read anew, reflowed", reread(*REFLOWED), "moved", "reading", 2, None),
    ("read anew, straight quotes", reread(*QUOTED), "moved", "reading", 2, None),
    ("read anew, over two pages", reread(*SPLIT), "moved", "reading", 1, None),
    ("read anew by OCR", reread(*OCR, source="ocr"), "altered", "reading", 2, None),
    ("read anew, no text", reread(*BLANK), "altered", "reading", None, None),
    ("quote changed", say("quote", ALTERED), "altered", "checksum", None, None),
    ("quote and sum changed", say("quote", ALTERED, checksum=True), "altered", "reading", 2, None),
    (
        "place changed",
        say("spans", [{"page": 3, "start": 0, "end": 5}]),
        "moved",
        "reading",
        2,
        None,
    ),
    (
        "place outside",
        say("spans", [{"page": 9, "start": 0, "end": 5}]),
        "moved",
        "reading",
        2,
        None,
    ),
    ("no place", say("spans", []), "moved", "reading", 2, None),
    ("document's sum changed", say("document_sha256", "0" * 64), "altered", "checksum", None, None),
]


@pytest.mark.parametrize(
    ("plant", "verdict", "cause", "page", "newer_has_quote"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_each_planted_change_is_told(
    plant: Plant, verdict: str, cause: str | None, page: int | None, newer_has_quote: bool | None
) -> None:
    store = MemoryStore()
    answer = cited(store)
    plant(store, answer)
    found: Verification = verify(answer, store).citations[0]
    assert (found.verdict, found.cause) == (verdict, cause)
    assert (found.found_spans[0].page if found.found_spans else None) == page
    assert found.newer_has_quote is newer_has_quote
    if found.verdict == "altered" and page is not None:
        assert found.similar is not None
        assert 0.5 <= (found.similarity or 0) < 1


def test_the_nearest_words_are_shown_where_the_sentence_was_altered() -> None:
    store = MemoryStore()
    answer = cited(store)
    edition(*CHANGED, keep_old=False)(store, answer)
    found = verify(answer, store).citations[0]
    assert found.similar == " ".join(ALTERED.split())
    assert "forty-seven" in found.detail


def test_an_answer_without_citations_is_in_order() -> None:
    assert verify({"citations": []}, MemoryStore()).ok
