"""The training run: constant rate after a warm-up, checkpoints to go on from, a decay to end with.

A run is a trunk at a constant rate and branches from its checkpoints, on each of which the rate
falls to 0. So a usable model can be made at any time while the trunk goes on.
"""

import copy
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from training.dequantising import load_cross_encoder, load_exported
from training.encoding import Batch, Window, batches, window_of
from training.examples import read_examples
from training.reading_model import Output, ReadingModel

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_NEW_HEADS = ("spans.", "answers.")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the model is trained. Rates are AdamW's; the new heads' are `head_factor` times as high.

    The ranking head is held to the cross-encoder's logits on every `rank_every`-th batch, so that
    one pass can rank and read. `averaged` is the decay a step of the weights' running mean.
    """

    seed: int = 2026
    batch: int = 16
    rate: float = 1e-4
    head_factor: float = 10.0
    weight_decay: float = 0.01
    warm_up: int = 200
    dropout: float = 0.05
    answer_weight: float = 0.5
    rank_weight: float = 0.1
    rank_every: int = 4
    averaged: float = 0.998
    average_every: int = 10


class FineTuning:
    """A run over a file of examples; `steps` batches are behind it."""

    def __init__(self, recipe: Recipe, examples: Path, tokenizer: "Tokenizer") -> None:
        self.recipe = recipe
        self._examples = examples
        self._tokenizer = tokenizer
        torch.manual_seed(recipe.seed)
        self.model = ReadingModel(dropout=recipe.dropout)
        load_cross_encoder(self.model)
        self._teacher = copy.deepcopy(self.model).eval().requires_grad_(False)
        self.model.words.requires_grad_(False)
        self._optimizer = _optimizer(self.model, recipe)
        self.averaged = copy.deepcopy(self.model.state_dict())
        self.steps = 0

    def run(self, *, until: int, decay_from: int | None = None) -> Iterator[dict[str, float]]:
        """Train up to `until` steps, yielding each step's losses.

        From `decay_from` on the rate falls linearly, to 0 at `until`.
        """
        self.model.train()
        for batch in islice(self._batches(), self.steps, until):
            factor = self._factor(decay_from, until)
            for group in self._optimizer.param_groups:
                group["lr"] = group["full_rate"] * factor
            began = time.monotonic()
            losses = self._step(batch)
            self.steps += 1
            yield {
                "step": self.steps,
                "rate": self.recipe.rate * factor,
                "tokens": batch.ids.numel(),
                "seconds": time.monotonic() - began,
                **losses,
            }

    def save(self, path: Path) -> None:
        """Write all that is needed to go on exactly; a run cut off while writing loses nothing."""
        state = {
            "recipe": asdict(self.recipe),
            "steps": self.steps,
            "model": self.model.state_dict(),
            "averaged": self.averaged,
            "optimizer": self._optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }
        unfinished = path.with_suffix(".part")
        torch.save(state, unfinished)
        unfinished.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint; the order of examples depends on seed and steps alone."""
        state = torch.load(path, weights_only=True)
        self.steps = state["steps"]
        self.model.load_state_dict(state["model"])
        self.averaged = state["averaged"]
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])

    def start_from(self, path: Path) -> None:
        """Take the weights of an exported model; the run itself begins at its first step."""
        load_exported(self.model, path)
        self.averaged = copy.deepcopy(self.model.state_dict())

    def _batches(self) -> Iterator[Batch]:
        """Yield the batches of the whole run from its start; skipping some is cheap."""
        draw = random.Random(self.recipe.seed)

        def windows() -> Iterator[Window]:
            for example in read_examples(self._examples):
                yield window_of(example, self._tokenizer, draw)

        return batches(windows(), self.recipe.batch, random.Random(self.recipe.seed + 1))

    def _factor(self, decay_from: int | None, until: int) -> float:
        warm = min(1.0, (self.steps + 1) / self.recipe.warm_up)
        if decay_from is None or self.steps < decay_from:
            return warm
        return warm * (until - self.steps) / (until - decay_from)

    def _step(self, batch: Batch) -> dict[str, float]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = self.model(batch.ids, batch.attention, batch.types)
        losses = _losses(output, batch)
        weights = {"span": 1.0, "answer": self.recipe.answer_weight}
        if self.steps % self.recipe.rank_every == 0:
            losses["rank"] = self._rank_loss(output, batch)
            weights["rank"] = self.recipe.rank_weight
        total = sum((weights[name] * loss for name, loss in losses.items()), torch.zeros(()))
        self._optimizer.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()
        self._average()
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _rank_loss(self, output: Output, batch: Batch) -> Tensor:
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            taught = self._teacher(batch.ids, batch.attention, batch.types).rank
        return functional.smooth_l1_loss(output.rank.float(), taught.float())

    def _average(self) -> None:
        if self.steps % self.recipe.average_every:
            return
        keep = min(self.recipe.averaged, (self.steps + 1) / (self.steps + 10))
        keep **= self.recipe.average_every
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                if name != "words.weight":
                    self.averaged[name].lerp_(value, 1 - keep)


def _losses(output: Output, batch: Batch) -> dict[str, Tensor]:
    """Return cross-entropy over the places that may begin and end an answer, and of answering."""
    outside = (batch.types == 0) | (batch.attention == 0)
    outside[:, 0] = False
    logits = output.spans.float().masked_fill(outside[:, :, None], -1e4)
    starts = functional.cross_entropy(logits[:, :, 0], batch.starts)
    ends = functional.cross_entropy(logits[:, :, 1], batch.ends)
    answered = (batch.starts > 0).float()
    answer = functional.binary_cross_entropy_with_logits(output.answers.float(), answered)
    return {"span": (starts + ends) / 2, "answer": answer}


def _optimizer(model: ReadingModel, recipe: Recipe) -> torch.optim.AdamW:
    heads, weights, plain = [], [], []
    for name, value in model.named_parameters():
        if not value.requires_grad:
            continue
        if name.startswith(_NEW_HEADS):
            heads.append(value)
        elif value.ndim > 1:
            weights.append(value)
        else:
            plain.append(value)
    high = recipe.rate * recipe.head_factor
    groups = [
        {"params": heads, "lr": high, "full_rate": high, "weight_decay": 0.0},
        {"params": weights, "lr": recipe.rate, "full_rate": recipe.rate},
        {"params": plain, "lr": recipe.rate, "full_rate": recipe.rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)


def log_line(losses: dict[str, float]) -> str:
    """Return the losses as a line of JSON."""
    return json.dumps({name: round(value, 6) for name, value in losses.items()})
