"""The teacher: MPNet's encoder, trained and asked like the span finder, and what is made of it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from training.encoding import (
    Batch,
    TaughtBatch,
    Window,
    batches,
    tokenizer,
    window_of,
    windows_of,
)
from training.examples import Example, read_examples, write_examples
from training.fine_tuning import FineTuning, Recipe
from training.losses import losses_of, within_passage
from training.reading_model import Output, Shape
from training.run import Schedule
from training.soft_labels import SoftLabels, joined, label
from training.teacher_model import TeacherModel, mpnet_names, read
from training.teaching import TeacherRecipe, Teaching, taught

pytestmark = pytest.mark.models
SMALL = Shape(layers=2, hidden=32, heads=4, inner=64, vocabulary=30527, positions=300)
RECIPE = TeacherRecipe(Schedule(batch=2, warm_up=2), frozen_layers=1)


def small_teacher(seed: int = 1) -> TeacherModel:
    torch.manual_seed(seed)
    return TeacherModel(SMALL)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    passage = "In all, 46 States answered the survey."
    answered = Example("How many States answered?", passage, 8, 10, "x")
    elsewhere = Example("How many States answered?", "It was fine in Almaty.", None, None, "x")
    write_examples(tmp_path / "train.jsonl", [answered, elsewhere] * 300)
    return tmp_path / "train.jsonl"


def test_the_encoder_is_mpnets() -> None:
    from transformers import MPNetConfig, MPNetModel

    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=30527,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=300,
        layer_norm_eps=1e-5,
    )
    theirs = MPNetModel(config, add_pooling_layer=False).eval()  # type: ignore[no-untyped-call]
    mine = small_teacher().eval()
    weights = theirs.state_dict()
    state = mine.state_dict()
    state.update({name: weights[other] for name, other in mpnet_names(2)})
    mine.load_state_dict(state)
    ids = torch.randint(4, 30000, (2, 250))  # beyond the last bucket of distances
    attention = torch.ones_like(ids)
    attention[1, 180:] = 0
    ids[attention == 0] = 1
    expected = theirs(input_ids=ids, attention_mask=attention).last_hidden_state
    found = mine(ids, attention).spans
    assert torch.allclose(found[0], mine.spans(expected[0]), atol=1e-5)
    assert torch.allclose(found[1, :180], mine.spans(expected[1, :180]), atol=1e-5)


def test_a_run_cut_off_goes_on_to_the_very_same_weights(data: Path, tmp_path: Path) -> None:
    whole = Teaching(RECIPE, small_teacher(), data, tokenizer())
    list(whole.run(until=4, decay_from=3))
    first = Teaching(RECIPE, small_teacher(), data, tokenizer())
    list(first.run(until=2, decay_from=3))
    first.save(tmp_path / "latest.pt")
    second = Teaching(RECIPE, small_teacher(seed=9), data, tokenizer())
    second.model.load_state_dict(small_teacher().bfloat16().state_dict())  # what is frozen
    second.load(tmp_path / "latest.pt")
    list(second.run(until=4, decay_from=3))
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, second.model.state_dict()[name]), name


def test_training_lowers_the_loss_and_leaves_the_frozen_layers(data: Path) -> None:
    answered = Example("How many?", "In all, 46 States answered the survey.", 8, 10, "x")
    write_examples(data, [answered] * 160)
    recipe = TeacherRecipe(Schedule(batch=4, warm_up=2, rate=1e-3), frozen_layers=1)
    run = Teaching(recipe, small_teacher(), data, tokenizer())
    losses = [each["span"] for each in run.run(until=40)]
    assert losses[-1] < 0.5 * losses[0]
    state, before = run.model.state_dict(), small_teacher().bfloat16().state_dict()
    assert torch.equal(state["layers.0.inner.weight"], before["layers.0.inner.weight"])
    assert not torch.equal(state["layers.1.inner.weight"], before["layers.1.inner.weight"])


def test_the_mean_of_two_runs_is_that_of_their_weights(data: Path, tmp_path: Path) -> None:
    runs = []
    for seed in (1, 2):
        recipe = TeacherRecipe(Schedule(seed=seed, batch=2, warm_up=2), frozen_layers=1)
        run = Teaching(recipe, small_teacher(), data, tokenizer())
        list(run.run(until=3))
        run.save(tmp_path / f"{seed}.pt")
        runs.append(run.model.state_dict()["layers.1.inner.weight"].float())
    mean = taught(small_teacher(), [tmp_path / "1.pt", tmp_path / "2.pt"])
    found = mean.state_dict()["layers.1.inner.weight"].float()
    assert not torch.equal(runs[0], runs[1])
    assert torch.allclose(found, (runs[0] + runs[1]) / 2, atol=1e-3)


def windows(data: Path) -> Iterator[Window]:
    return windows_of(read_examples(data), tokenizer(), 2026)


def labelled(data: Path, shards: int) -> SoftLabels:
    teacher = small_teacher().eval()
    for first in (0, 1):
        made = label(teacher, windows(data), data.parent, shards=shards, every=2, first=first)
        assert list(made) == list(range(first, shards, 2))
    return SoftLabels(sorted(data.parent.glob("taught-*.npz")))


def test_labels_are_what_the_teacher_says_of_each_window(data: Path) -> None:
    labels = labelled(data, shards=1)
    assert len(labels) == 2  # the same two windows, again and again
    teacher = small_teacher().eval()
    for batch in batches(labels.taught(islice(windows(data), 64)), 4, random.Random(1)):
        assert batch.taught is not None
        with torch.no_grad():
            output = read(teacher, batch)
        shares = torch.softmax(within_passage(output.spans, batch), dim=1)
        likeliest = shares.topk(8, dim=1).values
        kept = batch.taught.spans.topk(8, dim=1).values
        expected = likeliest / likeliest.sum(dim=1, keepdim=True)
        assert torch.allclose(kept, expected, atol=0.01)
        assert torch.allclose(batch.taught.answers, output.answers, atol=0.02)
        assert batch.taught.known.tolist() == [1.0] * 4


def test_a_window_that_was_not_read_is_not_taught(data: Path) -> None:
    labels = labelled(data, shards=1)
    other = Example("Who?", "The process is chaired by Kazakhstan for two years.", 26, 36, "x")
    mixed = [*islice(windows(data), 3), window_of(other, tokenizer(), random.Random(1))]
    (batch,) = batches(labels.taught(mixed), 4, random.Random(1))
    assert batch.taught is not None
    assert sorted(batch.taught.known.tolist()) == [0.0, 1.0, 1.0, 1.0]


def test_labels_that_are_there_are_not_made_again(data: Path) -> None:
    labelled(data, shards=1)
    made = label(small_teacher(), windows(data), data.parent, shards=2)
    assert list(made) == [1]


def test_labels_of_several_files_become_one_without_repeats(data: Path, tmp_path: Path) -> None:
    labels = labelled(data, shards=2)
    assert joined(sorted(tmp_path.glob("taught-*.npz")), tmp_path / "all.npz") == 2
    (one,), (again,) = (
        list(each.taught(islice(windows(data), 1)))
        for each in (labels, SoftLabels([tmp_path / "all.npz"]))
    )
    assert one.taught is not None
    assert again.taught is not None
    assert np.array_equal(one.taught.places, again.taught.places)
    assert one.taught.answers == again.taught.answers
    joined(sorted(tmp_path.glob("taught-*.npz")), tmp_path / "less.npz", shift=-0.5)
    (less,) = SoftLabels([tmp_path / "less.npz"]).taught(islice(windows(data), 1))
    assert less.taught is not None
    assert less.taught.answers == pytest.approx(one.taught.answers - 0.5, abs=0.002)


def batch_of(starts: list[int], known: float) -> Batch:
    """Return windows of six tokens, four of them the passage's, that a teacher is unsure of."""
    rows, length = len(starts), 6
    spans = torch.zeros(rows, length, 2)
    spans[:, [0, 2, 3, 4, 5]] = 0.2
    return Batch(
        ids=torch.zeros(rows, length, dtype=torch.long),
        attention=torch.ones(rows, length, dtype=torch.long),
        types=torch.tensor([[0, 0, 1, 1, 1, 1]]).repeat(rows, 1),
        starts=torch.tensor(starts),
        ends=torch.tensor(starts),
        taught=TaughtBatch(spans, torch.tensor([2.0, -1.0]), torch.full((rows,), known)),
    )


