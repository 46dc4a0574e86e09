"""Reading the files of a bundle again: what they say, whatever the bundle says that they do."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from corpus.chunk import text_at
from corpus.closing import Closing
from corpus.document import Document
from corpus.errors import InputError, ReadError
from corpus.ids import Fingerprint
from index.values.ports import TokenizerSpec
from ingest.pipeline.isolating import ReadingWorkers, ReadRequest, ReadResult
from ingest.pipeline.settings import reading_fingerprint, without_tesseract
from ingest.quality.page_figures import count_without_tesseract
from ingest.readers.document.formats import named
from ingest.workers.pending_read import PendingRead
from service.collection.bundle import Packed
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import ingest_settings
from service.settings.models import Models
from service.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Reread:
    """A document as its bytes say it; `problem` says why they could not be read.

    `differs` where the bundle says something else, though it was read as it is read here.
    """

    packed: Packed
    content: bytes
    differs: bool = False
    problem: str | None = None


class Rereader(Closing):
    """Worker processes that read bundled files as `citewell ingest` does. Ends them on exit."""

    def __init__(self, settings: Settings, tokenizer: TokenizerSpec) -> None:
        reading = ingest_settings(IngestRequest(()), settings)
        text, window = tokenizer.tokenizer_json, tokenizer.window_tokens
        self._reading: Fingerprint = reading_fingerprint(
            reading, tokenizer_json=text, window_tokens=window
        )
        self._ocr = reading.ocr
        self._ahead = reading.workers
        chunking = replace(reading.chunking, window_tokens=window)
        self._workers = ReadingWorkers(chunking, text, reading.limits)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Return one that reads as the settings say. Raises: ModelError."""
        return cls(settings, Models.open(settings).embedder.tokenizer)

    def close(self) -> None:
        """End the worker processes."""
        self._workers.close()

    def reread(self, found: Iterable[tuple[Packed, bytes]]) -> Iterator[Reread]:
        """Yield each document as its bytes say it, in the order given."""
        ahead: deque[tuple[Packed, bytes, PendingRead[ReadResult]]] = deque()
        for packed, content in found:
            ahead.append((packed, content, self._begun(packed.document, content)))
            if len(ahead) > self._ahead:
                yield self._finished(*ahead.popleft())
        while ahead:
            yield self._finished(*ahead.popleft())

    def one(self, packed: Packed, content: bytes) -> Packed:
        """Return one document as its bytes say it. Raises: ReadError if they cannot be read."""
        (found,) = self.reread([(packed, content)])
        if found.problem is not None:
            raise ReadError(found.problem)
        return found.packed

    def _begun(self, document: Document, content: bytes) -> PendingRead[ReadResult]:
        name = named(document.source, document.media_type)
        request = ReadRequest(document.doc_id, name, content, document.title, ocr=self._ocr)
        return self._workers.submit(request)

    def _finished(self, packed: Packed, content: bytes, pending: PendingRead[ReadResult]) -> Reread:
        try:
            result = pending.result()
        except ReadError as error:
            return Reread(packed, content, problem=str(error))
        pages, chunks = list(result.reading.pages), list(result.chunks)
        unread = count_without_tesseract(pages)
        document = replace(
            packed.document,
            media_type=result.media_type,
            reading=without_tesseract(self._reading) if unread else self._reading,
            pages=len(pages),
            partial=result.reading.partial,
        )
        same = packed.document.reading == document.reading
        found = Packed(document, pages, chunks)
        return Reread(found, content, differs=same and _said(packed) != _said(found))


def refuse_unequal(packed: Packed) -> None:
    """Return if each chunk of a document is what its pages say. Raises: InputError."""
    pages = {page.number: page for page in packed.pages}
    for chunk in packed.chunks:
        if not ({span.page for span in chunk.spans} <= pages.keys()) or (
            text_at(chunk.spans, pages) != chunk.text
        ):
            raise InputError(
                f"The bundle's document {packed.document.doc_id} says on a page what its chunk "
                f"{chunk.chunk_id} does not. Export it again, after: citewell doctor"
            )


def _said(packed: Packed) -> tuple[object, ...]:
    """Return what a document is found by and quoted from."""
    chunks = [(c.doc_id, c.spans, c.text, c.sentences, c.embedded_text) for c in packed.chunks]
    return [(page.number, page.text) for page in packed.pages], chunks
