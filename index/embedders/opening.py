"""From a name in the settings to an embedder."""

from index.models.model_files import has_multilingual_model
from index.values.ports import Embedder

DEFAULT_EMBEDDER = "BAAI/bge-small-en-v1.5"
MULTILINGUAL_EMBEDDER = "intfloat/multilingual-e5-small"
HUB_PREFIX = "hub:"


def open_embedder(name: str = DEFAULT_EMBEDDER, *, threads: int | None = None) -> Embedder:
    """Return the embedder of that name; its model is loaded at first use.

    `intfloat/multilingual-e5-small` is the multilingual model whose weights a dependency carries.
    `BAAI/bge-small-en-v1.5` is the int8 model that comes with the dependencies and needs no
    download; `hash` the offline double. Any other Hugging Face id, local folder or installed
    package that carries a model goes through sentence-transformers; `hub:` before an id says
    that the original weights are meant even where a bundled model has the same name.
    """
    if name == DEFAULT_EMBEDDER:
        from index.embedders.onnx import BGE_SMALL_EN, OnnxEmbedder

        return OnnxEmbedder(BGE_SMALL_EN, threads=threads)
    if name == MULTILINGUAL_EMBEDDER and has_multilingual_model():
        from index.embedders.multilingual import MultilingualEmbedder

        return MultilingualEmbedder(threads=threads)
    if name == "hash":
        from index.embedders.fake import HashEmbedder

        return HashEmbedder()
    from index.embedders.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name.removeprefix(HUB_PREFIX), threads=threads)


def open_multilingual(beside: str, *, threads: int | None = None) -> Embedder | None:
    """Return the model that embeds other languages than English beside an embedder of that name.

    None beside another than the default one, and where the package that carries it is missing.
    """
    if beside != DEFAULT_EMBEDDER or not has_multilingual_model():
        return None
    return open_embedder(MULTILINGUAL_EMBEDDER, threads=threads)
