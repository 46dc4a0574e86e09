"""Vectors for studies of size: a collection's own, and as many made from them as are wanted.

A made vector is a real one moved by the difference of two others, so that it lies in the directions
in which real passages differ, not anywhere: v + s · (u - w), made unit again. `SPREAD` is set so
that a made vector is about as near to its nearest real one as real ones are to each other (cosines
of both are in the study's output).
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.values.ports import FloatMatrix, RowMask

SPREAD = 0.6
_PASSAGES_OF_A_DOCUMENT = 80
_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Enlarged:
    """`vectors` is (n, d); `documents` (n,): rows of one document stand together and are alike."""

    vectors: FloatMatrix
    documents: npt.NDArray[np.int64]

    def mask(self, share: float, seed: int) -> RowMask:
        """Return (n,), True for whole documents in random order until `share` of rows is reached.

        The last document is cut, so that exactly as many rows are allowed.
        """
        order = np.random.default_rng(seed).permutation(int(self.documents.max()) + 1)
        place = np.argsort(order)[self.documents]
        rows = np.argsort(place, kind="stable")[: max(1, round(share * len(self.vectors)))]
        mask = np.zeros(len(self.vectors), dtype=np.bool_)
        mask[rows] = True
        return mask


def real_vectors(home: Path) -> FloatMatrix:
    """Return the vectors in the cache of a collection, (n, d), in order of their texts' hashes."""
    with sqlite3.connect(f"file:{home / 'vectors.sqlite'}?mode=ro", uri=True) as connection:
        blobs = connection.execute("SELECT vector FROM vectors ORDER BY embedder, key").fetchall()
    if not blobs:
        raise SystemExit(f"{home} holds no vectors; ingest reports there first")
    return np.array([np.frombuffer(blob, dtype="<f4") for (blob,) in blobs], dtype=np.float32)


def enlarge(real: FloatMatrix, rows: int, *, seed: int = 1) -> Enlarged:
    """Return `rows` vectors: the real ones in clusters of near ones, then made ones, cluster by
    cluster again.
    """
    random = np.random.default_rng(seed)
    # Rows along the first principal direction: neighbours in it are alike, as in one report.
    centred = real - real.mean(axis=0)
    direction = np.linalg.svd(centred[random.permutation(len(real))[:2_000]])[2][0]
    ordered = real[np.argsort(centred @ direction, kind="stable")]
    parts = [ordered[:rows]]
    while (missing := rows - sum(map(len, parts))) > 0:
        base = ordered[:missing]
        one, other = (ordered[random.integers(len(ordered), size=len(base))] for _ in range(2))
        parts.append(unit(base + SPREAD * (one - other)))
    vectors = np.concatenate(parts)
    documents = np.arange(len(vectors), dtype=np.int64) // _PASSAGES_OF_A_DOCUMENT
    return Enlarged(vectors, documents)


def nearest_cosines(vectors: FloatMatrix, among: FloatMatrix, *, same: bool) -> float:
    """Return the median cosine of a sample of vectors to the nearest of `among`, not themselves."""
    sample = np.random.default_rng(2).permutation(len(vectors))[:_SAMPLE]
    cosines = vectors[sample] @ among.T
    if same:
        cosines[np.arange(len(sample)), sample] = -1
    return float(np.median(cosines.max(axis=1)))


def unit(vectors: FloatMatrix) -> FloatMatrix:
    """Return the rows at length 1."""
    found: FloatMatrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found.astype(np.float32)
