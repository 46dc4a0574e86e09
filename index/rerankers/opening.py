"""From a name in the settings to a reranker or a span finder."""

from pathlib import Path

from index.values.ports import Reranker

DEFAULT_RERANKER = "citewell/span-finder"
MS_MARCO_MINILM = "cross-encoder/ms-marco-MiniLM-L-12-v2"
HUB_PREFIX = "hub:"


def open_reranker(name: str = DEFAULT_RERANKER, *, threads: int | None = None) -> Reranker | None:
    """Return the reading model of that name, or None for `none`; it is loaded at first use.

    The default is citewell's span finder; `overlap` the offline double; a path that ends in `.onnx`
    another span finder, as training exports it. Others order passages and mark no words: the int8
    cross-encoder that comes with the dependencies, and any Hugging Face id or folder through
    sentence-transformers. `hub:` before an id says that the original weights are meant even where
    a bundled model has the same name. Raises: ModelError for a file that cannot be read.
    """
    if name == "none":
        return None
    if name == DEFAULT_RERANKER:
        from index.span_finders.onnx import OnnxSpanFinder

        return OnnxSpanFinder(threads=threads)
    if name == "overlap":
        from index.span_finders.fake import OverlapSpanFinder

        return OverlapSpanFinder()
    if name.endswith(".onnx"):
        from index.span_finders.onnx import OnnxSpanFinder, spec_of_file

        return OnnxSpanFinder(spec_of_file(Path(name)), threads=threads)
    if name == MS_MARCO_MINILM:
        from index.rerankers.onnx import OnnxReranker

        return OnnxReranker(threads=threads)
    from index.rerankers.sentence_transformer import SentenceTransformerReranker

    return SentenceTransformerReranker(name.removeprefix(HUB_PREFIX))
