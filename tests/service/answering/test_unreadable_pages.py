from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.document import Document, Page, PageQuality
from corpus.ids import DocId, Fingerprint, Sha256
from index.values.ranking import QueryInterpretation
from service.answering.unreadable_pages import points_to_unreadable

UNREADABLE = PageQuality("D", "none")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The part of a store that is looked at."""

    held: Mapping[str, Mapping[int, Page]]
    title: str = "Minutes of the Almaty meeting"

    def documents(self, *, collection: str | None = None) -> list[Document]:
        return [
            Document(
                DocId(each), Sha256("0"), f"{each}.pdf", self.title, "scans", "application/pdf",
                Fingerprint("f"), len(pages),
            )
            for each, pages in self.held.items()
        ]  # fmt: skip

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]:
        return dict(self.held[doc_id])


def pages(*unreadable: int, of: int = 4) -> dict[int, Page]:
    return {
        number: Page(
            number, f"A-{number}", "", UNREADABLE if number in unreadable else PageQuality()
        )
        for number in range(1, of + 1)
    }


def points(
    question: str, shelf: Shelf, *named: str, collections: Sequence[str] | None = None
) -> bool:
    understood = QueryInterpretation(tuple(DocId(each) for each in named), question)
    return points_to_unreadable(question, understood, shelf, collections)  # type: ignore[arg-type]


def test_a_document_that_is_named_and_half_unread() -> None:
    assert points("What is said?", Shelf({"d1": pages(1, 2)}), "d1")
    assert not points("What is said?", Shelf({"d1": pages(1)}), "d1")
    assert not points("What is said?", Shelf({"d1": pages(1, 2)}))


def test_a_page_that_is_named_and_unread() -> None:
    shelf = Shelf({"d1": pages(3)})
    assert points("What is on page 3?", shelf, "d1")
    assert not points("What is on page 2?", shelf, "d1")


def test_a_document_without_text_is_known_by_its_title() -> None:
    shelf = Shelf({"d1": pages(1, 2, 3, 4)})
    assert points("What do the minutes of the Almaty meeting say?", shelf)
    assert not points("What do the minutes say?", shelf)
    assert not points("What do the minutes of the Almaty meeting say?", shelf, collections=["x"])
