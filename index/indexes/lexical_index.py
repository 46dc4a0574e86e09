"""BM25 over the chunks' context and search text, with tantivy."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from corpus.errors import InputError, SnapshotError
from index.indexes.analysing import ENGLISH, english_chain, indexed_as, words_of
from index.values.ports import FloatVector, RowMask, Rows
from index.values.snapshot_settings import LexicalSettings

DocumentRows = npt.NDArray[np.int32]

_ANALYZER = "citewell_english"
_WRITER_BYTES = 512_000_000
_TIES = 16
_LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")


@dataclass(frozen=True, slots=True)
class LexicalRow:
    """What is indexed of one chunk; `document` is the position in the snapshot's documents.

    The context is indexed twice: with the text, as one passage, and by itself. `language` is the
    one by which both are analysed.
    """

    context: str
    text: str
    document: int
    language: str = ENGLISH


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True)
    for field in ("text", "context"):
        builder.add_text_field(field, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class TantivyIndex:
    """A BM25 index on disk, memory-mapped. Safe for searching from several threads.

    k1 is 1.2 and b 0.75, in Lucene's form; field lengths are kept in one byte, as in Lucene.

    *Source:* Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009;
    Kamphuis et al., Which BM25 Do You Mean?, ECIR 2020 (the form of Lucene).
    """

    def __init__(
        self,
        index: tantivy.Index,
        documents: DocumentRows,
        settings: LexicalSettings,
        languages: Sequence[str],
    ) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._documents = documents
        self._settings = settings
        self._languages = tuple(languages)

    @classmethod
    def open(
        cls,
        folder: Path,
        documents: DocumentRows,
        settings: LexicalSettings | None = None,
        languages: Sequence[str] = (ENGLISH,),
    ) -> "TantivyIndex":
        """Return the index of a folder; `documents` is each row's document, (n,).

        `languages` are those by which its rows were analysed.

        Raises: SnapshotError if the folder holds no index of these rows.
        """
        try:
            index = _open_anywhere(folder)
            found = index.searcher().num_docs
        except (ValueError, OSError) as error:
            raise SnapshotError(f"tantivy cannot read {folder}: {error}; build it again") from error
        if found != len(documents):
            raise SnapshotError(
                f"{folder} holds {found} rows, expected {len(documents)}; build it again"
            )
        return cls(index, documents, settings or LexicalSettings(), languages)

    def search(
        self, query: str, limit: int, allowed: RowMask | None = None
    ) -> tuple[Rows, FloatVector]:
        """Return at most `limit` rows that share a word with the query, best first, ties by row.

        A repeated word of the query counts as often as it stands there. No character has a
        meaning beyond its word: the query is analysed as the text was.
        """
        if limit < 1:
            raise InputError(f"the number of results is {limit}, expected 1 or more")
        words = self._words_query(query)
        if words is None or (allowed is not None and not allowed.any()):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        restricted = self._restrict(words, allowed)
        wanted = limit + _TIES
        while True:
            rows, scores = self._best(restricted, wanted)
            # Go on until the cut does not fall among equals.
            if len(rows) < wanted or scores[limit - 1] > scores[-1]:
                return rows[:limit], scores[:limit]
            wanted *= 2

    def search_similar(
        self, word: str, edits: int, limit: int, allowed: RowMask | None = None
    ) -> Rows:
        """Return at most `limit` rows that hold a word up to `edits` letters away, 1 or 2."""
        forms = {form for _, ways in words_of(word, self._languages) for form in ways}
        near = [
            (
                tantivy.Occur.Should,
                tantivy.Query.fuzzy_term_query(self._schema, "text", form, distance=edits),
            )
            for form in sorted(forms)
        ]
        if not near or (allowed is not None and not allowed.any()):
            return np.empty(0, dtype=np.int64)
        return self._best(self._restrict(tantivy.Query.boolean_query(near), allowed), limit)[0]

    def _words_query(self, query: str) -> tantivy.Query | None:
        words = Counter(forms for _, forms in words_of(query, self._languages))
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for forms, count in words.items():
            ways = [self._clauses(form, count) for form in forms]
            if len(ways) > 1:
                # One word in several languages counts once, in the one where it counts most.
                best = tantivy.Query.disjunction_max_query(
                    [tantivy.Query.boolean_query(way) for way in ways]
                )
                ways = [[(tantivy.Occur.Should, best)]]
            clauses += [clause for way in ways for clause in way]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def _clauses(self, form: str, count: int) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        boosts = {"text": 1.0, "context": self._settings.context_boost}
        return [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, field, form), boost * count
                ),
            )
            for field, boost in boosts.items()
            if boost > 0
        ]

    def _restrict(self, words: tantivy.Query, allowed: RowMask | None) -> tantivy.Query:
        if allowed is None or allowed.all():
            return words
        field, values = self._allowed_values(allowed)
        # A constant score of 0: the filter decides what is found, not how it is ranked.
        chosen = tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, field, values.tolist()), 0.0
        )
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, chosen), (tantivy.Occur.Must, words)]
        )

    def _allowed_values(self, allowed: RowMask) -> tuple[str, npt.NDArray[np.integer]]:
        """Return whole documents where the mask is made of such, rows otherwise."""
        inside = np.unique(self._documents[allowed])
        outside = np.unique(self._documents[~allowed])
        if np.intersect1d(inside, outside, assume_unique=True).size == 0:
            return "document", inside
        return "row", np.flatnonzero(allowed)

    def _best(self, query: tantivy.Query, wanted: int) -> tuple[Rows, FloatVector]:
        hits = self._searcher.search(query, wanted, count=False).hits
        found = self._searcher.fast_field_values("row", [address for _, address in hits])
        rows = np.array(found, dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


def _open_anywhere(folder: Path) -> tantivy.Index:
    """Return the index, from a copy where the folder cannot be written.

    tantivy 0.27 takes a lock file even to read. The copy is removed at once: its files are mapped.
    """
    if os.access(folder, os.W_OK):
        return _open(folder)
    with tempfile.TemporaryDirectory(prefix="citewell-lexical-") as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        return _open(Path(copy))


def _open(folder: Path) -> tantivy.Index:
    index = tantivy.Index.open(str(folder))
    # No watcher thread: a snapshot never changes.
    index.config_reader(reload_policy="manual")
    index.register_tokenizer(_ANALYZER, english_chain())
    index.reload()
    return index


def write_lexical_index(folder: Path, rows: Iterable[LexicalRow]) -> None:
    """Write an index of the rows, in order, into an empty folder.

    One writer thread and, up to about 200,000 chunks, one segment.

    Raises: SnapshotError, as when the disk is full.
    """
    try:
        index = tantivy.Index(_schema(), path=str(folder), reuse=False)
        index.register_tokenizer(_ANALYZER, english_chain())
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for number, row in enumerate(rows):
            document = tantivy.Document()
            document.add_unsigned("row", number)
            document.add_unsigned("document", row.document)
            text = f"{row.context}\n{row.text}"
            document.add_text("text", indexed_as(text, row.language))
            document.add_text("context", indexed_as(row.context, row.language))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    except (ValueError, OSError) as error:
        raise SnapshotError(f"tantivy cannot write {folder}: {error}") from error
    for lock in _LOCKS:
        (folder / lock).unlink(missing_ok=True)
