"""From a name in the settings to an embedder."""

from importlib import import_module
from typing import cast

from index.models.model_files import has_multilingual_model
from index.values.ports import Embedder

DEFAULT_EMBEDDER = "BAAI/bge-small-en-v1.5"
MULTILINGUAL_EMBEDDER = "intfloat/multilingual-e5-small"
HUB_PREFIX = "hub:"
# The embedders beside those of sentence-transformers, each as `module:Class`, imported when it is
# asked for. A new one is a file here and its line.
EMBEDDERS = {
    DEFAULT_EMBEDDER: "onnx:OnnxEmbedder",
    MULTILINGUAL_EMBEDDER: "multilingual:MultilingualEmbedder",
    "hash": "fake:HashEmbedder",
}


def open_embedder(name: str = DEFAULT_EMBEDDER, *, threads: int | None = None) -> Embedder:
    """Return the embedder of that name; its model is loaded at first use.

    `intfloat/multilingual-e5-small` is the multilingual model whose weights a dependency carries.
    `BAAI/bge-small-en-v1.5` is the int8 model that comes with the dependencies and needs no
    download; `hash` the offline double. Any other Hugging Face id, local folder or installed
    package that carries a model goes through sentence-transformers; `hub:` before an id says
    that the original weights are meant even where a bundled model has the same name.
    """
    known = EMBEDDERS.get(name)
    if known and (name != MULTILINGUAL_EMBEDDER or has_multilingual_model()):
        module, _, cls = known.partition(":")
        made = getattr(import_module(f".{module}", __package__), cls)(threads=threads)
        return cast("Embedder", made)
    from index.embedders.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name.removeprefix(HUB_PREFIX), threads=threads)


def open_multilingual(beside: str, *, threads: int | None = None) -> Embedder | None:
    """Return the model that embeds other languages than English beside an embedder of that name.

    None beside another than the default one, and where the package that carries it is missing.
    """
    if beside != DEFAULT_EMBEDDER or not has_multilingual_model():
        return None
    return open_embedder(MULTILINGUAL_EMBEDDER, threads=threads)
