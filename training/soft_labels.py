"""What a teacher says of training windows: kept by window, for any mixture that has it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from corpus.ids import sha256_of
from training.encoding import Taught, Window, padded

if TYPE_CHECKING:
    from training.teacher_model import TeacherModel

Column = npt.NDArray[np.generic]

_SHARD = 480  # windows: about half a minute's reading on one core
_AT_ONCE = 16
_LIKELIEST = 8  # places kept of each window; the others have next to nothing


class SoftLabels:
    """Files of labels, asked window by window."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Read the files. Raises: OSError, or ValueError for a file of something else."""
        self._taught: dict[int, Taught] = {}
        for path in paths:
            for key, places, shares, answers in zip(*_columns(path), strict=True):
                self._taught[int(key)] = Taught(places, shares, float(answers))

    def __len__(self) -> int:
        """How many windows were read by the teacher."""
        return len(self._taught)

    def taught(self, windows: Iterable[Window]) -> Iterator[Window]:
        """Yield the windows, each with what the teacher says of it, if it has read it."""
        for window in windows:
            yield replace(window, taught=self._taught.get(_key(window)))


def label(
    teacher: "TeacherModel",
    windows: Iterator[Window],
    folder: Path,
    *,
    shards: int,
    every: int = 1,
    first: int = 0,
) -> Iterator[int]:
    """Write the shards that are not there yet, yielding the number of each.

    `every` and `first` share the work out among processes: shards first, first + every, ….
    """
    folder.mkdir(parents=True, exist_ok=True)
    for shard in range(shards):
        several = list(islice(windows, _SHARD))
        path = folder / f"taught-{shard:04}.npz"
        if several and shard % every == first and not path.exists():
            _write(path, several, _read(teacher, several))
            yield shard


def joined(paths: Sequence[Path], out: Path, *, shift: float = 0.0) -> int:
    """Write the labels of several files as one, and return how many windows it has.

    `shift` is added to the logits of answering, for a teacher that says yes too often.
    """
    files = [_columns(path) for path in paths]
    windows, places, shares, answers = (np.concatenate(each) for each in zip(*files, strict=True))
    _, once = np.unique(windows, return_index=True)
    _save(out, windows[once], places[once], shares[once], answers[once] + np.float16(shift))
    return len(once)


def _key(window: Window) -> int:
    """Return what tells the window from others: 64 bits of its tokens' checksum."""
    return int(sha256_of(np.array(window.ids, dtype=np.uint16).tobytes())[:16], 16)


def _read(teacher: "TeacherModel", windows: Sequence[Window]) -> list[Taught]:
    """Return what the teacher says of each window, read beside others of like length."""
    from training.losses import within_passage
    from training.teacher_model import read

    taught: dict[int, Taught] = {}
    by_length = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
    for low in range(0, len(by_length), _AT_ONCE):
        rows = by_length[low : low + _AT_ONCE]
        batch = padded([windows[i] for i in rows])
        with torch.no_grad():
            output = read(teacher, batch)
        shares = torch.softmax(within_passage(output.spans, batch), dim=1)
        for row, i in enumerate(rows):
            taught[i] = _likeliest(shares[row], float(output.answers[row]))
    return [taught[i] for i in range(len(windows))]


def _likeliest(shares: Tensor, answers: float) -> Taught:
    """Return the likeliest places of a window; `shares` are (n, 2), of starts and ends."""
    kept, places = shares.T.topk(_LIKELIEST)
    kept = kept / kept.sum(dim=1, keepdim=True)
    return Taught(places.numpy().astype(np.uint8), kept.numpy().astype(np.float16), answers)


def _write(path: Path, windows: Sequence[Window], taught: Sequence[Taught]) -> None:
    _save(
        path,
        np.array([_key(window) for window in windows], dtype=np.uint64),
        np.stack([each.places for each in taught]),
        np.stack([each.shares for each in taught]),
        np.array([each.answers for each in taught], dtype=np.float16),
    )


def _save(path: Path, windows: Column, places: Column, shares: Column, answers: Column) -> None:
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, windows=windows, places=places, shares=shares, answers=answers)
    unfinished.replace(path)


def _columns(path: Path) -> tuple[Column, ...]:
    """Return a file's windows (w,), places and shares (w, 2, k) and answers (w,)."""
    with np.load(path) as kept:
        return tuple(kept[name] for name in ("windows", "places", "shares", "answers"))
