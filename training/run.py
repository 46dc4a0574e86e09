"""A training run: batches in an order that depends on the seed, a rate that rises and may fall.

A run is a trunk at a constant rate and branches from its checkpoints, on each of which the rate
falls to 0. So a usable model can be made at any time while the trunk goes on.
"""

import json
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from training.encoding import Batch, Window, batches, windows_of
from training.examples import read_examples

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_NEW_HEADS = ("spans.", "answers.")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a run goes on. Rates are AdamW's; the new heads' are `head_factor` times as high.

    Where long passages are cut depends on `seed`; `order` takes the same windows in another order.
    """

    seed: int = 2026
    order: int | None = None
    batch: int = 16
    rate: float = 1e-4
    head_factor: float = 10.0
    weight_decay: float = 0.01
    warm_up: int = 200


class Run(ABC):
    """A run over a file of examples; `steps` batches are behind it."""

    def __init__(self, schedule: Schedule, examples: Path, tokenizer: "Tokenizer") -> None:
        self.schedule = schedule
        self.steps = 0
        self._examples = examples
        self._tokenizer = tokenizer

    @abstractmethod
    def save(self, path: Path) -> None:
        """Write all that is needed to go on exactly; a run cut off while writing loses nothing."""

    @abstractmethod
    def load(self, path: Path) -> None:
        """Go on from a checkpoint; the order of examples depends on seed and steps alone."""

    @abstractmethod
    def _step(self, batch: Batch, factor: float) -> dict[str, float]:
        """Take a step at `factor` of the full rate and return its losses."""

    def run(self, *, until: int, decay_from: int | None = None) -> Iterator[dict[str, float]]:
        """Train up to `until` steps, yielding each step's losses.

        From `decay_from` on the rate falls linearly, to 0 at `until`.
        """
        for batch in islice(self._batches(), self.steps, until):
            factor = self._factor(decay_from, until)
            began = time.monotonic()
            losses = self._step(batch, factor)
            self.steps += 1
            yield {
                "step": self.steps,
                "rate": self.schedule.rate * factor,
                "tokens": batch.ids.numel(),
                "seconds": time.monotonic() - began,
                **losses,
            }

    def _batches(self) -> Iterator[Batch]:
        """Yield the batches of the whole run from its start; skipping some is cheap."""
        seed = self.schedule.seed
        windows = self._heard(windows_of(read_examples(self._examples), self._tokenizer, seed))
        if self.schedule.order is not None:
            windows = _shuffled(windows, random.Random(self.schedule.order))
        return batches(windows, self.schedule.batch, random.Random(seed + 1))

    def _heard(self, windows: Iterator[Window]) -> Iterator[Window]:
        """Yield the windows as the run takes them."""
        return windows

    def _factor(self, decay_from: int | None, until: int) -> float:
        warm = min(1.0, (self.steps + 1) / self.schedule.warm_up)
        if decay_from is None or self.steps < decay_from:
            return warm
        return warm * (until - self.steps) / (until - decay_from)


def _shuffled(windows: Iterable[Window], draw: random.Random) -> Iterator[Window]:
    several = list(windows)
    draw.shuffle(several)
    return iter(several)


def optimizer_of(weights: Iterable[tuple[str, Tensor]], schedule: Schedule) -> torch.optim.AdamW:
    """Return AdamW over named weights: vectors and the new heads do not decay."""
    heads, matrices, vectors = [], [], []
    for name, value in weights:
        if name.startswith(_NEW_HEADS):
            heads.append(value)
        elif value.ndim > 1:
            matrices.append(value)
        else:
            vectors.append(value)
    high = schedule.rate * schedule.head_factor
    groups = [
        {"params": heads, "lr": high, "full_rate": high, "weight_decay": 0.0},
        {"params": matrices, "lr": schedule.rate, "full_rate": schedule.rate},
        {"params": vectors, "lr": schedule.rate, "full_rate": schedule.rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, weight_decay=schedule.weight_decay, fused=True)


def step_at(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Take the optimizer's step at a share of the full rate, and drop the gradients."""
    for group in optimizer.param_groups:
        group["lr"] = group["full_rate"] * factor
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


def write_checkpoint(state: dict[str, object], path: Path) -> None:
    """Write a checkpoint whole or not at all."""
    unfinished = path.with_suffix(".part")
    torch.save(state, unfinished)
    unfinished.replace(path)


def log_line(losses: dict[str, float]) -> str:
    """Return the losses as a line of JSON."""
    return json.dumps({name: round(value, 6) for name, value in losses.items()})
