"""The graph of the multilingual encoder, without a weight in it: `multilingual-e5-small.onnx`.

The weights are given to onnxruntime when the graph is opened, in the blocks of 32 that they are
packed in; `MatMulNBits` multiplies by those, with activations in 8 bits a block.
"""

from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

from index.models.model_files import MULTILINGUAL_E5_SMALL_WEIGHTS
from index.models.packed_encoder import INPUT, OUTPUT, initializers
from index.models.packed_model import BLOCK, PackedModel

_DOMAIN = "com.microsoft"
_EIGHT_BIT_ACTIVATIONS = 4


def write_graph(path: Path) -> None:
    """Write the graph. Raises: ModelError without the package that carries the weights."""
    model = PackedModel.open(MULTILINGUAL_E5_SMALL_WEIGHTS)
    path.write_bytes(graph_of(model).SerializeToString())


def graph_of(model: PackedModel) -> ModelProto:
    """Return BERT's encoder over embedded tokens, (1, tokens, d) in and out."""
    nodes = [_norm([INPUT], "norm", "layer0")]
    for layer in range(model.layers):
        last = layer + 1 == model.layers
        nodes += _layer(model, layer, OUTPUT if last else f"layer{layer + 1}")
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "tokens", model.hidden])
        for name in (INPUT, OUTPUT)
    ]
    graph = helper.make_graph(nodes, "encoder", values[:1], values[1:], _outside(model))
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_DOMAIN, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def _layer(model: PackedModel, layer: int, output: str) -> list[NodeProto]:
    of, into, wide = f"l{layer}.", f"layer{layer}", model.hidden
    parts = [f"{of}{part}" for part in ("query", "key", "value")]
    return [
        *_linear(into, f"{of}attended", wide, 3 * wide),
        helper.make_node("Split", [f"{of}attended"], parts, axis=-1, num_outputs=3),
        helper.make_node(
            "MultiHeadAttention", parts, [f"{of}heads"], domain=_DOMAIN, num_heads=model.heads
        ),
        *_linear(f"{of}heads", f"{of}joined", wide, wide),
        _norm([f"{of}joined", into], f"{of}attended_norm", f"{of}normed"),
        *_linear(f"{of}normed", f"{of}inner", wide, model.inner),
        helper.make_node("Gelu", [f"{of}inner"], [f"{of}active"], domain=_DOMAIN),
        *_linear(f"{of}active", f"{of}outer", model.inner, wide),
        _norm([f"{of}outer", f"{of}normed"], f"{of}outer_norm", output),
    ]


def _linear(into: str, name: str, columns: int, rows: int) -> list[NodeProto]:
    return [
        helper.make_node(
            "MatMulNBits",
            [into, f"{name}.weight", f"{name}.scales"],
            [f"{name}.product"],
            domain=_DOMAIN,
            K=columns,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=_EIGHT_BIT_ACTIVATIONS,
        ),
        helper.make_node("Add", [f"{name}.product", f"{name}.bias"], [name]),
    ]


def _norm(into: list[str], name: str, output: str) -> NodeProto:
    given = [*into, f"{name}.gain", f"{name}.bias"]
    if len(into) == 1:
        return helper.make_node("LayerNormalization", given, [output], axis=-1, epsilon=1e-12)
    return helper.make_node(
        "SkipLayerNormalization", given, [output], domain=_DOMAIN, epsilon=1e-12
    )


def _outside(model: PackedModel) -> list[TensorProto]:
    """Return each weight as a tensor of its shape whose numbers lie elsewhere."""
    found = []
    for name, value in initializers(model):
        kind = helper.np_dtype_to_tensor_dtype(value.dtype)
        tensor = TensorProto(
            name=name,
            data_type=kind,
            dims=value.shape,
            data_location=TensorProto.EXTERNAL,
        )
        for key, said in (("location", "weights"), ("offset", "0"), ("length", value.nbytes)):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, str(said)
        found.append(tensor)
    return found
