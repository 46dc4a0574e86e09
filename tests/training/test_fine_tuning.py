"""The training run: begins as the cross-encoder, goes on exactly, and can be exported."""

from pathlib import Path

import numpy as np
import pytest
import torch

from index.rerankers.onnx import OnnxReranker
from training.dequantising import load_cross_encoder, load_exported
from training.encoding import Batch, tokenizer
from training.examples import Example, write_examples
from training.exporting import export, mean_with
from training.fine_tuning import FineTuning, Recipe
from training.reading_model import ReadingModel, Shape
from training.run import Run, Schedule

pytestmark = pytest.mark.models
PAIRS = [
    ("How many States answered?", "In all, 46 States answered the survey."),
    ("How many States answered?", "The weather was fine in Almaty."),
    ("Who chairs the process?", "The process is chaired by Kazakhstan for two years."),
]


def test_the_weights_turned_back_rank_as_the_cross_encoder_does() -> None:
    model = ReadingModel().eval()
    load_cross_encoder(model)
    encoder = tokenizer()
    for question, passage in PAIRS:
        tokens = encoder.encode(question, passage)
        with torch.no_grad():
            output = model(
                torch.tensor([tokens.ids]),
                torch.tensor([tokens.attention_mask]),
                torch.tensor([tokens.type_ids]),
            )
        expected = float(OnnxReranker().score(question, [passage])[0])
        assert float(output.rank) == pytest.approx(expected, abs=0.3)


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    rows = [
        Example(q, p, 8, 10, "x") if "46" in p else Example(q, p, None, None, "x") for q, p in PAIRS
    ]
    write_examples(tmp_path / "train.jsonl", rows * 4)
    return tmp_path / "train.jsonl"


def test_a_run_cut_off_goes_on_to_the_very_same_weights(examples: Path, tmp_path: Path) -> None:
    recipe = Recipe(Schedule(batch=2, warm_up=2), average_every=2)
    whole = FineTuning(recipe, examples, tokenizer())
    losses = list(whole.run(until=4))
    first = FineTuning(recipe, examples, tokenizer())
    list(first.run(until=2))
    first.save(tmp_path / "latest.pt")
    second = FineTuning(recipe, examples, tokenizer())
    second.load(tmp_path / "latest.pt")
    rest = list(second.run(until=4))
    assert [each["span"] for each in rest] == [each["span"] for each in losses[2:]]
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, second.model.state_dict()[name]), name
        assert torch.equal(whole.averaged[name], second.averaged[name]), name


def test_the_rate_warms_up_stays_and_falls_to_nothing_in_a_branch(examples: Path) -> None:
    run = FineTuning(Recipe(Schedule(batch=2, warm_up=2)), examples, tokenizer())
    rates = [each["rate"] for each in run.run(until=6, decay_from=3)]
    assert np.allclose(np.array(rates) / 1e-4, [1 / 2, 1, 1, 1, 2 / 3, 1 / 3])


class Noting(Run):
    """Takes no step, and notes the windows that it was given."""

    def __init__(self, schedule: Schedule, examples: Path) -> None:
        super().__init__(schedule, examples, tokenizer())
        self.taken: list[tuple[int, ...]] = []

    def save(self, path: Path) -> None:
        """Nothing to keep."""

    def load(self, path: Path) -> None:
        """Nothing to go on from."""

    def _step(self, batch: Batch, factor: float) -> dict[str, float]:
        self.taken += [tuple(row) for row in batch.ids.tolist()]
        return {}


def test_another_order_takes_the_same_windows(examples: Path) -> None:
    long = "In all, 46 States answered. " + "The weather was fine in Almaty. " * 60
    rows = [Example(f"How many in {n}?", long, 8, 10, "x") for n in range(40)]
    write_examples(examples, rows)

    def taken(order: int | None) -> list[tuple[int, ...]]:
        run = Noting(Schedule(batch=4, order=order), examples)
        list(run.run(until=10))
        return run.taken

    first, second = taken(1), taken(2)
    assert first != second
    assert sorted(first) == sorted(second) == sorted(taken(None))
    assert first == taken(1)


def test_the_exported_file_says_what_the_model_says(tmp_path: Path) -> None:
    from onnxruntime import InferenceSession

    torch.manual_seed(1)
    shape = Shape(layers=2, hidden=32, heads=4, inner=64, vocabulary=100, positions=64)
    model = ReadingModel(shape).eval().requires_grad_(False)
    export(model, tmp_path / "model.onnx", int8=False)
    session = InferenceSession((tmp_path / "model.onnx").read_bytes())
    for length in (5, 17):
        ids = torch.randint(0, 100, (1, length))
        types = (torch.arange(length) > 2).long()[None]
        expected = model(ids, torch.ones_like(ids), types)
        given = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": types}
        found = session.run(None, {name: value.numpy() for name, value in given.items()})
        for mine, theirs in zip(
            found, (expected.spans, expected.answers, expected.rank), strict=True
        ):
            assert np.allclose(mine, theirs.numpy(), atol=1e-4)


def test_an_exported_model_is_read_back_as_far_as_int8_holds_it(tmp_path: Path) -> None:
    torch.manual_seed(2)
    shape = Shape(layers=2, hidden=32, heads=4, inner=64, vocabulary=100, positions=64)
    model = ReadingModel(shape).eval().requires_grad_(False)
    export(model, tmp_path / "int8.onnx")
    again = ReadingModel(shape)
    load_exported(again, tmp_path / "int8.onnx")
    for name, value in model.state_dict().items():
        step = float(value.abs().max()) / 127  # of a grid of 255 values over what a column holds
        assert torch.allclose(again.state_dict()[name], value, atol=step), name
    assert not torch.equal(again.words.weight, torch.zeros_like(again.words.weight))


def test_the_mean_of_models_is_that_of_every_weight(tmp_path: Path) -> None:
    shape = Shape(layers=2, hidden=32, heads=4, inner=64, vocabulary=100, positions=64)
    models = []
    for seed in range(3):
        torch.manual_seed(seed)
        models.append(ReadingModel(shape).eval().requires_grad_(False))
        export(models[-1], tmp_path / f"{seed}.onnx")
    mean = mean_with(models[0], [tmp_path / "1.onnx", tmp_path / "2.onnx"]).state_dict()
    for name, value in mean.items():
        states = [model.state_dict()[name] for model in models]
        step = max(float(state.abs().max()) for state in states) / 127  # what int8 rounds off
        assert torch.allclose(value, sum(states, torch.zeros(())) / 3, atol=step), name