def losses(batch: Batch, spans: torch.Tensor, answers: list[float], share: float) -> list[float]:
    output = Output(spans, torch.tensor(answers), torch.zeros(2))
    found = losses_of(output, batch, share)
    return [float(found["span"]), float(found["answer"])]


def test_the_loss_is_least_where_it_says_what_the_teacher_says() -> None:
    batch = batch_of([3, 0], known=1.0)
    best = losses(batch, torch.zeros(2, 6, 2), [2.0, -1.0], 1.0)
    assert best[0] == pytest.approx(np.log(5))
    assert best[0] < losses(batch, torch.randn(2, 6, 2), [2.0, -1.0], 1.0)[0]
    for answers in ([2.5, -1.0], [2.0, 0.0]):
        assert best[1] < losses(batch, torch.zeros(2, 6, 2), answers, 1.0)[1]


@pytest.mark.parametrize(("known", "share"), [(0.0, 1.0), (1.0, 0.0)])
def test_what_no_teacher_says_or_is_not_heard_is_held_to_the_answer(
    known: float, share: float
) -> None:
    spans = torch.randn(2, 6, 2)
    alone = losses(replace(batch_of([3, 0], known), taught=None), spans, [0.5, 0.5], 0.5)
    assert losses(batch_of([3, 0], known), spans, [0.5, 0.5], share) == pytest.approx(alone)
    assert losses(batch_of([3, 0], 1.0), spans, [0.5, 0.5], 0.5) != pytest.approx(alone)


def test_without_a_teacher_it_is_the_cross_entropy() -> None:
    batch, spans = replace(batch_of([3, 0], 0.0), taught=None), torch.randn(2, 6, 2)
    inside = spans.masked_fill((batch.types == 0)[:, :, None], -1e9)
    inside[:, 0] = spans[:, 0]
    each = [float(functional.cross_entropy(inside[:, :, i], batch.starts)) for i in (0, 1)]
    assert losses(batch, spans, [0.0, 0.0], 0.0) == pytest.approx([sum(each) / 2, np.log(2)])


def test_the_span_finder_is_trained_with_labels_and_without(data: Path) -> None:
    recipe = Recipe(Schedule(batch=2, warm_up=2))
    taught = FineTuning(recipe, data, tokenizer(), labelled(data, shards=1))
    alone = FineTuning(recipe, data, tokenizer())
    first = [next(iter(run.run(until=1)))["span"] for run in (taught, alone)]
    assert first[0] != first[1]
