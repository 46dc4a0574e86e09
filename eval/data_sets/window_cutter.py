"""Documents cut at the embedder's window, as most published figures have them."""

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageSpan
from corpus.ids import chunk_id_of
from index.values.ports import TokenizerSpec


class WindowCutter:
    """Cuts by the embedder's own tokens, special tokens included."""

    def __init__(self, tokenizer: TokenizerSpec) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_str(tokenizer.tokenizer_json)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(tokenizer.window_tokens)

    def first_window(self, document: Document, page: Page) -> Chunk:
        """Return the document's only chunk: title and text up to the last token of the window."""
        before = f"{document.title}\n" if document.title else ""
        read = self._tokenizer.encode(before + page.text)
        last = max(end for _, end in read.offsets) - len(before)
        text = page.text[: max(last, 1)]
        return Chunk(
            chunk_id=chunk_id_of(document.doc_id, ((page.number, 0, len(text)),), text),
            doc_id=document.doc_id,
            ordinal=0,
            spans=(PageSpan(page.number, 0, len(text)),),
            text=text,
            sentences=((0, len(text)),),
            search_text=text,
            context=document.title,
        )
