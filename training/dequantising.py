"""int8 ONNX files turned back into weights that can be trained: the cross-encoder's, and ours."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from index.models.model_files import MS_MARCO_MINILM_MODEL
from training.reading_model import ReadingModel, weight_names

Weights = npt.NDArray[np.float32]

_LAYER_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}


def cross_encoder_weights() -> dict[str, Weights]:
    """Return the weights by BERT's names: each int8 value less its zero point, times its scale.

    Matrices of linear parts are (out, in) as torch keeps them.
    Raises: ModelError if the file is not the one expected.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(MS_MARCO_MINILM_MODEL.read()).graph
    kept = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    weights = {
        name: np.array(value, dtype=np.float32)
        for name, value in kept.items()
        if value.dtype == np.float32
        and name.startswith(("bert.", "classifier."))
        and not name.endswith("_scale")
    }
    for name in kept:
        if name.startswith("bert.embeddings.") and name.endswith(".weight_quantized"):
            weights[name.removesuffix("_quantized")] = _value(kept, name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            part = node.name.strip("/").replace("/", ".")
            part = part.removesuffix(".MatMul_quant").removesuffix(".Gemm_MatMul_quant")
            weights[f"{part}.weight"] = np.ascontiguousarray(_value(kept, node.input[1]).T)
    return weights


def load_exported(model: ReadingModel, path: Path) -> None:
    """Fill the whole model from a file that `training.exporting` wrote.

    So a run can go on from released weights where its checkpoints are gone; what int8 rounded off
    stays off.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    kept = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    state = model.state_dict()
    for name in state:
        plain, quantized = kept.get(f"model.{name}"), f"model.{name}_quantized"
        if plain is not None:
            state[name] = torch.from_numpy(np.array(plain, dtype=np.float32))
        elif quantized in kept:
            state[name] = torch.from_numpy(_value(kept, quantized))
    for node in graph.node:
        if node.op_type == "MatMulInteger":  # its name is its part's: /model/layers.0/query/MatMul…
            part = node.name.removeprefix("/model/").rpartition("/")[0].replace("/", ".")
            weight = np.ascontiguousarray(_value(kept, node.input[1]).T)
            state[f"{part}.weight"] = torch.from_numpy(weight)
    model.load_state_dict(state)


def load_cross_encoder(model: ReadingModel) -> None:
    """Fill encoder, pooler and ranking head; the other heads stay as they are."""
    weights = cross_encoder_weights()
    state = model.state_dict()
    for name, theirs in _names(len(model.layers)):
        state[name] = torch.from_numpy(weights[theirs]).reshape(state[name].shape)
    model.load_state_dict(state)


def _value(kept: dict[str, npt.NDArray[np.generic]], quantized: str) -> Weights:
    base = quantized.removesuffix("_quantized")
    whole = kept[quantized].astype(np.float32)
    zero = kept[f"{base}_zero_point"].astype(np.float32)
    return np.asarray((whole - zero) * kept[f"{base}_scale"].astype(np.float32), dtype=np.float32)


def _names(layers: int) -> Iterator[tuple[str, str]]:
    embeddings = "bert.embeddings"
    yield "words.weight", f"{embeddings}.word_embeddings.weight"
    yield "positions.weight", f"{embeddings}.position_embeddings.weight"
    yield "types.weight", f"{embeddings}.token_type_embeddings.weight"
    parts = {"embedding_norm": f"{embeddings}.LayerNorm", "pooler": "bert.pooler.dense"}
    parts["rank"] = "classifier"
    yield from weight_names(parts, _LAYER_PARTS, "bert.encoder.layer", layers)
