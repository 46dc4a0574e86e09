"""Pages to chunks: sections apart, pages apart, sentences whole, nothing longer than the window."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.chunk import Chunk
from corpus.document import PageSpan
from corpus.ids import DocId, chunk_id_of
from ingest.chunking.flow import Flow, all_but
from ingest.chunking.footnotes import Notes, called_notes, footnotes, numbered_notes
from ingest.chunking.packing import Part, Range, fit, pack
from ingest.chunking.sections import SEPARATOR, Section, contexts_of, note_sections, sections_of
from ingest.chunking.table_captions import TableCaption, table_caption_for, table_captions_of
from ingest.chunking.token_counting import TokenCounter
from ingest.readers.document.reader import LEFT_OUT, Reading
from ingest.text.lines import line_gap_of, lines_of
from ingest.text.sentences import sentence_spans
from ingest.text.words import Words

VERSION = "3"

_MOST_CHARACTERS_A_TOKEN = 12


@dataclass(frozen=True, slots=True)
class ChunkingSettings:
    """How long chunks are.

    `chunk_tokens` is the length aimed at; `window_tokens` the embedder's window, into which
    context, text and special tokens always fit; `context_tokens` the most that a context takes,
    `lead_tokens` the most that a table's title takes after it, and the most that its heads take.
    """

    chunk_tokens: int = 200
    window_tokens: int = 512
    context_tokens: int = 48
    lead_tokens: int = 32
    version: str = VERSION


def chunk(
    doc_id: DocId, title: str, reading: Reading, settings: ChunkingSettings, counter: TokenCounter
) -> list[Chunk]:
    """Return the chunks of one document, in reading order.

    A chunk holds sentences of one section that start on one page; the last may end on the next.
    Its text is exactly the page texts at its spans, and its embedded text fits the window.
    Footnotes have chunks of their own, and are searched with the sentence that calls them too.
    """
    left_out = [block.span for block in reading.blocks if block.kind in LEFT_OUT]
    notes = [block.span for block in footnotes(reading.blocks)]
    body = Flow(reading.pages, [*left_out, *notes])
    apart = Flow(reading.pages, all_but(notes, reading.pages))
    words = Words.of([body.text, apart.text], counter.words)
    sections = sections_of(body, reading.headings)
    called = numbered_notes(reading)
    leads = table_captions_of(reading)
    found = _Chunker(body, words, settings, counter, called, leads).parts(title, sections)
    if notes:
        paths = note_sections(apart, body, sections, [span.page for span in notes])
        found += _Chunker(apart, words, settings, counter, {}).parts(title, paths)
    found.sort(key=lambda each: (each.spans[0].page, each.spans[0].start))
    return [each.chunk(doc_id, ordinal) for ordinal, each in enumerate(found)]


@dataclass(frozen=True, slots=True)
class _Found:
    """A part with where it stands and what is searched."""

    part: Part
    spans: tuple[PageSpan, ...]
    text: str
    search_text: str

    def chunk(self, doc_id: DocId, ordinal: int) -> Chunk:
        """Return it as a chunk."""
        part = self.part
        places = tuple((s.page, s.start, s.end) for s in self.spans)
        return Chunk(
            chunk_id=chunk_id_of(doc_id, places, self.text),
            doc_id=doc_id,
            ordinal=ordinal,
            spans=self.spans,
            text=self.text,
            sentences=tuple((low - part.start, high - part.start) for low, high in part.sentences),
            search_text=self.search_text,
            context=part.context,
            section=part.section.path,
        )


class _Chunker:
    """Parts one flow; its sentences may call `notes`."""

    def __init__(
        self,
        flow: Flow,
        words: Words,
        settings: ChunkingSettings,
        counter: TokenCounter,
        notes: Notes,
        leads: Sequence[TableCaption] = (),
    ) -> None:
        self._flow = flow
        self._words = words
        self._settings = settings
        self._counter = counter
        self._notes = notes
        self._leads = leads
        self._called: Mapping[int, str] = {}
        self._searched: dict[Range, str] = {}

    def parts(self, title: str, sections: Sequence[Section]) -> list[_Found]:
        """Return the parts that become chunks."""
        groups = list(self._groups(title, sections))
        sentences = [sentence for group in groups for sentence in group.sentences]
        self._called = called_notes(self._flow, sentences, self._notes)
        parts = fit(
            [self._led(part) for part in self._packed(groups)],
            lambda part: f"{part.context}\n{self._search_text(part.start, part.end)}",
            self._settings.window_tokens,
            self._flow.text,
            self._counter,
        )
        return [
            _Found(
                part,
                self._flow.spans(part.start, part.end),
                self._flow.text[part.start : part.end],
                self._search_text(part.start, part.end),
            )
            for part in parts
        ]

    def _groups(self, title: str, sections: Sequence[Section]) -> Iterator[Part]:
        """Yield the sentences of each section, page by page; the first takes in the heading."""
        flow, settings = self._flow, self._settings
        gap = line_gap_of(flow.text, lines_of(flow.text))
        context_tokens = min(settings.context_tokens, settings.window_tokens // 4)
        contexts = contexts_of(title, sections, context_tokens, self._counter)
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

    def _packed(self, groups: Sequence[Part]) -> list[Part]:
        texts = [self._search_text(low, high) for group in groups for low, high in group.sentences]
        special = self._counter.count([""])[0]
        # A tokenizer may take an endless word for one unknown token; such text is long all the
        # same.
        lengths = iter(
            max(count - special, len(text) // _MOST_CHARACTERS_A_TOKEN)
            for text, count in zip(texts, self._counter.count(texts), strict=True)
        )
        packed: list[Part] = []
        for group in groups:
            tokens = [next(lengths) for _ in group.sentences]
            packed += pack(group, tokens, self._settings.chunk_tokens)
        return packed

    def _led(self, part: Part) -> Part:
        """Return the part with what leads the table whose rows it has at the end of its context."""
        found = table_caption_for(self._flow.spans(part.start, part.end), self._leads)
        said = [self._shortened(text, self._settings.lead_tokens) for text in found]
        return replace(part, context=SEPARATOR.join(filter(None, [part.context, *said])))

    def _shortened(self, text: str, tokens: int) -> str:
        """Return the first words of a text, so many that they have no more than these tokens."""
        words = self._words.search_text(text).split()
        if not words:
            return ""
        forms = [" ".join(words[:number]) for number in range(min(len(words), tokens), 0, -1)]
        fitting = (
            form for form, n in zip(forms, self._counter.count(forms), strict=True) if n <= tokens
        )
        return next(fitting, "")

    def _search_text(self, start: int, end: int) -> str:
        """Return what is searched of a range: each note after the sentence that calls it."""
        known = self._searched.get((start, end))
        if known is not None:
            return known
        texts: list[str] = []
        at = start
        for place in sorted(place for place in self._called if start < place <= end):
            texts += [self._flow.text[at:place], self._called[place]]
            at = place
        texts.append(self._flow.text[at:end])
        found = " ".join(text for text in map(self._words.search_text, texts) if text)
        self._searched[start, end] = found
        return found
