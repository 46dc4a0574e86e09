"""Pages to chunks: sections apart, pages apart, sentences whole, nothing longer than the window."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from corpus.chunk import Chunk
from corpus.ids import DocId, chunk_id_of
from ingest.flow import Flow
from ingest.lines import line_gap_of, lines_of
from ingest.normalizing import search_text_of, vocabulary_of
from ingest.packing import Part, fit, pack
from ingest.readers.reader import LEFT_OUT, Reading
from ingest.sections import contexts_of, sections_of
from ingest.sentences import sentence_spans
from ingest.token_counting import TokenCounter

VERSION = "1"

_MOST_CHARACTERS_A_TOKEN = 12


@dataclass(frozen=True, slots=True)
class ChunkingSettings:
    """How long chunks are.

    `chunk_tokens` is the length aimed at; `window_tokens` the embedder's window, into which
    context, text and special tokens always fit; `context_tokens` the most that a context takes.
    """

    chunk_tokens: int = 200
    window_tokens: int = 512
    context_tokens: int = 48
    version: str = VERSION


def chunk(
    doc_id: DocId, title: str, reading: Reading, settings: ChunkingSettings, counter: TokenCounter
) -> list[Chunk]:
    """Return the chunks of one document, in reading order.

    A chunk holds sentences of one section that start on one page; the last may end on the next.
    Its text is exactly the page texts at its spans, and its embedded text fits the window.
    """
    flow = Flow(reading.pages, (b.span for b in reading.blocks if b.kind in LEFT_OUT))
    vocabulary = vocabulary_of([flow.text])

    @cache
    def search_text(start: int, end: int) -> str:
        return search_text_of(flow.text[start:end], vocabulary=vocabulary)

    def embedded_text(part: Part) -> str:
        return f"{part.context}\n{search_text(part.start, part.end)}"

    groups = list(_groups(title, flow, reading, settings, counter))
    parts = _packed(groups, search_text, settings, counter)
    parts = fit(parts, embedded_text, settings.window_tokens, flow.text, counter)
    return [
        _chunk(doc_id, ordinal, flow, part, search_text(part.start, part.end))
        for ordinal, part in enumerate(parts)
    ]


def _groups(
    title: str, flow: Flow, reading: Reading, settings: ChunkingSettings, counter: TokenCounter
) -> Iterator[Part]:
    """Yield the sentences of each section, page by page; the first takes in the heading."""
    gap = line_gap_of(flow.text, lines_of(flow.text))
    sections = sections_of(flow, reading.headings)
    context_tokens = min(settings.context_tokens, settings.window_tokens // 4)
    contexts = contexts_of(title, sections, context_tokens, counter)
    for section, context in zip(sections, contexts, strict=True):
        at = section.body_start
        spans = sentence_spans(flow.text[at : section.end], line_gap=gap)
        sentences = [(low + at, high + at) for low, high in spans]
        start: int | None = section.start
        for _, group in groupby(sentences, key=lambda sentence: flow.page_at(sentence[0])):
            kept = tuple(group)
            first = kept[0][0]
            heading_start = start if start is not None and start < at else first
            yield Part(section, context, heading_start, kept)
            start = None


def _packed(
    groups: Sequence[Part],
    search_text: Callable[[int, int], str],
    settings: ChunkingSettings,
    counter: TokenCounter,
) -> list[Part]:
    texts = [search_text(low, high) for group in groups for low, high in group.sentences]
    special = counter.count([""])[0]
    # A tokenizer may take an endless word for one unknown token; such text is long all the same.
    lengths = iter(
        max(count - special, len(text) // _MOST_CHARACTERS_A_TOKEN)
        for text, count in zip(texts, counter.count(texts), strict=True)
    )
    packed: list[Part] = []
    for group in groups:
        tokens = [next(lengths) for _ in group.sentences]
        packed += pack(group, tokens, settings.chunk_tokens)
    return packed


def _chunk(doc_id: DocId, ordinal: int, flow: Flow, part: Part, search_text: str) -> Chunk:
    spans = flow.spans(part.start, part.end)
    text = flow.text[part.start : part.end]
    return Chunk(
        chunk_id=chunk_id_of(doc_id, tuple((s.page, s.start, s.end) for s in spans), text),
        doc_id=doc_id,
        ordinal=ordinal,
        spans=spans,
        text=text,
        sentences=tuple((low - part.start, high - part.start) for low, high in part.sentences),
        search_text=search_text,
        context=part.context,
        section=part.section.path,
    )
