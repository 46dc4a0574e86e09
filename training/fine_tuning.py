"""The span finder's training: from the cross-encoder, with two new heads, and maybe a teacher."""

import copy
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from training.dequantising import load_cross_encoder, load_exported
from training.encoding import Batch, Window
from training.losses import losses_of
from training.reading_model import Output, ReadingModel
from training.run import Run, Schedule, optimizer_of, step_at, write_checkpoint
from training.soft_labels import SoftLabels

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the span finder is trained.

    The ranking head is held to the cross-encoder's logits on every `rank_every`-th batch, so that
    one pass can rank and read. What a teacher says of a window counts `taught_share`, where it
    has read it. `averaged` is the decay a step of the weights' running mean.
    """

    schedule: Schedule = field(default_factory=Schedule)
    dropout: float = 0.05
    answer_weight: float = 0.5
    rank_weight: float = 0.1
    rank_every: int = 4
    taught_share: float = 0.5
    averaged: float = 0.998
    average_every: int = 10


class FineTuning(Run):
    """A run of the span finder."""

    def __init__(
        self,
        recipe: Recipe,
        examples: Path,
        tokenizer: "Tokenizer",
        soft_labels: SoftLabels | None = None,
    ) -> None:
        super().__init__(recipe.schedule, examples, tokenizer)
        self.recipe = recipe
        self._soft_labels = soft_labels
        torch.manual_seed(recipe.schedule.seed)
        self.model = ReadingModel(dropout=recipe.dropout)
        load_cross_encoder(self.model)
        self._cross_encoder = copy.deepcopy(self.model).eval().requires_grad_(False)
        self.model.words.requires_grad_(False)
        stepped = ((n, value) for n, value in self.model.named_parameters() if value.requires_grad)
        self._optimizer = optimizer_of(stepped, recipe.schedule)
        self.averaged = copy.deepcopy(self.model.state_dict())

    def start_from(self, path: Path) -> None:
        """Take the weights of an exported model; the run itself begins at its first step."""
        load_exported(self.model, path)
        self.averaged = copy.deepcopy(self.model.state_dict())

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
        write_checkpoint(state, path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint; the order of examples depends on seed and steps alone."""
        state = torch.load(path, weights_only=True)
        self.steps = state["steps"]
        self.model.load_state_dict(state["model"])
        self.averaged = state["averaged"]
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])

    def _heard(self, windows: Iterator[Window]) -> Iterator[Window]:
        return windows if self._soft_labels is None else self._soft_labels.taught(windows)

    def _step(self, batch: Batch, factor: float) -> dict[str, float]:
        self.model.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = self.model(batch.ids, batch.attention, batch.types)
        losses = losses_of(output, batch, self.recipe.taught_share)
        weights = {"span": 1.0, "answer": self.recipe.answer_weight}
        if self.steps % self.recipe.rank_every == 0:
            losses["rank"] = self._rank_loss(output, batch)
            weights["rank"] = self.recipe.rank_weight
        total = sum((weights[name] * loss for name, loss in losses.items()), torch.zeros(()))
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        step_at(self._optimizer, factor)
        self._average()
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _rank_loss(self, output: Output, batch: Batch) -> Tensor:
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            ranked = self._cross_encoder(batch.ids, batch.attention, batch.types).rank
        return functional.smooth_l1_loss(output.rank.float(), ranked.float())

    def _average(self) -> None:
        if self.steps % self.recipe.average_every:
            return
        keep = min(self.recipe.averaged, (self.steps + 1) / (self.steps + 10))
        keep **= self.recipe.average_every
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                if name != "words.weight":
                    self.averaged[name].lerp_(value, 1 - keep)
