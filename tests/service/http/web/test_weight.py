"""What pages weigh: their scripts and styles, and a list of thousands of documents."""

import gzip
import time
from statistics import median

from corpus.document import Document
from corpus.ids import DocId, Fingerprint, Sha256
from service.collection.library import PAGE_SIZE, LibraryDocument, library_page
from service.http.web.library_pages import LibraryView, library_list
from service.http.web.narrowing import Narrowing
from service.http.web.pages import ASSETS

MOST_BYTES = 150_000  # of all scripts and styles, compressed


def documents(count: int) -> list[LibraryDocument]:
    return [
        LibraryDocument(
            Document(
                doc_id=DocId(f"d{number:016x}"),
                sha256=Sha256(f"{number:064x}"),
                source=f"report-{number}.pdf",
                title=f"Report {number} on roads",
                collection=f"collection {number % 7}",
                media_type="application/pdf",
                reading=Fingerprint("by-hand"),
                pages=number % 300 + 1,
                publisher=f"Organisation {number % 90}",
                date=str(1990 + number % 35),
                language=("en", "fr", "ru")[number % 3],
            ),
            number % 5,
        )
        for number in range(count)
    ]


def shown(held: list[LibraryDocument], view: LibraryView) -> bytes:
    names = sorted({each.document.collection for each in held})
    return bytes(library_list(view, library_page(held, view.query), names).body)


def seconds(held: list[LibraryDocument], view: LibraryView) -> float:
    begun = time.perf_counter()
    shown(held, view)
    return time.perf_counter() - begun


def test_scripts_and_styles_are_small() -> None:
    weights = {
        each.name: len(gzip.compress(each.read_bytes()))
        for each in ASSETS.iterdir()
        if each.suffix in {".js", ".css"}
    }
    assert sum(weights.values()) <= MOST_BYTES, weights


def test_a_list_of_5000_documents_takes_little_longer_than_a_page_of_them() -> None:
    few, many = documents(PAGE_SIZE), documents(5_000)
    for view in (
        LibraryView(Narrowing()),
        LibraryView(Narrowing(), sort="date", descending=True, page=20),
        LibraryView(Narrowing({"publisher": ("Organisation 3",)})),
    ):
        ratio = median(seconds(many, view) / seconds(few, view) for _ in range(7))
        assert ratio <= 20, (view, ratio)  # of 50 times as many
    assert len(shown(many, LibraryView(Narrowing()))) <= 3 * len(
        shown(few, LibraryView(Narrowing()))
    )
