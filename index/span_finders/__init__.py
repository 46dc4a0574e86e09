"""Span finders: a question and passages to the words that answer."""

from pathlib import Path

from index.ports import SpanFinder

DEFAULT_SPAN_FINDER = "citewell/span-finder"


def open_span_finder(
    name: str = DEFAULT_SPAN_FINDER, *, threads: int | None = None
) -> SpanFinder | None:
    """Return the span finder of that name, or None for `none`; its model is loaded at first use.

    The default is the int8 model that comes with citewell; `overlap` the offline double; a path
    that ends in `.onnx` another model of the same making, as training exports it.
    Raises: SettingsError for another name, ModelError for a file that cannot be read.
    """
    if name == "none":
        return None
    if name == DEFAULT_SPAN_FINDER:
        from index.span_finders.onnx import OnnxSpanFinder

        return OnnxSpanFinder(threads=threads)
    if name == "overlap":
        from index.span_finders.fake import OverlapSpanFinder

        return OverlapSpanFinder()
    if name.endswith(".onnx"):
        from index.span_finders.onnx import OnnxSpanFinder, spec_of_file

        return OnnxSpanFinder(spec_of_file(Path(name)), threads=threads)
    from corpus.errors import SettingsError

    raise SettingsError(
        f"the span finder is {name!r}, expected {DEFAULT_SPAN_FINDER!r}, 'overlap', 'none' or a "
        "file that ends in .onnx"
    )
