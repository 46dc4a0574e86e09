"""Rerankers: a query and texts to relevance."""

from index.ports import Reranker

DEFAULT_RERANKER = "cross-encoder/ms-marco-MiniLM-L-12-v2"
HUB_PREFIX = "hub:"


def open_reranker(name: str = DEFAULT_RERANKER, *, threads: int | None = None) -> Reranker | None:
    """Return the reranker of that name, or None for `none`; its model is loaded at first use.

    The default is the int8 model that comes with the dependencies; `overlap` the offline double.
    Any other Hugging Face id or folder goes through sentence-transformers; `hub:` before an id
    says that the original weights are meant even where a bundled model has the same name.
    """
    if name == "none":
        return None
    if name == DEFAULT_RERANKER:
        from index.rerankers.onnx import OnnxReranker

        return OnnxReranker(threads=threads)
    if name == "overlap":
        from index.rerankers.fake import OverlapReranker

        return OverlapReranker()
    from index.rerankers.sentence_transformer import SentenceTransformerReranker

    return SentenceTransformerReranker(name.removeprefix(HUB_PREFIX))
