"""Documents of a data set into a store, by the way that every document takes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from corpus.chunk import Chunk
from corpus.document import Document
from corpus.ids import DocId, Fingerprint, doc_id_of, fingerprint_of, sha256_of
from corpus.store import Store
from eval.data_sets.cutting import Cutting
from eval.data_sets.data_sets import BeirDataset, BeirDocument
from eval.data_sets.window_cutter import WindowCutter
from index.values.ports import TokenizerSpec
from ingest.chunking.chunking import ChunkingSettings, chunk
from ingest.chunking.token_counting import TokenCounter, TokenizerCounter
from ingest.readers.document.reader import Reading
from ingest.readers.text.text import TextReader
from service.cli.step_bar import OnStep

MEDIA_TYPE = "application/json"
COLLECTION = "eval"
SOURCE_PREFIX = "beir:"
CUT = {"cut": "yes"}
_NOTHING = Reading(pages=())


@dataclass(frozen=True, slots=True)
class EnteringSettings:
    """How a document becomes chunks.

    `whole`: one passage a document, title and text up to the embedder's window, as in published
    figures of BEIR; how many documents were longer is counted. `chunked`: read as plain text and
    chunked as in every ingest, nothing cut.
    """

    chunking: ChunkingSettings
    cutting: Cutting = "whole"

    @property
    def fingerprint(self) -> Fingerprint:
        """Equal for equal chunks of equal documents."""
        return fingerprint_of(
            {
                "reader": TextReader.version,
                "chunking": asdict(self.chunking),
                "cutting": self.cutting,
            }
        )


@dataclass(frozen=True, slots=True)
class Entrance:
    """Enters documents into a store; those that are in it stay as they are."""

    store: Store
    settings: EnteringSettings
    counter: TokenCounter
    cutter: WindowCutter

    @classmethod
    def of(cls, store: Store, settings: EnteringSettings, tokenizer: TokenizerSpec) -> "Entrance":
        """Return the entrance for an embedder's tokenizer."""
        counter = TokenizerCounter(tokenizer.tokenizer_json)
        return cls(store, settings, counter, WindowCutter(tokenizer))

    def enter(self, dataset: BeirDataset, on_step: OnStep) -> dict[DocId, str]:
        """Store the whole corpus; return the data set's id of each document."""
        known = {document.doc_id for document in self.store.documents(current_only=False)}
        found = list(dataset.documents())
        ids: dict[DocId, str] = {}
        for number, each in enumerate(found, start=1):
            content = content_of(each)
            doc_id = doc_id_of(sha256_of(content))
            ids[doc_id] = each.doc_id
            if doc_id not in known:
                self._add(each, doc_id, content)
            on_step("documents", number, len(found))
        return ids

    def _add(self, each: BeirDocument, doc_id: DocId, content: bytes) -> None:
        text = each.text if each.text.strip() else each.title
        reading = TextReader().read(text.encode("utf-8", "replace")) if text.strip() else _NOTHING
        document = Document(
            doc_id=doc_id,
            sha256=sha256_of(content),
            source=f"{SOURCE_PREFIX}{each.doc_id}",
            title=each.title,
            collection=COLLECTION,
            media_type=MEDIA_TYPE,
            reading=self.settings.fingerprint,
            pages=len(reading.pages),
        )
        chunks = self._chunks(document, reading)
        if self.settings.cutting == "whole" and _is_cut(chunks, reading):
            document = replace(document, metadata=CUT)
        self.store.add(document, content, reading.pages, chunks)

    def _chunks(self, document: Document, reading: Reading) -> list[Chunk]:
        if self.settings.cutting == "whole":
            return [self.cutter.first_window(document, page) for page in reading.pages[:1]]
        title, chunking = document.title, self.settings.chunking
        return chunk(document.doc_id, title, reading, chunking, self.counter)


def cut_documents(store: Store) -> int:
    """Return how many documents are longer than the window that they were read up to."""
    return sum(document.metadata == CUT for document in store.documents())


def _is_cut(chunks: Sequence[Chunk], reading: Reading) -> bool:
    read = sum(len(chunk.text.rstrip()) for chunk in chunks)
    return read < sum(len(page.text.rstrip()) for page in reading.pages)


def content_of(document: BeirDocument) -> bytes:
    """Return the bytes that stand for a document: its record, which no other document shares."""
    record: Mapping[str, str] = {
        "_id": document.doc_id,
        "title": document.title,
        "text": document.text,
    }
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
