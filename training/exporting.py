"""A trained model as an ONNX file, in fp32 and then with int8 weights."""

import copy
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from training.dequantising import load_exported
from training.reading_model import ReadingModel

_INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
_OUTPUTS = ["spans", "answer", "rank"]


def export(model: ReadingModel, path: Path, *, int8: bool = True) -> None:
    """Write the model as ONNX: token ids in; span logits, answer's and ranking's logit out.

    With `int8` the matrices are stored as 8-bit integers and activations are quantised as they
    come (dynamic quantisation), in the layout that the other bundled models have.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "fp32.onnx"
        _export_fp32(model, whole)
        if int8:
            _quantise(whole, path)
        else:
            path.write_bytes(whole.read_bytes())


def averaged_model(checkpoint: Path) -> ReadingModel:
    """Return the model of a checkpoint with the running mean of its weights, ready to predict."""
    return _model(checkpoint, "averaged")


def last_model(checkpoint: Path) -> ReadingModel:
    """Return the model of a checkpoint with its last weights, ready to predict."""
    return _model(checkpoint, "model")


def mean_with(model: ReadingModel, exported: Sequence[Path]) -> ReadingModel:
    """Return a model whose weights are the mean of the model's and those of exported ones.

    One that a run began from and what the run made of it are near enough for that.

    *Source:* Wortsman et al., Model soups, 2022; Robust fine-tuning of zero-shot models, 2022.
    """
    states = [model.state_dict()]
    for path in exported:
        other = copy.deepcopy(model)
        load_exported(other, path)
        states.append(other.state_dict())
    mean = copy.deepcopy(model)
    mean.load_state_dict({k: sum(each[k] for each in states) / len(states) for k in states[0]})
    return mean


class _Plain(nn.Module):
    """The model with its outputs as a tuple, which ONNX has."""

    def __init__(self, model: ReadingModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, attention: Tensor, types: Tensor) -> tuple[Tensor, ...]:
        output = self.model(ids, attention, types)
        return output.spans, output.answers, output.rank


def _model(checkpoint: Path, weights: str) -> ReadingModel:
    model = ReadingModel()
    model.load_state_dict(torch.load(checkpoint, weights_only=True)[weights])
    return model.eval().requires_grad_(False)


def _export_fp32(model: ReadingModel, path: Path) -> None:
    example = torch.ones((1, 8), dtype=torch.long)
    axes = {name: {0: "batch", 1: "tokens"} for name in [*_INPUTS, "spans"]}
    axes |= {name: {0: "batch"} for name in ("answer", "rank")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own age and of every shape
        torch.onnx.export(
            _Plain(model),
            (example, example, torch.zeros_like(example)),
            str(path),
            input_names=_INPUTS,
            output_names=_OUTPUTS,
            dynamic_axes=axes,
            dynamo=False,
        )


def _quantise(whole: Path, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # One scale for each column: with one for the whole matrix AUROC on held-out questions fell
    # from 0.911 to 0.888.
    quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True)
