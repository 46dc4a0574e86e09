"""The product's own chunker, as `citewell ingest` applies it to a Markdown file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import accumulate

from corpus.errors import InputError
from corpus.ids import doc_id_of, sha256_of
from eval.chunking.chunker import CutChunk
from index.values.ports import TokenizerSpec
from ingest.chunking import chunking
from ingest.chunking.chunking import ChunkingSettings
from ingest.chunking.token_counting import TokenizerCounter
from ingest.readers.text.markdown import MarkdownReader


@dataclass(frozen=True, slots=True)
class OwnChunker:
    """Sentences of one section packed to chunks; sizes are in the embedder's tokens.

    Without `with_context` the same chunks are embedded without title and section path.
    """

    tokenizer: TokenizerSpec
    chunking: ChunkingSettings
    with_context: bool = True

    @property
    def name(self) -> str:
        """`own`, `own-plain`, or these with a size that is not the default."""
        kind = "own" if self.with_context else "own-plain"
        size = self.chunking.chunk_tokens
        return kind if size == ChunkingSettings().chunk_tokens else f"{kind}-{size}"

    @property
    def settings(self) -> Mapping[str, object]:
        """The chunking settings of ingest, and what the chunks are made with."""
        return {
            **asdict(self.chunking),
            "with_context": self.with_context,
            "reader": MarkdownReader.version,
            "tokenizer": sha256_of(self.tokenizer.tokenizer_json),
        }

    def chunk(self, title: str, text: str) -> list[CutChunk]:
        """Return the chunks that ingesting the text as a Markdown file gives."""
        content = text.encode()
        reading = MarkdownReader().read(content)
        lengths = [len(page.text) for page in reading.pages]
        if sum(lengths) != len(text):
            raise InputError(
                f"{title}: read as {sum(lengths)} characters, expected {len(text)}; save it as "
                "UTF-8 without a byte order mark."
            )
        before = dict(
            zip((p.number for p in reading.pages), accumulate([0, *lengths]), strict=False)
        )
        found = chunking.chunk(
            doc_id_of(sha256_of(content)),
            title,
            reading,
            self.chunking,
            TokenizerCounter(self.tokenizer.tokenizer_json),
        )
        chunks = [
            CutChunk(
                before[each.spans[0].page] + each.spans[0].start,
                before[each.spans[-1].page] + each.spans[-1].end,
                each.search_text,
                each.context,
            )
            for each in found
        ]
        return chunks if self.with_context else [replace(each, context="") for each in chunks]
