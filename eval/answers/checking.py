"""The first invariant, looked up for everything that is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from corpus.chunk import Chunk, text_at
from corpus.document import Page
from corpus.ids import ChunkId, DocId
from corpus.store import Store


@dataclass(frozen=True, slots=True)
class WrongChunk:
    """A chunk that is not what its pages say, and how."""

    chunk_id: ChunkId
    doc_id: DocId
    problem: str


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """How many chunks stand word for word on their pages, and those that do not."""

    documents: int
    chunks: int
    wrong: tuple[WrongChunk, ...]

    @property
    def exact(self) -> int:
        """The number of chunks that are right."""
        return self.chunks - len(self.wrong)

    @property
    def share(self) -> float | None:
        """`exact` of `chunks`, 0..1; None for an empty store."""
        return self.exact / self.chunks if self.chunks else None

    def as_json(self) -> dict[str, object]:
        """Return the counts, the share, and every chunk that is wrong."""
        return {
            "documents": self.documents,
            "chunks": self.chunks,
            "exact": self.exact,
            "share": self.share,
            "wrong": [asdict(wrong) for wrong in self.wrong],
        }


def check_store(store: Store) -> StoreCheck:
    """Return whether every chunk of every current document equals its page text at its spans.

    Raises: StoreError.
    """
    wrong: list[WrongChunk] = []
    count = 0
    pages: dict[DocId, dict[int, Page]] = {}
    for chunk in store.current_chunks():
        count += 1
        if chunk.doc_id not in pages:
            pages[chunk.doc_id] = store.pages(chunk.doc_id)
        problem = next(problems_of(chunk, pages[chunk.doc_id]), None)
        if problem:
            wrong.append(WrongChunk(chunk.chunk_id, chunk.doc_id, problem))
    return StoreCheck(len(store.documents()), count, tuple(wrong))


def problems_of(chunk: Chunk, pages: dict[int, Page]) -> Iterator[str]:
    """Yield what is wrong with a chunk: a page that is not there, other words, a bad sentence."""
    missing = sorted({span.page for span in chunk.spans} - pages.keys())
    if missing:
        yield f"page {missing[0]} is not in the store"
        return
    held = text_at(chunk.spans, pages)
    if held != chunk.text:
        at = _first_difference(held, chunk.text)
        yield f"found {held[at : at + 40]!r} on the page, {chunk.text[at : at + 40]!r} in the chunk"
    if not _in_order(chunk.sentences, len(chunk.text)):
        yield f"its sentences are no ranges of a text of {len(chunk.text)} characters"


def _first_difference(one: str, other: str) -> int:
    pairs: Iterable[tuple[str, str]] = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _in_order(ranges: Iterable[tuple[int, int]], length: int) -> bool:
    last = 0
    for start, end in ranges:
        if not last <= start < end <= length:
            return False
        last = end
    return True
