"""An ONNX model with its tokenizer: token ids in, the first output out, one input at a time."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError
from corpus.ids import Fingerprint, fingerprint_of
from index.models.model_files import ModelFile
from index.values.ports import FloatMatrix

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer


def default_threads() -> int:
    """Return the number of inputs to run side by side: the cores, at most two."""
    return min(2, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: "Future[InferenceSession]"
    tokenizer: "Future[Tokenizer]"
    pool: ThreadPoolExecutor


class OnnxModel:
    """A lazily loaded session and tokenizer, safe for use from several threads.

    Inputs run one at a time without padding, `threads` of them side by side. An int8 model
    quantises its activations over the whole batch, so an output would depend on its batch mates
    (cosine 0.988 to 0.995 to the same text alone); alone it is reproducible, and as fast.
    """

    def __init__(self, model: ModelFile, tokenizer: ModelFile, *, threads: int | None) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._threads = threads or default_threads()
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def warm(self) -> None:
        """Start loading in the background; return at once."""
        self._load()

    @property
    def tokenizer(self) -> "Tokenizer":
        """The tokenizer, without truncation and padding. Raises ModelError."""
        return self._load().tokenizer.result()

    def run(self, encodings: Sequence["Encoding"]) -> list[FloatMatrix]:
        """Return the model's first output for each encoding, the batch axis removed.

        Raises: ModelError if the model cannot be loaded or fails.
        """
        return [outputs[0] for outputs in self.run_all(encodings)]

    def run_all(self, encodings: Sequence["Encoding"]) -> list[tuple[FloatMatrix, ...]]:
        """Return all outputs for each encoding, in the model's order. Otherwise as `run`."""
        loaded = self._load()
        session = loaded.session.result()
        if len(encodings) == 1:
            return [_run(session, encodings[0])]
        return list(loaded.pool.map(lambda encoding: _run(session, encoding), encodings))

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                # Loading needs two threads to overlap; running is limited by its own pool.
                loading = ThreadPoolExecutor(2, thread_name_prefix="citewell-load")
                self._loaded = _Loaded(
                    loading.submit(_open_session, self._model),
                    loading.submit(_open_tokenizer, self._tokenizer),
                    ThreadPoolExecutor(self._threads, thread_name_prefix="citewell-onnx"),
                )
                loading.shutdown(wait=False)
            return self._loaded


@dataclass(frozen=True, slots=True)
class OnnxFiles:
    """The files of a model and its name; what is made of its outputs is added by each use."""

    name: str
    model: ModelFile
    tokenizer: ModelFile


class OnnxTool:
    """What embedder, reranker and span finder share: a name, a fingerprint, lazy loading."""

    def __init__(self, files: OnnxFiles, *, threads: int | None) -> None:
        self._files = files
        self._model = OnnxModel(files.model, files.tokenizer, threads=threads)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._files.name

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Over the files' checksums and the settings."""
        settings = asdict(self._files)
        settings["model"] = self._files.model.sha256
        settings["tokenizer"] = self._files.tokenizer.sha256
        return fingerprint_of(settings)

    def warm(self) -> None:
        """Start loading in the background; return at once."""
        self._model.warm()


def onnx_errors() -> tuple[type[Exception], ...]:
    """Return the dozen exception classes of onnxruntime, which have no root of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    classes = [value for value in vars(state).values() if isinstance(value, type)]
    return tuple(value for value in classes if issubclass(value, Exception))


def _open_session(file: ModelFile) -> "InferenceSession":
    import onnxruntime

    content = file.read()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except onnx_errors() as error:
        raise ModelError(
            f"onnxruntime {onnxruntime.__version__} cannot load {file.locate()}: {error}"
        ) from error


def _open_tokenizer(file: ModelFile) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(file.read().decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _run(session: "InferenceSession", encoding: "Encoding") -> tuple[FloatMatrix, ...]:
    given = {
        "input_ids": encoding.ids,
        "attention_mask": encoding.attention_mask,
        "token_type_ids": encoding.type_ids,
    }
    wanted = [node.name for node in session.get_inputs()]
    try:
        outputs = session.run(
            None, {name: np.array([given[name]], dtype=np.int64) for name in wanted}
        )
    except onnx_errors() as error:
        raise ModelError(f"the model failed on {len(encoding.ids)} tokens: {error}") from error
    return tuple(np.asarray(output[0], dtype=np.float32) for output in outputs)
