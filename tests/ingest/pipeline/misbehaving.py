"""Reading tasks that do what a hostile file may make a reader do."""

import ctypes
import os
import re
import time
from dataclasses import replace

from ingest.chunking.chunking import ChunkingSettings
from ingest.chunking.token_counting import TokenCounter
from ingest.pipeline.isolating import ReadRequest, ReadResult, read_and_chunk


def misbehave(
    request: ReadRequest, chunking: ChunkingSettings, counter: TokenCounter
) -> ReadResult:
    """Do what the file's name says; read it where that is nothing special."""
    if request.name == "hang":
        time.sleep(600)
    if request.name == "spin":
        re.fullmatch("(a+)+", "a" * 60 + "b")  # in C, where no handler of Python's gets its turn
    if request.name == "crash":
        ctypes.string_at(0)
    if request.name == "exit":
        os._exit(3)
    if request.name == "memory":
        bytearray(8 * 1024**3)
    if request.name == "surprise":
        raise KeyError("surprise")
    if request.name.startswith("timed"):
        time.sleep(0.4)
        return replace(read_and_chunk(request, chunking, counter), title=str(time.monotonic_ns()))
    return read_and_chunk(request, chunking, counter)
