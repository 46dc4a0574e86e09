"""Chunkers by name."""

import re
from collections.abc import Sequence

from corpus.errors import InputError
from eval.chunking.chunker import Chunker
from eval.chunking.chunkers_own import OwnChunker
from eval.chunking.chunkers_published import RecursiveSplitter, TokenWindows
from index.values.ports import TokenizerSpec
from ingest.chunking.chunking import ChunkingSettings

DEFAULT_CHUNKERS = ("own", "own-plain", "recursive-200", "tokens-200")
KNOWN = "own[-TOKENS], own-plain[-TOKENS], recursive-SIZE[-OVERLAP], tokens-SIZE[-OVERLAP]"
_NAME = re.compile(r"(own-plain|own|recursive|tokens)((?:-\d+)*)")


def chunkers_named(
    names: Sequence[str], tokenizer: TokenizerSpec, *, chunk_tokens: int
) -> list[Chunker]:
    """Return the chunkers of these names, each once.

    `own` has `chunk_tokens` unless the name says otherwise, in the tokens of `tokenizer`; the
    sizes of the others are in cl100k tokens. Raises: InputError for a name that is none.
    """
    return [_chunker(name, tokenizer, chunk_tokens=chunk_tokens) for name in dict.fromkeys(names)]


def _chunker(name: str, tokenizer: TokenizerSpec, *, chunk_tokens: int) -> Chunker:
    match = _NAME.fullmatch(name)
    sizes = [int(size) for size in match[2].split("-")[1:]] if match else []
    kind = match[1] if match else ""
    most = 1 if kind.startswith("own") else 2
    if not kind or len(sizes) > most or (not sizes and most == 2):
        raise InputError(f"{name!r} is no chunker; expected one of {KNOWN}.")
    if kind == "recursive":
        return RecursiveSplitter(sizes[0], sum(sizes[1:]))
    if kind == "tokens":
        return TokenWindows(sizes[0], sum(sizes[1:]))
    size, window = (sizes or [chunk_tokens])[0], tokenizer.window_tokens
    if not 1 <= size <= window:
        raise InputError(
            f"{name}: found chunks of {size} tokens; expected 1 to {window}, which is the "
            "embedder's window."
        )
    settings = ChunkingSettings(chunk_tokens=size, window_tokens=window)
    return OwnChunker(tokenizer, settings, with_context=kind == "own")
