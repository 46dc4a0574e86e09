"""From a name in the settings to an embedder."""

from index.values.ports import Embedder

DEFAULT_EMBEDDER = "BAAI/bge-small-en-v1.5"
HUB_PREFIX = "hub:"


def open_embedder(name: str = DEFAULT_EMBEDDER, *, threads: int | None = None) -> Embedder:
    """Return the embedder of that name; its model is loaded at first use.

    `BAAI/bge-small-en-v1.5` is the int8 model that comes with the dependencies and needs no
    download; `hash` the offline double. Any other Hugging Face id, local folder or installed
    package that carries a model goes through sentence-transformers; `hub:` before an id says
    that the original weights are meant even where a bundled model has the same name.
    """
    if name == DEFAULT_EMBEDDER:
        from index.embedders.onnx import BGE_SMALL_EN, OnnxEmbedder

        return OnnxEmbedder(BGE_SMALL_EN, threads=threads)
    if name == "hash":
        from index.embedders.fake import HashEmbedder

        return HashEmbedder()
    from index.embedders.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name.removeprefix(HUB_PREFIX), threads=threads)
