"""Reads a made document and counts what differs from what its pages show."""

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks.round_trip.made_document import MadeDocument
from corpus.ids import doc_id_of, sha256_of
from ingest.chunking.chunking import ChunkingSettings, chunk
from ingest.chunking.token_counting import TokenizerCounter
from ingest.readers.pdf.pdf import PdfReader
from tests.ingest.samples import tokenizer_json


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Counts over one document; `faults` says what differs."""

    pages: int
    tokens: int
    edits: int
    labels: int
    running: int
    running_left_out: int
    body: int
    body_kept: int
    broken: int
    joined: int
    faults: tuple[str, ...]


def read_back(document: MadeDocument) -> ReadBack:
    """Return how well a document is read and chunked.

    Edits are tokens to insert, delete or replace, by the longest common blocks: at least as many as
    the edit distance. A broken word is joined if search text holds it as it is written whole.
    """
    reading = PdfReader().read(document.content)
    chunks = chunk(
        doc_id_of(sha256_of(document.content)), "T", reading, ChunkingSettings(), _counter()
    )
    chunked: dict[int, list[bool]] = {p.number: [False] * len(p.text) for p in reading.pages}
    for span in (span for each in chunks for span in each.spans):
        chunked[span.page][span.start : span.end] = [True] * (span.end - span.start)
    faults: list[str] = []
    counts = [0] * 6
    for made, page in zip(document.pages, reading.pages, strict=True):
        found = _plain(page.text).split()
        ways = ([_plain(t) for t in way] for way in (made.read, made.read_otherwise))
        edits, wanted = min((_edits(way, found), way) for way in ways)
        counts[0] += edits
        if edits:
            faults.append(f"p{page.number} {edits} edits: {_differing(wanted, found)}")
        counts[1] += made.label == page.label
        if made.label != page.label:
            faults.append(f"p{page.number} label {page.label!r}, shown {made.label!r}")
        counts[2] += len(made.running)
        for line in made.running:
            out = _is_left_out(line, page.text, chunked[page.number])
            counts[3] += out
            if not out:
                faults.append(f"p{page.number} in a chunk: {line!r}")
        inside = sum(
            on for on, c in zip(chunked[page.number], page.text, strict=True) if c.isalnum()
        )
        body = sum(c.isalnum() for t in made.read for c in t) - sum(
            c.isalnum() for line in made.running for c in line
        )
        counts[4] += body
        counts[5] += min(inside, body)
        if inside < 0.99 * body:
            faults.append(f"p{page.number} only {inside} of {body} letters are in chunks")
    searched = " ".join(each.search_text for each in chunks)
    words = set(searched.split())
    broken = [_plain(word) for made in document.pages for word in made.broken]
    lost = [word for word in broken if word not in words]
    faults += [f"not joined: {word}" for word in lost]
    return ReadBack(
        pages=len(document.pages),
        tokens=sum(len(made.read) for made in document.pages),
        edits=counts[0],
        labels=counts[1],
        running=counts[2],
        running_left_out=counts[3],
        body=counts[4],
        body_kept=counts[5],
        broken=len(broken),
        joined=len(broken) - len(lost),
        faults=tuple(faults),
    )


def summed(found: Sequence[ReadBack]) -> dict[str, float]:
    """Return the figures over all documents."""
    running = sum(each.running for each in found)
    pages = sum(each.pages for each in found)
    return {
        "documents": len(found),
        "pages": pages,
        "tokens": sum(each.tokens for each in found),
        "order_error": sum(e.edits for e in found) / sum(e.tokens for e in found),
        "labels": sum(each.labels for each in found) / pages,
        "running_lines": running,
        "running_left_out": sum(each.running_left_out for each in found) / running,
        "body_kept": sum(e.body_kept for e in found) / sum(e.body for e in found),
        "broken_words": sum(each.broken for each in found),
        "hyphens_joined": sum(e.joined for e in found) / sum(e.broken for e in found),
    }


def _edits(wanted: Sequence[str], found: Sequence[str]) -> int:
    matcher = difflib.SequenceMatcher(None, wanted, found, autojunk=False)
    return sum(max(b - a, d - c) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")


def _differing(wanted: Sequence[str], found: Sequence[str]) -> str:
    matcher = difflib.SequenceMatcher(None, wanted, found, autojunk=False)
    return "; ".join(
        f"{' '.join(wanted[a:b][:6])} → {' '.join(found[c:d][:6])}"
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )[:400]


def _is_left_out(line: str, text: str, chunked: Sequence[bool]) -> bool:
    """Tell whether none of a running line's places on the page is in a chunk."""
    wanted = _plain(line)
    at = 0
    for each in text.splitlines(keepends=True):
        if _plain(each).strip() == wanted:
            return not any(chunked[at : at + len(each.rstrip())])
        at += len(each)
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@cache
def _counter() -> TokenizerCounter:
    return TokenizerCounter(tokenizer_json())
